"""A derived value fills an empty field: it joins and is found, is marked, and contradicts nothing."""

from typing import Any

import pytest
from hypothesis import given

from matching.evidence.derived import BOARD, board_serials_of, guids_of, macs_of, serials_of
from matching.evidence.groups import disagree, group_of
from matching.evidence.identity import COPIED, Identity, identify
from matching.evidence.search import search_candidates, search_terms
from matching.model import Key, Kind, Record
from matching.policy import Policy
from matching.records import read_record
from matching.values.normalise import normalise_guid
from matching.values.spelling import shown
from tests.matching.fleets import records
from tests.matching.stories import resolve_rows

GUID, KEY = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "2E6C1D7B110A4F4D9E551C2B3A4D5E6F"
VIRTUALBOX = "VirtualBox-7b1d6c2e-0a11-4d4f-9e55-1c2b3a4d5e6f"
DELL_GUID, TAG, BOARD_SERIAL = "4C4C4544-0033-3410-8036-C4C04F32334A", "D34623J", "/D34623J/CN1234567800A1/"
TEMPLATE, MAC = "0352023C-0482-0500-0106-070700080009", "3c5282000107"


def row(**fields: Any) -> Record:
    return read_record({"provider": "p", "id": "1", **fields})[0]


def said(**fields: Any) -> Identity:
    return identify(row(**fields), Policy())


def test_what_carries_a_value_is_named() -> None:
    """The note says where it was found; a template that is no value itself is no source."""
    assert [(each.value, each.note) for each in guids_of(["5CG1234ABC", VIRTUALBOX.upper()])] == [
        (KEY, "inside the VirtualBox serial")
    ]
    [tag] = serials_of("44454C4C330010348036C4C04F32334A")
    assert (tag.value, tag.note, tag.source) == (TAG, "inside the Dell GUID", (Kind.BIOS_GUID, DELL_GUID_KEY))
    assert [each.note for each in board_serials_of(BOARD_SERIAL)] == ["inside the Dell board serial", BOARD]
    assert [each.source for each in macs_of("0" * 20 + MAC, None)] == [None]


DELL_GUID_KEY = "44454C4C330010348036C4C04F32334A"


@pytest.mark.parametrize(
    ("fields", "derived"),
    [
        ({"serial": VIRTUALBOX}, [(Kind.BIOS_GUID, KEY)]),
        ({"serial": VIRTUALBOX, "bios_guid": "not a guid"}, [(Kind.BIOS_GUID, KEY)]),
        ({"serial": VIRTUALBOX, "bios_guid": "03000200-0400-0500-0006-000700080009"}, [(Kind.BIOS_GUID, KEY)]),
        ({"serial": VIRTUALBOX, "bios_guid": GUID}, []),
        ({"bios_guid": DELL_GUID}, [(Kind.SERIAL, TAG)]),
        ({"bios_guid": DELL_GUID, "serial": "To be filled by O.E.M."}, [(Kind.SERIAL, TAG)]),
        ({"bios_guid": DELL_GUID, "serial": "X1"}, []),  # a weak serial fills its field
        ({"serial": BOARD_SERIAL}, [(Kind.SERIAL, TAG), (Kind.SERIAL, BOARD_SERIAL)]),
        ({"serial": [BOARD_SERIAL, TAG]}, [(Kind.SERIAL, BOARD_SERIAL)]),
        ({"bios_guid": TEMPLATE}, [(Kind.MAC, MAC)]),
        ({"bios_guid": TEMPLATE, "macs": ["3C:52:82:AA:00:01"]}, []),
        ({"bios_guid": "00000000-0000-0000-0000-00155D000001"}, []),  # weak, so it is no evidence alone
        ({"serial": [VIRTUALBOX, "VirtualBox-d4e5f607-1829-4a3b-8c4d-5e6f708192a3"]}, []),  # which would be a guess
    ],
)
def test_only_an_empty_field_is_filled(fields: dict[str, Any], derived: list[tuple[Kind, str]]) -> None:
    """Absent, malformed and placeholder are empty alike."""
    assert [(each.kind, each.value) for each in said(**fields).derived] == derived


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"serial": VIRTUALBOX, "bios_guid": "D4E5F607-1829-4A3B-8C4D-5E6F708192A3"}, KEY),
        ({"bios_guid": DELL_GUID, "serial": "9XK2B33"}, TAG),
        ({"bios_guid": TEMPLATE, "macs": ["3C:52:82:AA:00:01"]}, MAC),
    ],
)
def test_a_full_field_that_says_another_value_is_noted(fields: dict[str, Any], value: str) -> None:
    """A copied GUID or a new board: worth a note, and no more."""
    [note] = said(**fields).suppressed

    assert note.value == value
    assert note.reason.endswith(COPIED)


