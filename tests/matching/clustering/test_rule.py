"""
The rule as a story: two laptops, one dock.

Acme has two laptops. Its RMM (`ninja`) runs an agent on each, its PSA (`cw_manage`) keeps a row for each, and both
laptops were plugged into one dock, so that both report the dock's MAC address. Each test is one small chapter: some
records, and the devices that they are.
"""

from itertools import permutations
from typing import Any

from matching.model import Key, Kind
from matching.policy import OnConflict, Policy
from tests.matching.stories import devices_of, different, questions_of, resolve_rows, same

Row = dict[str, Any]

DOCK = "3C:52:82:00:00:D0"
ANNA: Row = {"provider": "ninja", "id": "1", "company": "Acme", "serial": "5CG1111AAA", "macs": [DOCK]}
BERT: Row = {"provider": "ninja", "id": "2", "company": "Acme", "serial": "5CG2222BBB", "macs": [DOCK]}


def test_records_that_share_a_serial_are_one_laptop() -> None:
    """The PSA's row and the agent's record agree, whatever the spelling."""
    assert devices_of([ANNA, {"provider": "cw_manage", "id": "10", "serial": "5cg 1111 aaa"}]) == [
        "cw_manage:10 ninja:1"
    ]


def test_absent_is_not_different() -> None:
    """A row without a serial is no other laptop: what both say is the adapter, and nothing speaks against it."""
    assert devices_of([ANNA, {"provider": "cw_manage", "id": "10", "macs": [DOCK]}]) == ["cw_manage:10 ninja:1"]


def test_two_laptops_on_one_dock_stay_two() -> None:
    """Their serials differ, and a serial outweighs a MAC. That is certain, so nobody is asked."""
    answer = resolve_rows([ANNA, BERT]).explain(Key("ninja", "1"), Key("ninja", "2"))

    assert devices_of([ANNA, BERT]) == ["ninja:1", "ninja:2"]
    assert questions_of([ANNA, BERT]) == []
    assert "but their serials differ, which outweighs it" in answer.sentence


def test_each_laptop_still_joins_its_own_row() -> None:
    """The stronger kind joins first; what the dock says about the result is then outweighed for all of it."""
    rows = [ANNA, BERT, {"provider": "cw_manage", "id": "10", "serial": "5CG1111AAA", "macs": [DOCK]}]

    assert devices_of(rows) == ["cw_manage:10 ninja:1", "ninja:2"]


def test_a_row_that_knows_only_the_dock_belongs_to_neither() -> None:
    """It fits both laptops. Which of them it is would be chance, so it stays apart and a person is asked."""
    rows = [ANNA, BERT, {"provider": "cw_manage", "id": "10", "macs": [DOCK]}]

    assert devices_of(rows) == ["cw_manage:10", "ninja:1", "ninja:2"]
    assert set(questions_of(rows)) == {"ambiguous"}


def test_no_order_of_the_records_matters() -> None:
    """The same chapter in each of its six orders."""
    rows = [ANNA, BERT, {"provider": "cw_manage", "id": "10", "macs": [DOCK]}]

    assert {tuple(devices_of(order)) for order in permutations(rows)} == {("cw_manage:10", "ninja:1", "ninja:2")}


def test_a_name_beside_the_dock_says_which_laptop_it_is() -> None:
    """A MAC that a weaker kind supports goes before a MAC alone."""
    anna, bert = ANNA | {"hostname": "acme-anna"}, BERT | {"hostname": "acme-bert"}
    row = {"provider": "cw_manage", "id": "10", "company": "Acme", "name": "acme-anna", "macs": [DOCK]}

    assert devices_of([anna, bert, row]) == ["cw_manage:10 ninja:1", "ninja:2"]


def test_without_serials_the_names_tell_the_laptops_apart() -> None:
    """One MAC under two hostnames is a dock that travelled or a laptop with a new name: a person knows."""
    rows = [
        {"provider": "ninja", "id": "1", "hostname": "acme-anna", "macs": [DOCK]},
        {"provider": "cw_rmm", "id": "2", "hostname": "acme-bert", "macs": [DOCK]},
    ]

    assert devices_of(rows) == ["cw_rmm:2", "ninja:1"]
    assert questions_of(rows) == ["mac_across_hostnames"]
    assert devices_of(rows, Policy(mac_against_name=OnConflict.JOIN)) == ["cw_rmm:2 ninja:1"]


def test_a_dock_that_is_known_as_one_joins_nobody_by_itself() -> None:
    """Its maker's addresses are on a list. Beside an equal hostname the address counts, alone it does not."""
    dock = "00:50:B6:00:00:01"
    one: Row = {"provider": "ninja", "id": "1", "macs": [dock]}
    other: Row = {"provider": "cw_rmm", "id": "2", "macs": [dock]}

    assert devices_of([one, other]) == ["cw_rmm:2", "ninja:1"]
    assert devices_of([one | {"hostname": "acme-anna"}, other | {"hostname": "acme-anna"}]) == ["cw_rmm:2 ninja:1"]


def test_a_hostname_joins_inside_one_company_only() -> None:
    """Every customer has a `frontdesk`."""
    row: Row = {"provider": "ninja", "id": "1", "company": "Acme", "hostname": "frontdesk"}
    own, foreign = (
        {"provider": "cw_manage", "id": "10", "company": name, "name": "FRONTDESK"} for name in ("ACME", "Bolt")
    )

    assert devices_of([row, own]) == ["cw_manage:10 ninja:1"]
    assert devices_of([row, foreign]) == ["cw_manage:10", "ninja:1"]


def test_a_new_mainboard_is_a_question() -> None:
    """The serial of the case agrees, the GUID of the board does not: the stronger kind keeps the records apart."""
    old = ANNA | {"bios_guid": "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5"}
    new = {
        "provider": "cw_rmm",
        "id": "1",
        "serial": ANNA["serial"],
        "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
    }

    assert devices_of([old, new]) == ["cw_rmm:1", "ninja:1"]
    assert questions_of([old, new]) == ["mainboard_replaced"]


def test_a_person_has_the_last_word() -> None:
    """A decision joins what the rule keeps apart, and parts what it joins."""
    row = {"provider": "cw_manage", "id": "10", "macs": [DOCK]}

    assert devices_of([ANNA, BERT, row], decisions=[same("cw_manage:10", "ninja:2")]) == [
        "cw_manage:10 ninja:2",
        "ninja:1",
    ]
    assert devices_of([ANNA, row], decisions=[different("cw_manage:10", "ninja:1")]) == ["cw_manage:10", "ninja:1"]


def test_an_explanation_tells_how_a_device_was_built() -> None:
    """Join by join, with the value on which each was made."""
    rows = [ANNA, {"provider": "cw_manage", "id": "10", "serial": "5CG1111AAA"}]
    answer = resolve_rows(rows).explain(Key("cw_manage", "10"), Key("ninja", "1"))

    assert [claim.kind for claim in answer.path] == [Kind.SERIAL]
    assert answer.steps == ("joined cw_manage:10 with ninja:1: serial 5CG1111AAA",)
