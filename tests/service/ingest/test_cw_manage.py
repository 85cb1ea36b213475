"""What a configuration becomes, which ones are asked for, and what of a row is kept."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import Record
from service.core.errors import ProviderChanged, SettingsError, Unparsable
from service.ingest.cw_manage import FIELDS, CwManage, split_macs
from service.ingest.protocol import Pulled, pull
from tests.service.ingest.virtual import VirtualTime, cw_settings

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


def parsed(raw: Any, **changed: Any) -> Record:
    """Parse one row under settings with some of them changed."""
    return CwManage(cw_settings(**changed)).parse(raw)


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
    assert parsed(FULL, device_identifier_provider="n_central")["links"] == [{"provider": "n_central", "id": "N-77"}]


@pytest.mark.parametrize(
    ("text", "macs"),
    [
        ("", []),
        ("00:11:22:33:44:55", ["00:11:22:33:44:55"]),
        ("00 11 22 33 44 55", ["00 11 22 33 44 55"]),
        ("0011.2233.4455", ["0011.2233.4455"]),
        ("00-11-22-33-44-55;66-77-88-99-aa-bb", ["00-11-22-33-44-55", "66-77-88-99-aa-bb"]),
        ("001122334455 66778899AABB", ["001122334455", "66778899AABB"]),
        ("00 11 22 33 44 55 66 77 88 99 AA BB", ["00 11 22 33 44 55", "66 77 88 99 AA BB"]),
        ("0011 2233 4455|0011.2233.4466", ["0011 2233 4455", "0011.2233.4466"]),
        ("00:11:22:33:44:55\r\n00:11:22:33:44:66", ["00:11:22:33:44:55", "00:11:22:33:44:66"]),
        ("00:11:22:33:44:55,00:11:2", ["00:11:22:33:44:55", "00:11:2"]),
        ("00:11:22:33:44:55:66:77", ["00:11:22:33:44:55:66:77"]),
        ("unknown", ["unknown"]),
    ],
)
def test_one_text_may_list_several_macs(text: str, macs: list[str]) -> None:
    """Each notation survives whole; what is none is kept, so that somebody says why it is not used."""
    assert split_macs(text) == macs


@given(st.text(alphabet="0123456789abcdefABCDEF:-. ,;|\n", max_size=60))
def test_splitting_macs_loses_no_digit(text: str) -> None:
    """Every character that is no separator is in one of the parts, in order."""
    kept = "".join("".join(part.split()) for part in split_macs(text))

    assert kept == "".join(character for character in text if character not in ",;| \n")


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
    adapter = CwManage(cw_settings(bios_guid_source=source))
    try:
        record = adapter.parse(raw)
    except Unparsable:
        return
    assert record["id"] == str(raw["id"])
    for value in (value for name, value in record.items() if name != "active"):
        assert all(isinstance(text, str) and text.strip() for text in (value if isinstance(value, list) else [value]))


def pulled(rows: list[Any], count: Any = None, **changed: Any) -> Pulled:
    """Pull these rows from a server that answers with them at once."""

    def answer(request: httpx.Request) -> httpx.Response:
        counted = {"count": len(rows) if count is None else count}
        return httpx.Response(200, json=counted if request.url.path.endswith("/count") else rows)

    outside = VirtualTime().outside(httpx.MockTransport(answer))
    return asyncio.run(pull(CwManage(cw_settings(**changed), outside), lambda *_: None))


@pytest.mark.parametrize(
    ("date", "heard"),
    [
        ("Sun, 01 Nov 2026 08:00:00 GMT", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("today", None),
        (None, None),
    ],
)
def test_the_servers_own_clock_is_heard(date: str | None, heard: datetime | None) -> None:
    """By the header that every answer should carry; one that makes no sense is none."""
    headers = {"Date": date} if date else {}
    outside = VirtualTime().outside(
        httpx.MockTransport(lambda _: httpx.Response(200, json={"count": 0}, headers=headers))
    )
    adapter = CwManage(cw_settings(), outside)
    asyncio.run(adapter.expected())

    assert adapter.heard_at == heard


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"activeFlag": True, "type": {"name": "sERVER "}}, None),
        ({"activeFlag": False, "type": {"name": "Server"}}, "was deactivated at the provider"),
        ({"type": {"name": "Server"}}, "was deactivated at the provider"),
        (
            {"activeFlag": True, "type": {"name": "Toner\u202e"}},
            "is of the type Toner now, which the settings do not select",
        ),
        ({"activeFlag": True}, "is of the type (none) now, which the settings do not select"),
    ],
)
def test_a_row_that_the_settings_do_not_select_says_why(raw: dict[str, Any], why: str | None) -> None:
    """As the server's conditions judge: text without regard to case, and nothing is not active."""
    adapter = CwManage(cw_settings(types={"include": ["Server"]}))

    assert adapter.unselected({"id": 1, **raw}) == why


