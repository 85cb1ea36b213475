"""Whatever a record holds finds it, in any notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evidence.search import SearchTerm, search_candidates, search_terms
from matching.model import Record
from tests.matching.fleets import records


@given(st.text())
def test_any_typed_text_is_something_to_look_for(text: str) -> None:
    """Look-up never fails, never looks for nothing, and looks for nothing twice."""
    found = search_candidates(text)

    assert len(found) == len(set(found))
    assert all(term.value for term in found)
    assert found or not text.strip()


@pytest.mark.parametrize(
    "text",
    [
        " 5cg 1234abc ",
        "3C:52:82:00:00:01",
        "3c-52-82-00-00-01",
        "3c52.8200.0001",
        "3C5282000001",
        "{bc4c4d56-a9c6-6919-3fee-fa0f3887b6a5}",
        "564D4CBC-C6A9-1969-3FEE-FA0F3887B6A5",
        "PC1.corp.acme.test",
        "4711",
        "cw_manage:4711",
        "AT-0042",
        "10.0.0.21",
    ],
)
def test_a_record_is_found_by_every_notation_of_what_it_holds(text: str) -> None:
    """What a person types meets what was stored."""
    record = Record(
        provider="cw_manage",
        id="4711",
        serial="5CG1234ABC",
        macs=["3C:52:82:00:00:01"],
        bios_guid="BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",
        name="PC1",
        tag_number="at-0042",
        ips=["10.0.0.21"],
    )

    assert search_terms(record) & set(search_candidates(text))


@given(records())
def test_every_term_of_a_record_is_found_by_typing_it(row: Record) -> None:
    """What is stored for a value is among what a person's text may mean, so that no term is out of reach."""
    for term in search_terms(row):
        assert term in search_candidates(term.value)


def test_a_placeholder_can_be_looked_for() -> None:
    """A person may ask who has one."""
    assert SearchTerm("serial", "0123456789") in search_terms({"provider": "p", "id": "1", "serial": "0123456789"})


def test_the_likeliest_meaning_comes_first() -> None:
    """A key, then the number of a configuration, then identifiers."""
    assert search_candidates("cw_manage:4711")[0] == SearchTerm("record", "cw_manage:4711")
    assert search_candidates("4711")[0] == SearchTerm("cw_manage_device_id", "4711")
    assert search_candidates("pc1")[0].kind in {"serial", "hostname"}
