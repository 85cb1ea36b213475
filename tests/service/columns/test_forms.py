"""A line of the ordinary form holds a record, and its members have the types of the feed record."""

import re

import duckdb
import pytest
from hypothesis import given, settings

from service.columns.forms import ORDINARY_LINE, TEXT_MEMBERS
from service.ingest.ndjson import Rejected, read_line
from tests.service.columns.reading_twice import contents

ORDINARY = re.compile(ORDINARY_LINE)


@settings(deadline=None)
@given(contents)
def test_a_line_of_the_form_is_a_record_but_for_its_key_and_members_that_come_twice(content: bytes) -> None:
    """Every program that reads it reads the same, so nothing else can be wrong with it."""
    for line in content.decode("utf-8", "replace").split("\n"):
        if ORDINARY.fullmatch(line) is None or len(line) > 60_000:
            continue
        item = read_line(1, line.encode())

        if isinstance(item, Rejected):
            assert re.search("twice|characters|no provider|no id", item.reason)
        else:
            assert item is not None
            assert all(isinstance(item.get(name, ""), str) for name in TEXT_MEMBERS)


@pytest.mark.parametrize(
    "line",
    [
        '{"provider":"alpha","id":"1"}\r',
        '{"provider": "alpha", "id": "1", "x": [], "y": -1.5, "z": null, "idle": 1, "i": 2, "": true}',
        '{"id":"a b","provider":"a.b","company":"Böse \\u00dcber\\n","last_user":"ACME\\\\ursula","active":false}',
        '{"provider":"alpha","id":"1","serial":["A","[B"],"macs":[],"links":[{"id":"2","provider":"b"}]}',
    ],
)
def test_what_feeds_say_has_the_form(line: str) -> None:
    """With or without blanks, escapes and fields that nobody knows; DuckDB says the same as Python."""
    assert ORDINARY.fullmatch(line)
    assert duckdb.execute("SELECT regexp_full_match(?, ?)", [line, ORDINARY_LINE]).fetchone() == (True,)


@pytest.mark.parametrize(
    "member",
    [
        *(
            '"name":5',
            '"name":["a"]',
            '"name":true',
            '"serial":"[a"',
            '"serial":"\\u005ba"',
            '"serial":[5]',
            '"macs":"a"',
        ),
        *(
            '"macs":[null]',
            '"links":["a"]',
            '"links":[{}]',
            '"links":[{"provider":"a","id":"1","id":"2"}]',
            '"active":"x"',
        ),
        *(
            '"x":{}',
            '"x":[1]',
            '"x":[[]]',
            '"x":1e5',
            '"x":01',
            '"x":NaN',
            '"x":12345678901234567',
            '"x":"\x7f"',
            '"x":"\t"',
        ),
        *(
            '"na\\u006de":5',
            '"x":"\\ud83d\\ude00"',
            '"x":"\\u0000"',
            '"x":"\\u001f"',
            '"x":"\\x"',
            '"x":1,',
            '"id":""',
            '"id":" 1"',
        ),
    ],
)
def test_what_could_be_read_otherwise_has_not_the_form(member: str) -> None:
    """A field of another type, nested values, numbers that programs round, names in disguise."""
    line = f'{{"provider":"alpha","id":"1",{member}}}'

    assert ORDINARY.fullmatch(line) is None
    assert duckdb.execute("SELECT regexp_full_match(?, ?)", [line, ORDINARY_LINE]).fetchone() == (False,)
