"""The list of billed quantities is read as programs and people write it, and no line of it is lost."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedBody
from service.reports.catalogue.billing import billed
from service.reports.catalogue.billing.billed import BilledLine, read_billed

SERVERS = BilledLine(2, "Acme", "Server", Decimal(3))


@pytest.mark.parametrize(
    "heading",
    [
        "company,product,quantity",
        "Customer;Item;Qty",
        "CLIENT NAME\tService\tBilled",
        "Company_Name,Product Name,Billed Quantity",
        "AccountName;SKU;Units",
        " Organization , Description , Count ",
        '"Kunde";"Artikel";"Menge"',
    ],
)
def test_columns_are_found_by_the_names_that_people_give_them(heading: str) -> None:
    """Whatever case, blanks and separator."""
    separator = next(each for each in billed.SEPARATORS if each in heading)

    assert read_billed(f"{heading}\n{separator.join(('Acme', 'Server', '3'))}\n".encode()).lines == (SERVERS,)


def test_columns_may_be_in_any_order_and_others_between_them() -> None:
    """Of two that could be the product, the one that says so is."""
    text = "Description,Qty,Invoice,Product,Unit Price,Company\nmonthly,3,17,Server,9.90,Acme\n"

    assert read_billed(text.encode()).lines == (BilledLine(2, "Acme", "Server", Decimal(3), Decimal("9.90")),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_save_is_read(encoding: str) -> None:
    """With the marks, line ends and code pages that they use."""
    text = "sep=;\r\nKunde;Artikel;Menge\r\nM\u00fcller & S\u00f6hne;Server;3\r\n"

    assert read_billed(text.encode(encoding)).lines == (
        BilledLine(3, "M\u00fcller & S\u00f6hne", "Server", Decimal(3)),
    )


HOSTILE = {
    "Acme;Server": "it has no quantity",
    ";Server;3": "it has no company",
    "Total;;6": "it has no product",
    "Acme;Server;three": "its quantity 'three' is no number",
    "Acme;Server;=1+1": "its quantity '=1+1' is no number",
    "Acme;Server;3;free": "its price 'free' is no number",
    "Acme; Inc.;Server;3;9.90": "it has 5 cells, and there are 4 columns: is a name not quoted?",
    f"{'A' * 501};Server;3": "its company or product has more than 500 characters",
    'Acme;"Server" 24;3': "a quotation mark in it is not closed, or not doubled",
}


@pytest.mark.parametrize("line", HOSTILE)
def test_a_line_that_cannot_be_read_is_told_and_the_others_are_read(line: str) -> None:
    """With its number, its reason and how it begins."""
    read = read_billed(f"company;product;quantity;price\n{line}\nAcme;Server;3;\n".encode())

    [unread] = read.unread
    assert (unread.line, unread.reason) == (2, HOSTILE[line])
    assert line.startswith(unread.excerpt)
    assert [each.line for each in read.lines] == [3]


def test_a_quotation_mark_that_is_not_closed_names_all_lines_that_it_takes() -> None:
    """They would else be gone without a word."""
    [unread] = read_billed(b'company,product,quantity\nAcme,"Server,3\nBeta,Server,4\n').unread

    assert (unread.line, unread.reason) == (2, "a quotation mark in it is not closed, or not doubled, up to line 3")


def test_a_line_break_in_a_name_does_not_shift_the_numbers_of_lines() -> None:
    """A person looks for the line in an editor."""
    read = read_billed(b'Invoice 17\n\ncompany,product,quantity\n"Acme\nInc.",Server,3\n,,\nBeta,Server,x\n')

    assert [each.line for each in read.lines] == [4]
    assert [(each.line, each.excerpt) for each in read.unread] == [(1, "Invoice 17"), (7, "Beta,Server,x")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column for company and product and quantity"),
        (b"company,product\nAcme,Server\n", "no column for quantity; its first line is 'company, product'"),
        (b"PK\x03\x04\x00\x00", "is no text"),
        (b"\xff\xfea", "is no text"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(content: bytes, said: str) -> None:
    """It says what is missing, and what a column may be named."""
    with pytest.raises(MalformedBody, match=said):
        read_billed(content)


def test_a_list_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be held in memory."""
    monkeypatch.setattr(billed, "MOST_LINES", 2)

    for lines in (b"Acme,Server,3\n", b"\n", b"\r"):
        with pytest.raises(MalformedBody, match="more than 2 lines"):
            read_billed(b"company,product,quantity\n" + lines * 3)


NAMES = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).map(str.strip).filter(bool)
)
ROWS = st.lists(st.tuples(NAMES, NAMES, st.integers(-(10**9), 10**9)), max_size=8)


@given(rows=ROWS, separator=st.sampled_from(billed.SEPARATORS))
def test_what_a_program_writes_is_read_back(rows: list[tuple[str, str, int]], separator: str) -> None:
    """Whatever is in the names: separators, quotation marks, line breaks, formulas."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([("company", "product", "quantity"), *rows])

    read = read_billed(text.getvalue().encode())

    assert [(each.company, each.product, int(each.quantity)) for each in read.lines] == rows
    assert read.unread == ()


@given(st.text(max_size=200).map(lambda text: f"company,product,quantity\n{text}"))
def test_every_line_is_read_or_told(text: str) -> None:
    """No line of a hostile file is lost, and none is an error."""
    try:
        read = read_billed(text.encode("utf-8", "surrogatepass"))
    except MalformedBody:
        return

    assert {each.line for each in read.lines} | {each.line for each in read.unread} <= set(
        range(2, text.count("\n") + text.count("\r") + 2)
    )
    letters = {letter for letter in text.partition("\n")[2] if letter.isalnum()}
    assert bool(read.lines or read.unread) or not letters
