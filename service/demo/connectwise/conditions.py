"""
The `conditions` language: parses the text into a predicate of one row.

    either     = both { "or" both }
    both       = one { "and" one }
    one        = "(" either ")" | comparison
    comparison = field [ "not" ] ( operator value | "in" "(" value { "," value } ")" )
    operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "like"
    value      = "text" | 'text' | number | [date] | true | false | null

Keywords are recognised in any case, and text compares without regard to case. As in SQL, a comparison with an absent
value is never true, not even with `!=` or `not`; only `= null` and `!= null` test for absence.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from service.demo.connectwise.schema import ApiRow, FieldKind, Schema, comparable, moment

Predicate = Callable[[ApiRow], bool]

# Far more than anybody writes by hand, and far below the interpreter's limit of recursion.
DEEPEST = 50

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<date>\[[^\[\]]*\])
      | (?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![0-9]))
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*(?:/[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<symbol>[<>!]=|[<>=(),])""",
    re.VERBOSE,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z?)?")
_CONSTANTS = {"true": True, "false": False}
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EQUAL: dict[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "!=": operator.ne}


class BadConditions(ValueError):
    """The text does not parse; the message says where and why."""


class Token(NamedTuple):
    """A piece of the text: its kind, its characters, and the number of characters before it."""

    kind: str
    text: str
    at: int


class Literal(NamedTuple):
    """A literal in comparable form; kind None is `null`."""

    kind: FieldKind | None
    content: Any


def parse(text: str, schema: Schema) -> Predicate:
    """
    Return the predicate that the text describes, for rows of this record type.

    Raises:
        BadConditions: The text does not parse, names no field of the type, or compares a field with a value of another
            kind.
    """
    parser = _Parser(text, schema)
    condition = parser.either(0)
    parser.end()
    return condition


def like(pattern: str, text: str) -> bool:
    """
    Tell whether the text fits the pattern, in which `*` and `%` stand for any characters.

    Complexity: linear in the text for each piece between wildcards, without the backtracking of a regular
    expression.
    """
    first, *pieces = re.split(r"[*%]", pattern)
    if not pieces:
        return text == first
    last = pieces.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in pieces:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


_TEXT_ONLY: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "like": lambda text, pattern: like(pattern, text),
}
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {**_ORDERED, **_EQUAL, **_TEXT_ONLY}


class _Parser:
    """Recursive descent with one token of look-ahead; one method for each rule of the grammar."""

    def __init__(self, text: str, schema: Schema) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens)
        self._schema = schema

    def either(self, depth: int) -> Predicate:
        parts = [self._both(depth)]
        while self._took("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else lambda row: any(part(row) for part in parts)

    def end(self) -> None:
        if self._next.kind != "end":
            raise self._unexpected("'and', 'or' or the end")

    def _both(self, depth: int) -> Predicate:
        parts = [self._one(depth)]
        while self._took("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else lambda row: all(part(row) for part in parts)

    def _one(self, depth: int) -> Predicate:
        if not self._took("("):
            return self._comparison()
        if depth == DEEPEST:
            raise BadConditions(f"more than {DEEPEST} brackets inside each other")
        inside = self.either(depth + 1)
        self._expect(")")
        return inside

    def _comparison(self) -> Predicate:
        field = self._take("word", "a field")
        kind = self._schema.kind_of(field)
        if kind is None:
            raise BadConditions(f"{field!r} is no field that can be compared")
        negated = self._took("not")
        test = self._in_list(kind) if self._took("in") else self._simple(kind)

        def holds(row: ApiRow) -> bool:
            return test(comparable(row, field, kind))

        return (lambda row: _present(row, field, kind) and not holds(row)) if negated else holds

    def _simple(self, kind: FieldKind) -> Callable[[Any], bool]:
        sign = self._next.text.lower()
        if sign not in _OPERATORS:
            raise self._unexpected("an operator")
        self._advance()
        value = self._value()
        if value.kind is None and sign in _EQUAL:
            return lambda content: (content is None) == (sign == "=")
        _check(kind, sign, value)
        compare = _OPERATORS[sign]
        return lambda content: content is not None and compare(content, value.content)

    def _in_list(self, kind: FieldKind) -> Callable[[Any], bool]:
        self._expect("(")
        members = [self._member(kind)]
        while self._took(","):
            members.append(self._member(kind))
        self._expect(")")
        return frozenset(members).__contains__

    def _member(self, kind: FieldKind) -> Any:
        value = self._value()
        _check(kind, "in", value)
        return value.content

    def _value(self) -> Literal:
        token = self._next
        constant = token.text.lower() if token.kind == "word" else ""
        if token.kind not in _LITERALS and constant not in {"true", "false", "null"}:
            raise self._unexpected("a value; text stands in single or double quotes")
        self._advance()
        if token.kind in _LITERALS:
            return _LITERALS[token.kind](token.text)
        return Literal(None, None) if constant == "null" else Literal(FieldKind.FLAG, _CONSTANTS[constant])

    def _advance(self) -> None:
        self._next = next(self._tokens)

    def _took(self, text: str) -> bool:
        """Step over this keyword or symbol if it is next."""
        if self._next.kind not in {"word", "symbol"} or self._next.text.lower() != text:
            return False
        self._advance()
        return True

    def _expect(self, text: str) -> None:
        if not self._took(text):
            raise self._unexpected(repr(text))

    def _take(self, kind: str, what: str) -> str:
        token = self._next
        if token.kind != kind:
            raise self._unexpected(what)
        self._advance()
        return token.text

    def _unexpected(self, wanted: str) -> BadConditions:
        found = repr(self._next.text[:40]) if self._next.text else "the end"
        return BadConditions(f"{wanted} expected at character {self._next.at + 1}, found {found}")


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadConditions(f"cannot be read from character {at + 1} on: {text[at : at + 40]!r}")
        if match.lastgroup != "blank":
            yield Token(str(match.lastgroup), match.group(), at)
        at = match.end()
    yield Token("end", "", at)


def _present(row: ApiRow, field: str, kind: FieldKind) -> bool:
    return comparable(row, field, kind) is not None


def _check(kind: FieldKind, sign: str, value: Literal) -> None:
    if value.kind is not kind:
        given = "null" if value.kind is None else value.kind.value
        raise BadConditions(f"a field that holds {kind.value} cannot be compared with {given} by {sign!r}")
    if (kind is FieldKind.FLAG and sign in _ORDERED) or (kind is not FieldKind.TEXT and sign in _TEXT_ONLY):
        raise BadConditions(f"{sign!r} does not compare {kind.value}")


def _text(token: str) -> Literal:
    """Read a quoted text; inside it an opening bracket is written `[[]`, as in a LIKE of SQL Server."""
    content = token[1:-1]
    if "[" in content.replace("[[]", ""):
        raise BadConditions("an opening bracket inside text is written [[]")
    return Literal(FieldKind.TEXT, content.replace("[[]", "[").casefold())


def _number(token: str) -> Literal:
    return Literal(FieldKind.NUMBER, float(token) if "." in token else int(token))


def _date(token: str) -> Literal:
    read = moment(token[1:-1]) if _DATE.fullmatch(token[1:-1]) else None
    if read is None:
        raise BadConditions(f"{token[:40]!r} is no date such as [2026-10-30T08:00:00Z]")
    return Literal(FieldKind.DATE, read)


_LITERALS: dict[str, Callable[[str], Literal]] = {"text": _text, "number": _number, "date": _date}
