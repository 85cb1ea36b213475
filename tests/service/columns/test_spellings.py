"""The short way to a canonical value gives what the definition gives, or the text as written."""

from collections.abc import Iterable

import duckdb
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.errors import UnusableValue
from matching.model import Kind
from matching.values.normalise import NORMALISERS
from service.columns.spellings import WRITTEN, sql_value
from tests.service.columns.reading_twice import SPELLINGS, texts

digits = st.binary(min_size=16, max_size=16).map(bytes.hex)
hexadecimal = st.text("0123456789abcdefABCDEF", min_size=11, max_size=13)


def cut(text: str, sizes: Iterable[int], separator: str) -> str:
    """Return a text in pieces of these sizes, with a separator between them."""
    pieces, start = [], 0
    for size in sizes:
        pieces.append(text[start : start + size])
        start += size
    return separator.join(pieces)


guids = digits.flatmap(
    lambda text: st.sampled_from(
        (
            text,
            dashed := cut(text, (8, 4, 4, 4, 12), "-"),
            dashed.upper(),
            f"{{{dashed}}}",
            f"{{{dashed}",
            cut(text, (16, 16), "-"),
        )
    )
)
macs = hexadecimal.flatmap(
    lambda text: st.sampled_from(
        (
            text,
            cut(text, [2] * 6, ":"),
            cut(text, [2] * 6, "-"),
            cut(text, [4] * 3, "."),
            cut(text, [4, 8], ":"),
            text + ":",
        )
    )
)
ALPHABET = "aB0-_. :/"

CANDIDATES = {
    Kind.BIOS_GUID: guids | st.sampled_from(SPELLINGS["bios_guid"]),
    Kind.SERIAL: st.sampled_from([text for text in SPELLINGS["serial"] if isinstance(text, str)]),
    Kind.MAC: macs | st.sampled_from([text for text in SPELLINGS["macs"] if isinstance(text, str)]),
    Kind.HOSTNAME: st.sampled_from(SPELLINGS["hostname"]),
}


def said(kind: Kind, written: list[str]) -> list[str]:
    """Return what the short way says of some texts."""
    select = f"SELECT {sql_value(kind, 'text')} FROM (SELECT unnest(from_json(?, '[\"VARCHAR\"]')) AS text)"
    return [value for (value,) in duckdb.execute(select, [orjson.dumps(written).decode()]).fetchall()]


@pytest.mark.parametrize("kind", CANDIDATES)
@settings(deadline=None)
@given(data=st.data())
def test_the_short_way_says_what_the_definition_says(kind: Kind, data: st.DataObject) -> None:
    """Of any text; what it does not say is the text itself, behind a blank."""
    candidates = CANDIDATES[kind] | texts | st.text(ALPHABET, max_size=8) | st.text(ALPHABET, min_size=62, max_size=65)
    written = data.draw(st.lists(candidates, max_size=30))
    for text, value in zip(written, said(kind, written), strict=True):
        if value != WRITTEN + text:
            assert value == NORMALISERS[kind](text)
            assert not value.startswith(WRITTEN)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.BIOS_GUID, "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5", "564D4CBCC6A919693FEEFA0F3887B6A5"),
        (Kind.BIOS_GUID, "564d4cbc-c6a9-1969-3fee-fa0f3887b6a5", "564D4CBCC6A919693FEEFA0F3887B6A5"),
        (Kind.BIOS_GUID, "{bc4c4d56-a9c6-6919-3fee-fa0f3887b6a5}", "564D4CBCC6A919693FEEFA0F3887B6A5"),
        (Kind.BIOS_GUID, "bc4c4d56a9c669193feefa0f3887b6a5", "564D4CBCC6A919693FEEFA0F3887B6A5"),
        (Kind.SERIAL, "5cg1234abc", "5CG1234ABC"),
        (Kind.SERIAL, "6245-1762-3392-6723-6241-2911-67", "6245-1762-3392-6723-6241-2911-67"),
        (Kind.MAC, "3C:52:82:AA:BB:01", "3c5282aabb01"),
        (Kind.MAC, "3C-52-82-AA-BB-01", "3c5282aabb01"),
        (Kind.MAC, "3C52.82AA.BB01", "3c5282aabb01"),
        (Kind.MAC, "3C5282AABB01", "3c5282aabb01"),
        (Kind.HOSTNAME, "PC-1.acme.test", "pc-1"),
    ],
)
def test_the_usual_spellings_go_the_short_way(kind: Kind, text: str, value: str) -> None:
    """Those of nearly every record, so that the definition is asked seldom."""
    assert said(kind, [text]) == [value]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((Kind.BIOS_GUID, "uuid 1"), (Kind.SERIAL, "PF0-EXMPL"), (Kind.SERIAL, "A" * 257), (Kind.SERIAL, "ＰＦ０")),
        *(
            (Kind.MAC, "3C:52:82-AA-BB-01"),
            (Kind.MAC, "3C:52:82:AA:BB:01 "),
            (Kind.HOSTNAME, "10.0.0.1"),
            (Kind.HOSTNAME, "a" * 64),
        ),
    ],
)
def test_any_other_spelling_is_kept_as_written(kind: Kind, text: str) -> None:
    """Also where the definition refuses it: that is for the definition to say."""
    assert said(kind, [text]) == [WRITTEN + text]


def test_no_canonical_value_begins_with_a_blank() -> None:
    """By this the two are told apart."""
    for kind, fields in (
        (Kind.BIOS_GUID, "bios_guid"),
        (Kind.SERIAL, "serial"),
        (Kind.MAC, "macs"),
        (Kind.HOSTNAME, "hostname"),
    ):
        for text in filter(lambda text: isinstance(text, str), SPELLINGS[fields]):
            try:
                assert not NORMALISERS[kind](f" {text}").startswith(WRITTEN)
            except UnusableValue:
                continue
