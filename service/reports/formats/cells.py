"""Texts that a spreadsheet may open: none becomes a formula, whatever separates the cells."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

_FORMULA = re.compile(r"(?:^|(?<=[;,|\t\r\n]))([ \xa0\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""
Where a formula would begin: at the start of a cell, and after whatever another program may take for a separator, also
behind blanks and quotes; the full-width twins of the signs count as well. Source: OWASP, CSV injection.
"""

_CONTROLS = ("\t", "\r", "\n")
"""What some programs drop from the start of a cell."""


def harmless(text: str) -> str:
    """
    Return a text in which a spreadsheet finds no formula: an apostrophe stands where one would begin.

    >>> harmless("=1+1"), harmless("a;=1+1;b"), harmless("C-3PO")
    ("'=1+1", "a;'=1+1;b", 'C-3PO')
    """
    text = _FORMULA.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_CONTROLS) else text


def are_harmless(texts: Sequence[str]) -> bool:
    """Whether none of some texts has to be changed; asked of all of a line's cells at once, because few have."""
    return not _FORMULA.search("\n".join(texts)) and not any(text.startswith(_CONTROLS) for text in texts)


def time_text(moment: datetime) -> str:
    """Return a time in ISO 8601, in UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
