"""What a configuration becomes, and what of a row is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import Record
from service.core.errors import Unparsable
from service.ingest.cw_manage.names import FIELDS
from service.ingest.cw_manage.parse import BiosGuidSource, parse_row, reduce_row, shown

FULL = {
    "id": 4711,
    "name": "ACME-LT-0421",
    "type": {"id": 1, "name": "Laptop", "_info": {}},
    "status": {"id": 2, "name": "Active"},
    "company": {"id": 12, "identifier": "Acme", "name": "Acme Inc."},
    "manufacturer": {"id": 3, "name": "Dell Inc."},
    "deviceIdentifier": "N-77",
    "serialNumber": " 5cg1234abc ",
    "modelNumber": "Latitude 5440",
    "tagNumber": "T-9",
    "macAddress": "00:15:5D:01:02:03",
    "lastLoginName": "ACME\\jane",
    "ipAddress": "10.0.0.5, 10.0.0.6",
    "defaultGateway": "10.0.0.1",
    "osType": "Windows",
    "osInfo": "Windows 11 Pro 23H2",
    "mobileGuid": "4c4c4544-0043-3510-8052-b4c04f564433",
    "activeFlag": True,
    "_info": {"lastUpdated": "2026-10-30T08:00:00Z"},
    "someNewField": {"of": "next year"},
}


def parsed(raw: Any, bios_guid_source: str = "mobileGuid", links_to: str | None = None) -> Record:
    """Parse one row under these settings."""
    return parse_row(raw, BiosGuidSource(bios_guid_source), links_to)


def test_every_field_of_the_contract_arrives_as_written() -> None:
    """No value is normalised here; unknown fields are ignored, and an edit is no sign of life."""
    assert parsed(FULL) == {
        "provider": "cw_manage",
        "id": "4711",
        "company_id": "12",
        "company": "Acme Inc.",
        "name": "ACME-LT-0421",
        "type": "Laptop",
        "bios_guid": "4c4c4544-0043-3510-8052-b4c04f564433",
        "serial": " 5cg1234abc ",
        "macs": ["00:15:5D:01:02:03"],
        "ips": ["10.0.0.5", "10.0.0.6"],
        "default_gateway": "10.0.0.1",
        "os_type": "Windows",
        "os_info": "Windows 11 Pro 23H2",
        "manufacturer": "Dell Inc.",
        "model": "Latitude 5440",
        "tag_number": "T-9",
        "device_identifier": "N-77",
        "last_user": "ACME\\jane",
        "status": "Active",
        "active": True,
    }


def test_absent_null_and_blank_are_alike() -> None:
    """The vendor may leave out or null any field; neither becomes a value."""
    nulls = dict.fromkeys(FULL) | {"id": 1}
    blanks = dict.fromkeys(FULL, " ") | {"id": 1}

    assert parsed({"id": 1}) == parsed(nulls) == parsed(blanks) == {"provider": "cw_manage", "id": "1"}


@pytest.mark.parametrize(
    "raw", [{}, {"id": None}, {"id": "7"}, {"id": True}, {"id": 7.0}, {"row": "text"}, [], None, "x"]
)
def test_a_row_without_a_whole_number_as_id_is_unparsable(raw: Any) -> None:
    """There is nothing to know it by."""
    with pytest.raises(Unparsable, match="whole number"):
        parsed(raw)


@pytest.mark.parametrize(
    ("source", "guid"),
    [
        ("mobileGuid", "M"),
        ("none", None),
        ("question:BIOS UUID", "Q"),
        ("question: bios uuid ", "Q"),
        ("question:Secret", None),
        ("question:Nothing", None),
        ("customField:UUID", "C"),
        ("customField:Count", "7"),
    ],
)
def test_the_bios_guid_comes_from_where_the_settings_say(source: str, guid: str | None) -> None:
    """`mobileGuid` by default, else a question or a custom field; never a password."""
    raw = {
        "id": 1,
        "mobileGuid": "M",
        "questions": [
            None,
            {"question": "BIOS UUID", "answer": None},
            {"question": "BIOS UUID", "answer": "Q", "fieldType": "Text"},
            {"question": "Secret", "answer": "hush", "fieldType": "Password"},
        ],
        "customFields": [{"caption": "UUID", "value": "C"}, {"caption": "Count", "value": 7}],
    }

    assert parsed(raw, bios_guid_source=source).get("bios_guid") == guid


def test_a_device_identifier_is_a_link_only_when_the_settings_say_whose_ids_it_holds() -> None:
    """Otherwise it is a search key."""
    assert "links" not in parsed(FULL)
    assert parsed(FULL, links_to="n_central")["links"] == [{"provider": "n_central", "id": "N-77"}]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=12,
)
FIELD_NAMES = sorted({field.partition("/")[0] for field in FIELDS} | {"questions", "customFields"})


@given(
    st.dictionaries(st.sampled_from(FIELD_NAMES), json_values) | st.dictionaries(st.text(), json_values),
    st.sampled_from(["mobileGuid", "none", "question:a", "customField:b"]),
)
def test_any_object_is_a_record_or_unparsable(raw: dict[str, Any], source: str) -> None:
    """Whatever a provider sends, nothing else is raised, and a record holds only texts, lists of texts and a flag."""
    try:
        record = parsed(raw, source)
    except Unparsable:
        return
    assert record["id"] == str(raw["id"])
    for value in (value for name, value in record.items() if name != "active"):
        assert all(isinstance(text, str) and text.strip() for text in (value if isinstance(value, list) else [value]))


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"id": 1, "notes": "hush", "company": {"id": 2}}, {"id": 1, "company": {"id": 2}}),
        (
            {"questions": [{"question": "uuid", "answer": "Q"}, {"question": "Admin", "answer": "hush"}]},
            {"questions": [{"question": "uuid", "answer": "Q"}]},
        ),
        ({"questions": [{"question": "UUID", "answer": "hush", "fieldType": "Password"}]}, {"questions": []}),
        ({"customFields": [{"caption": "UUID", "value": "hush"}]}, {}),
        ("text", {"row": "text"}),
        (None, {"row": None}),
        (["hush"], {"row": "(a list)"}),
    ],
)
def test_a_row_is_reduced_to_what_is_read(row: Any, kept: dict[str, Any]) -> None:
    """Notes, other questions and passwords are dropped before anything can keep them."""
    assert reduce_row(row, BiosGuidSource("question:UUID")) == kept


def test_a_server_value_is_shown_without_what_a_terminal_obeys() -> None:
    """Control characters go, long values are cut, and nothing is `unknown`."""
    assert shown("\x1b[31mv2025") == "[31mv2025"
    assert len(shown("x" * 500)) == 100
    assert shown(None) == shown(" ") == "unknown"
