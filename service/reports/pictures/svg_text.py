"""Text in an SVG: safe whatever a provider wrote, and of a width that is known before a browser draws it."""

import unicodedata
from xml.sax.saxutils import escape

FONT = 'font-family="ui-monospace, Menlo, Consolas, monospace"'
"""All letters of it are equally wide, so that texts can be placed."""

CELL = 0.62
"""Width of a letter, in its height."""

STRANGE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
"""Categories of characters that are not drawn, turn the direction of writing, or are not allowed in XML."""


def svg_safe(text: str) -> str:
    """Return a text as it may stand in an element or an attribute of an SVG; what cannot be drawn is replaced."""
    drawn = "".join("\ufffd" if unicodedata.category(each) in STRANGE else each for each in text)
    return escape(drawn, {'"': "&quot;", "'": "&#39;"})


def cells(text: str) -> int:
    """Return how many letters wide a text is; a wide one, as in Chinese, counts twice."""
    return sum(map(_width, text))


def shortened(text: str, most: int) -> str:
    """Return a text that is at most so many letters wide: the beginning and the end of a longer one."""
    if cells(text) <= most:
        return text
    start, end = 0, len(text)
    while True:
        longer = (start + 1, end) if cells(text[:start]) <= cells(text[end:]) else (start, end - 1)
        if cells(text[: longer[0]]) + cells(text[longer[1] :]) >= most:
            return f"{text[:start]}\u2026{text[end:]}"
        start, end = longer


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
