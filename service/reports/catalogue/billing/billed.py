"""
Read the list of billed quantities: a CSV file as an accounting program or a spreadsheet writes it.

Names of columns, separators, encodings and numbers are taken as they come. What cannot be read is told line by line:
an invoice that is compared in part looks like one that is wrong.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from service.core.errors import MalformedBody
from service.reports.catalogue.billing.numbers import read_number

SEPARATORS = ",;\t"

MOST_BEFORE = 20
"""Lines that may stand before the one that names the columns, such as a title."""

LARGEST = 8 * 1024 * 1024
"""Bytes of a list."""

MOST_LINES = 100_000
"""Lines of a list, also empty ones; each customer and product needs one."""

LONGEST_NAME = 500
"""Characters of the name of a customer or product."""

LONGEST_EXCERPT = 100
"""Characters of a line that is repeated where it cannot be read."""

COLUMNS: Mapping[str, Sequence[str]] = {
    "company": (
        *("company", "company name", "customer", "customer name", "client", "client name", "account", "account name"),
        *("organization", "organization name", "organisation", "organisation name", "bill to", "kunde", "firma"),
    ),
    "product": (
        *("product", "product name", "item", "item name", "service", "service name", "addition", "sku", "product id"),
        *("line item", "description", "type", "artikel", "produkt"),
    ),
    "quantity": (
        *("quantity", "qty", "billed quantity", "billed qty", "billed", "quantity billed", "units", "count"),
        *("number", "menge", "anzahl"),
    ),
    "price": ("price", "unit price", "price per unit", "rate", "unit rate", "list price", "preis", "einzelpreis"),
}
"""What a column may be named, without case, blanks and punctuation; of several the first one here counts."""

NEEDED = ("company", "product", "quantity")


@dataclass(frozen=True)
class BilledLine:
    """
    What one line bills; `line` is its number in the file, counted from 1, and `price` is that of one unit.

    Of an agreement it is an addition: `line` is its id, and `company_ref` names the company as `provider:company_id`.
    """

    line: int
    company: str
    product: str
    quantity: Decimal
    price: Decimal | None = None
    company_ref: str | None = None


@dataclass(frozen=True)
class UnreadLine:
    """A line that cannot be read: its number, why, how it begins, and where it stands if not in a file."""

    line: int
    reason: str
    excerpt: str
    place: str | None = None


@dataclass(frozen=True)
class BilledList:
    """
    What was billed, and the lines of which nothing is known.

    `is_agreed`: it is all that agreements bill, of which much is no device.
    """

    lines: tuple[BilledLine, ...]
    unread: tuple[UnreadLine, ...] = ()
    is_agreed: bool = False


def read_billed(content: bytes) -> BilledList:
    """
    Return what a file bills; empty lines are left out, and all others are read or told.

    The separator is the comma, semicolon or tab by which the columns are found.

    Raises:
        MalformedBody: It is no text, no line names a column each for customer, product and quantity, or it is too long.
    """
    if len(content) > LARGEST:
        raise MalformedBody(f"the list of billed quantities has more than {LARGEST:,} bytes")
    text = billed_text(content)
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise MalformedBody(f"the list of billed quantities has more than {MOST_LINES:,} lines")
    heading = _heading(text)
    lines: list[BilledLine] = []
    unread: list[UnreadLine] = []
    for number, row in _rows(text, heading.separator):
        if number == heading.line:
            continue
        try:
            lines.append(heading.read(number, row))
        except UnreadableLine as error:
            unread.append(UnreadLine(number, str(error), _excerpt(row, heading.separator)))
    return BilledList(tuple(lines), tuple(unread))


class UnreadableLine(Exception):
    """Why a line cannot be read."""


_Row = Sequence[str] | UnreadableLine
"""The cells of a row, or why there are none."""


@dataclass(frozen=True)
class _Heading:
    """The line that names the columns: its number, what separates them, and the place of each that is needed."""

    line: int
    separator: str
    width: int
    places: Mapping[str, int]

    def read(self, number: int, row: _Row) -> BilledLine:
        """Read a row. Raises: UnreadableLine."""
        if isinstance(row, UnreadableLine):
            raise row
        if number < self.line:
            raise UnreadableLine("it stands before the names of the columns")
        if any(cell.strip() for cell in row[self.width :]):
            raise UnreadableLine(f"it has {len(row)} cells, and there are {self.width} columns: is a name not quoted?")
        cells = {name: row[place].strip() for name, place in self.places.items() if place < len(row)}
        for name in NEEDED:
            if not cells.get(name):
                raise UnreadableLine(f"it has no {name}")
        company, product = cells["company"], cells["product"]
        if max(len(company), len(product)) > LONGEST_NAME:
            raise UnreadableLine(f"its company or product has more than {LONGEST_NAME} characters")
        price = _number("price", cells["price"]) if cells.get("price") else None
        return BilledLine(number, company, product, _number("quantity", cells["quantity"]), price)


def _number(name: str, text: str) -> Decimal:
    if (number := read_number(text)) is None:
        raise UnreadableLine(f"its {name} {text[:LONGEST_EXCERPT]!r} is no number")
    return number


def billed_text(content: bytes) -> str:
    """
    Return a file as text, in what spreadsheets write: UTF-8, UTF-16 with its mark, or the code page of Western Windows.

    Raises:
        MalformedBody: It is no text.
    """
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return re.sub(r"\A(\"?)sep=.?\1(?=[\r\n])", "", text)
    raise MalformedBody("the list of billed quantities is no text: save it as CSV, in UTF-8")


def _heading(text: str) -> _Heading:
    """Find the line that names the columns. Raises: MalformedBody, with what is missing."""
    firsts = {separator: list(islice(_rows(text, separator), MOST_BEFORE)) for separator in SEPARATORS}
    for separator, rows in firsts.items():
        for number, row in rows:
            if not isinstance(row, UnreadableLine) and all(name in (places := _places(row)) for name in NEEDED):
                return _Heading(number, separator, len(row), places)
    named = max(
        (row for rows in firsts.values() for _, row in rows[:1] if not isinstance(row, UnreadableLine)),
        key=len,
        default=(),
    )
    missing = " and ".join(name for name in NEEDED if name not in _places(named))
    raise MalformedBody(
        f"the list of billed quantities has no column for {missing}; its first line is {_excerpt(named, ', ')!r};"
        " name columns company, product and quantity, and price where there are prices"
    )


def _places(row: Sequence[str]) -> dict[str, int]:
    """The place of each column that a row names."""
    names = [_plain(cell) for cell in row]
    known = {
        column: [names.index(_plain(name)) for name in said if _plain(name) in names]
        for column, said in COLUMNS.items()
    }
    return {column: places[0] for column, places in known.items() if places}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _rows(text: str, separator: str) -> Iterator[tuple[int, _Row]]:
    """Yield the rows that hold anything, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            last = f", up to line {reader.line_num}" if reader.line_num > number else ""
            yield number, UnreadableLine(f"a quotation mark in it is not closed, or not doubled{last}")
        else:
            if any(cell.strip() for cell in row):
                yield number, row


def _excerpt(row: _Row, separator: str) -> str:
    return "" if isinstance(row, UnreadableLine) else separator.join(row)[:LONGEST_EXCERPT]
