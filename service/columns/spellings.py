"""
The short way to a canonical value in SQL, for spellings that case and separators alone tell from it.

Every other spelling is kept as written behind a blank, with which no canonical value begins, and goes to the definition
(`matching.values`) in `service.columns.meanings`. Tests hold the short way to the definition.
"""

from collections.abc import Sequence

from matching.model import Kind

WRITTEN = " "
"""What stands before a text that is kept as written."""

_HEX = "[0-9A-Fa-f]"
_DASHED = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"


def _guid(text: str, swapped: Sequence[tuple[int, int]]) -> str:
    """Return the SQL of a GUID's key, of a text and the (start, length) of its digits in the other byte order."""
    other = ", ".join(f"substr({text}, {start}, {length})" for start, length in swapped)
    return f"least(upper(replace({text}, '-', '')), upper(concat({other})))"


_FIRST = (7, 2), (5, 2), (3, 2), (1, 2)
_OF_DASHED = *_FIRST, (12, 2), (10, 2), (17, 2), (15, 2), (20, 4), (25, 12)
_OF_DIGITS = *_FIRST, (11, 2), (9, 2), (15, 2), (13, 2), (17, 16)

_FORMS: dict[Kind, Sequence[tuple[int, str, str]]] = {
    Kind.BIOS_GUID: (
        (36, _DASHED, _guid("{text}", _OF_DASHED)),
        (38, rf"\{{{_DASHED}\}}", _guid("substr({text}, 2, 36)", _OF_DASHED)),
        (32, f"{_HEX}{{32}}", _guid("{text}", _OF_DIGITS)),
    ),
    Kind.SERIAL: ((256, "[0-9A-Za-z]+|[0-9]+(?:-[0-9]+)+", "upper({text})"),),
    Kind.MAC: (
        (17, f"(?:{_HEX}{{2}}:){{5}}{_HEX}{{2}}", "lower(replace({text}, ':', ''))"),
        (17, f"(?:{_HEX}{{2}}-){{5}}{_HEX}{{2}}", "lower(replace({text}, '-', ''))"),
        (12, f"{_HEX}{{12}}", "lower({text})"),
        (14, rf"{_HEX}{{4}}\.{_HEX}{{4}}\.{_HEX}{{4}}", "lower(replace({text}, '.', ''))"),
    ),
    Kind.HOSTNAME: ((63, r"[0-9A-Za-z_-]*[A-Za-z][0-9A-Za-z_-]*(?:\..*)?", "lower(split_part({text}, '.', 1))"),),
}
"""Kind -> the spellings: the most characters, a regular expression, and the SQL of the canonical value."""


def sql_value(kind: Kind, column: str) -> str:
    """Return the SQL of what a column of texts says: the canonical value, or the text as written behind a blank."""
    cases = " ".join(
        f"WHEN strlen({column}) <= {longest} AND regexp_full_match({column}, '{form}') THEN {value.format(text=column)}"
        for longest, form, value in _FORMS[kind]
    )
    return f"CASE {cases} ELSE '{WRITTEN}' || {column} END"
