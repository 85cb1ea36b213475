r"""
The form of an ordinary line, as a regular expression that DuckDB (RE2) and Python understand alike.

It is so narrow that nobody can read a line of it in two ways: an object whose members have the types that the feed
record gives them; any other member is a text, a short number, a truth value or a list of texts. Nothing is said about
lines of another form, and a member that comes twice is looked for elsewhere.

Names have no `\u`, by which one could be written in two ways, and texts none that is a control character or half of a
surrogate pair. Byte 7F stands for what is no UTF-8 (`service.columns.lines`).
"""

from collections.abc import Collection

_ESCAPE = r'\\["\\/bfnrt]'
_HEX = "[0-9A-Fa-f]"
_CODE = rf"\\u(?:0[1-9A-Fa-f]{_HEX}{{2}}|00[2-9A-Fa-f]{_HEX}|[1-9A-CE-Fa-ce-f]{_HEX}{{3}}|[dD][0-7]{_HEX}{{2}})"
_PLAIN = r'^"\\\x00-\x1f\x7f'
_NAME = rf"(?:[{_PLAIN}]|{_ESCAPE})*"
_LETTERS = rf"(?:[{_PLAIN}]|{_ESCAPE}|{_CODE})*"
_TEXT = f'"{_LETTERS}"'
_NO_LIST = rf'"(?:(?:[{_PLAIN}\[]|{_ESCAPE}){_LETTERS})?"'
_PROVIDER = '"[A-Za-z0-9_-][A-Za-z0-9_.-]*"'
_ID = r'"[!#-\[\]-~](?:[ !#-\[\]-~]*[!#-\[\]-~])?"'
_LINK = rf'\{{(?:"provider": ?{_PROVIDER}, ?"id": ?{_ID}|"id": ?{_ID}, ?"provider": ?{_PROVIDER})\}}'

TEXT_MEMBERS = ("bios_guid", "hostname", "name", "company_id", "company", "type", "manufacturer", "model", "status")
"""Members that are read as texts, besides the provider and the id."""


def _list_of(item: str) -> str:
    return rf"\[(?:{item}(?:, ?{item})*)?\]"


def _other_than(names: Collection[str]) -> str:
    """Return the regular expression of all names but these, which are of letters and `_`."""
    first = sorted({name[0] for name in names if name})
    longer = [f"{letter}{_other_than([name[1:] for name in names if name[:1] == letter])}" for letter in first]
    longer.append(f"(?:[{_PLAIN}{''.join(first)}]|{_ESCAPE}){_NAME}")
    return f"(?:{'|'.join(longer)}){'' if '' in names else '?'}"


_VALUES = {
    "provider": _PROVIDER,
    "id": _ID,
    **dict.fromkeys(TEXT_MEMBERS, f"(?:{_TEXT}|null)"),
    "serial": rf"(?:{_NO_LIST}|{_list_of(_TEXT)}|null)",  # a text that begins like a list would be read as one
    "macs": rf"(?:{_list_of(_TEXT)}|null)",
    "links": rf"(?:{_list_of(_LINK)}|null)",
    "active": "(?:true|false|null)",
}
_OTHER_VALUE = rf"(?:{_TEXT}|{_list_of(_TEXT)}|-?(?:0|[1-9][0-9]{{0,15}})(?:\.[0-9]{{1,15}})?|true|false|null)"
_MEMBERS = (*(f'"{name}": ?{value}' for name, value in _VALUES.items()), f'"{_other_than(_VALUES)}": ?{_OTHER_VALUE}')
_MEMBER = f"(?:{'|'.join(_MEMBERS)})"

ORDINARY_LINE = rf"\{{{_MEMBER}(?:, ?{_MEMBER})*\}}[ \r]*"
"""All of an ordinary line."""