def test_what_the_operator_denies_is_not_derived() -> None:
    """His list is about values, wherever they stand."""
    policy = Policy(deny={Kind.BIOS_GUID: frozenset({KEY})})

    assert identify(row(serial=VIRTUALBOX), policy).derived == ()


@given(records(), records())
def test_a_derived_value_never_disagrees(one: Record, other: Record) -> None:
    """Two records disagree on what they would disagree on without derived values."""
    left, right = (identify(record, Policy()) for record in (one, other))
    complete = frozenset({"alpha", "beta"})
    mine, theirs = (group_of(each, None, complete) for each in (left, right))
    bare, other_bare = (group_of(each._replace(derived=()), None, complete) for each in (left, right))

    for kind in Kind:
        assert disagree(mine, theirs, kind) == disagree(bare, other_bare, kind)


@pytest.mark.parametrize(
    ("holder", "spellings"),
    [
        ({"serial": VIRTUALBOX}, (VIRTUALBOX, GUID, "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F")),
        ({"bios_guid": GUID}, (VIRTUALBOX, GUID)),
        ({"bios_guid": DELL_GUID}, (DELL_GUID, TAG)),
        ({"serial": TAG}, (DELL_GUID, TAG, BOARD_SERIAL)),
        ({"serial": BOARD_SERIAL}, (TAG, BOARD_SERIAL, DELL_GUID)),
        ({"macs": [MAC]}, (TEMPLATE, MAC)),
        ({"bios_guid": TEMPLATE}, (TEMPLATE, "3C:52:82:00:01:07")),
    ],
)
def test_a_look_up_by_either_spelling_finds_the_record(holder: dict[str, Any], spellings: tuple[str, ...]) -> None:
    """By the value that carries another one, and by the one that is carried."""
    terms = search_terms(row(**holder))

    assert all(terms & set(search_candidates(text)) for text in spellings)


def test_a_golden_value_says_where_it_was_found_and_gives_way_to_an_own_one() -> None:
    """The rule is the note; a record's own value comes first, whoever's it is."""
    psa = {"provider": "cw_manage", "id": "1", "serial": VIRTUALBOX}
    alone = resolve_rows([psa]).devices[0].golden
    both = resolve_rows([psa, {"provider": "alpha", "id": "1", "bios_guid": GUID}]).devices[0].golden

    assert alone.values["bios_guid"] == both.values["bios_guid"] == shown(Kind.BIOS_GUID, normalise_guid(GUID))
    assert alone.provenance["bios_guid"].rule == "inside the VirtualBox serial"
    assert both.provenance["bios_guid"].provider == "alpha"


def test_a_join_by_a_derived_value_says_so() -> None:
    """The explanation names the carrier and its record."""
    rows = [
        {"provider": "cw_manage", "id": "1", "serial": VIRTUALBOX},
        {"provider": "alpha", "id": "1", "bios_guid": GUID},
    ]
    explanation = resolve_rows(rows).explain(Key("alpha", "1"), Key("cw_manage", "1"))

    assert explanation.same
    assert explanation.path[0].note == "inside the VirtualBox serial of cw_manage:1"


def test_a_derived_value_goes_with_the_value_that_carries_it() -> None:
    """A serial on three boxes takes the GUID inside it along, with the reason."""
    rows = [
        {
            "provider": "alpha",
            "id": str(at),
            "serial": VIRTUALBOX,
            "hostname": f"vm{at}",
            "macs": [f"3C:52:82:00:00:0{at}"],
        }
        for at in range(3)
    ]
    resolution = resolve_rows([*rows, {"provider": "beta", "id": "1", "bios_guid": GUID}])

    assert len(resolution.devices) == 4
    reasons = {note.kind: note.reason for note in resolution.suppressed(Key("alpha", "1"))}
    assert reasons[Kind.BIOS_GUID] == reasons[Kind.SERIAL]
