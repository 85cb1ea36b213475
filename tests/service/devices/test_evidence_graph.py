"""The evidence around a device: what joins, what is kept apart, what counts for nothing."""

from pathlib import Path

import pytest

from matching.model import Decision, Key, Verdict
from service.core.errors import Moved, NotFound
from service.devices.evidence_graph import MOST_OTHERS, EdgeState, evidence_graph
from service.stewardship.deciding import decide
from service.store.access.visibility import Customer, Visibility
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

GUID = "4C4C4544-0042-3510-8054-B4C04F4A5931"
LEFT, RIGHT = Key("cw_manage", "1"), Key("cw_rmm", "2")


def test_an_identifier_of_two_records_counts_on_both(tmp_path: Path) -> None:
    """Written as people write it; one that a record alone carries is told from that."""
    world = Sandbox(tmp_path)
    world.push(record("cw_manage:1", serial="5CG1234ABC"), record("cw_rmm:2", serial="5cg 1234abc", hostname="nb-1"))

    found = evidence_graph(world, world.home("cw_manage:1"))

    assert found.members == [LEFT, RIGHT]
    assert [(each.record, each.value, each.state, each.reason) for each in found.edges] == [
        (LEFT, "5CG1234ABC", EdgeState.ACCEPTED, "2 records of the device carry it."),
        (RIGHT, "5CG1234ABC", EdgeState.ACCEPTED, "2 records of the device carry it."),
        (RIGHT, "nb-1", EdgeState.ACCEPTED, "No other record of the device carries it."),
    ]
    assert found.bridges == ["Without serial 5CG1234ABC, nothing would join cw_manage:1 to the rest."]


def test_what_several_kinds_join_has_no_bridge(tmp_path: Path) -> None:
    """Take one away, and the other one still joins."""
    world = Sandbox(tmp_path)
    both = {"serial": "5CG1234ABC", "bios_guid": GUID}
    world.push(record("cw_manage:1", **both), record("cw_rmm:2", **both))

    assert evidence_graph(world, world.home("cw_manage:1")).bridges == []


def test_a_record_that_is_kept_apart_shows_what_it_shares_and_why(tmp_path: Path) -> None:
    """It is of another device, which the graph names."""
    world = Sandbox(tmp_path)
    world.push(record("cw_manage:1", serial="5CG1234ABC", hostname="a-1", macs=["3C5282AABB01"]))
    world.push(record("cw_rmm:2", serial="5CG99XYZ", hostname="b-2", macs=["3C5282AABB01"]))

    found = evidence_graph(world, world.home("cw_manage:1"))

    [vetoed] = [each for each in found.edges if each.state is EdgeState.VETOED]
    assert (vetoed.record, vetoed.value) == (RIGHT, "3C:52:82:AA:BB:01")
    different = "cw_manage:1 and cw_rmm:2 are different devices: they agree on MAC 3C:52:82:AA:BB:01, but "
    assert vetoed.reason.startswith(different + "their serials differ")
    assert found.homes == {RIGHT: world.home("cw_rmm:2")}


def test_a_value_that_is_no_evidence_has_its_reason(tmp_path: Path) -> None:
    """It joins nothing, so nobody who shares it is shown."""
    world = Sandbox(tmp_path)
    world.push(
        record("cw_manage:1", serial="To be filled by O.E.M."), record("cw_rmm:2", serial="To be filled by O.E.M.")
    )

    found = evidence_graph(world, world.home("cw_manage:1"))

    [edge] = found.edges
    assert edge.state is EdgeState.SUPPRESSED
    assert edge.reason.startswith("It is no evidence: ")
    assert found.others == []


def test_a_decision_joins_as_an_identifier_does(tmp_path: Path) -> None:
    """And it is what would part them if it were taken back."""
    world = Sandbox(tmp_path)
    world.push(record("cw_manage:1", serial="5CG1234ABC"), record("cw_rmm:2", serial="5CG9999ABC"))
    decide(world, Decision(Verdict.SAME, LEFT, RIGHT, "anna", "one sticker"))

    found = evidence_graph(world, world.home("cw_manage:1"))

    assert [each.record for each in found.edges if each.kind == "decision"] == [LEFT, RIGHT]
    assert found.bridges == ["Without that person's decision, nothing would join cw_manage:1 to the rest."]


def test_few_others_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    """Each takes a look at all that hangs together with it."""
    world = Sandbox(tmp_path)
    macs = [f"3C5282AABB{number:02X}" for number in range(MOST_OTHERS + 2)]
    world.push(record("cw_manage:1", serial="5CG1234ABC", hostname="nb", macs=macs))
    for place, mac in enumerate(macs):
        world.push(record(f"cw_rmm:{place}", serial=f"5CG99{place:02}XYZ", hostname=f"pc-{place}", macs=[mac]))

    found = evidence_graph(world, world.home("cw_manage:1"))

    assert len(found.others) == MOST_OTHERS
    assert found.others_left_out == 2


def test_a_bound_caller_sees_nothing_of_others(tmp_path: Path) -> None:
    """Neither the records that are kept apart nor what they share; a retired or foreign id is not found."""
    world = Sandbox(tmp_path)
    left = record("cw_manage:1", serial="5CG1234ABC", company_id="a", hostname="a-1", macs=["3C5282AABB01"])
    right = record("cw_rmm:2", serial="5CG99XYZ", company_id="b", hostname="b-2", macs=["3C5282AABB01"])
    world.push(left, right)
    assert evidence_graph(world, world.home("cw_manage:1")).others == [RIGHT]
    bound = world.acting(None, Visibility(frozenset({Customer("cw_manage", "a")})))

    found = evidence_graph(bound, world.home("cw_manage:1"))

    assert {each.record for each in found.edges} == {LEFT}
    assert found.others == []
    with pytest.raises(NotFound):
        evidence_graph(bound, world.home("cw_rmm:2"))


def test_a_retired_id_leads_to_its_successor(tmp_path: Path) -> None:
    """As everywhere."""
    world = Sandbox(tmp_path)
    world.push(record("cw_manage:1", serial="5CG1234ABC"), record("cw_rmm:2", serial="5CG9999ABC"))
    before = {world.home("cw_manage:1"), world.home("cw_rmm:2")}
    decide(world, Decision(Verdict.SAME, LEFT, RIGHT, "anna", "one sticker"))
    [retired] = before - {world.home("cw_manage:1")}

    with pytest.raises(Moved):
        evidence_graph(world, retired)