def test_an_unparsable_row_is_set_apart_and_the_rest_goes_on() -> None:
    """Nothing is lost: it is kept with its reason."""
    result = pulled([{"id": 1}, {"id": None, "name": "odd"}, "text", {"id": 2}])

    assert [record["id"] for record in result.records] == ["1", "2"]
    assert [row.payload for row in result.quarantined] == [{"id": None, "name": "odd"}, {"row": "text"}]
    assert result.read == result.expected == 4


def test_only_what_is_needed_of_a_row_is_kept() -> None:
    """A server that ignores `fields` sends notes, links for remote control and passwords: none is kept."""
    wanted = {"question": "UUID", "answer": "Q", "fieldType": "Text"}
    row = {
        "id": None,
        "name": "odd",
        "notes": "hush",
        "remoteLink": "hush",
        "questions": [
            wanted,
            {**wanted, "answer": "hush", "fieldType": "Password"},
            {"question": "Other", "answer": "hush"},
        ],
        "customFields": [{"caption": "UUID", "value": "hush"}],
    }
    (quarantined,) = pulled([row], bios_guid_source="question:UUID").quarantined

    assert quarantined.payload == {"id": None, "name": "odd", "questions": [wanted]}
    assert "hush" not in json.dumps(pulled([row]).quarantined)


@pytest.mark.parametrize("count", [None, 1, 7, 5000])
def test_rows_may_come_and_go_during_the_read_within_a_tolerance(count: int | None) -> None:
    """Five rows or one in a hundred; beyond it the pull is an error, because rows are missing or too many."""
    if count == 5000:
        with pytest.raises(ProviderChanged, match="announced 5000 rows and sent 2"):
            pulled([{"id": 1}, {"id": 2}], count)
    else:
        assert pulled([{"id": 1}, {"id": 2}], count).read == 2


@pytest.mark.parametrize("count", [-1, True, "12", [], {}])
def test_a_count_that_is_no_number_is_an_error(count: Any) -> None:
    """Without it nobody could tell a whole pull from half a one."""
    with pytest.raises(ProviderChanged, match="count"):
        pulled([], count)


@pytest.mark.parametrize(
    ("changed", "conditions"),
    [
        ({}, "activeFlag=true"),
        ({"active_only": False}, None),
        ({"types": {"include": ["Server"]}}, 'activeFlag=true AND (type/name="Server")'),
        (
            {"active_only": False, "types": {"include": ["A", "B"], "exclude": ["C & D", "E [old]"]}},
            '(type/name="A" OR type/name="B") AND type/name!="C & D" AND type/name!="E [[]old]"',
        ),
    ],
)
def test_the_settings_choose_what_is_asked_for(changed: dict[str, Any], conditions: str | None) -> None:
    """Active ones by default; types included and excluded by name, always in brackets."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"count": 0} if request.url.path.endswith("/count") else [])

    outside = VirtualTime().outside(httpx.MockTransport(answer))
    asyncio.run(pull(CwManage(cw_settings(**changed), outside), lambda *_: None))

    assert [request.url.params.get("conditions") for request in asked] == [conditions, conditions]


def test_types_that_do_not_fit_into_an_address_are_refused_at_start() -> None:
    """The vendor cuts addresses off at 2,000 characters."""
    with pytest.raises(SettingsError, match="Providers:ConnectWiseManage:Types"):
        CwManage(cw_settings(types={"include": [f"Type {number:040}" for number in range(40)]}))
