"""Decisions go from store to store, whole or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from matching.model import Decision, Key, Verdict
from service.core.errors import BadRequest, Conflict
from service.stewardship.deciding import list_decisions
from service.stewardship.transfer import exported
from tests.service.people import bring, decide, decision, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

RECORDS = [record("a:1", serial="SN-10001"), record("b:1", serial="SN-20002"), record("c:1", serial="SN-30003")]


def read(lines: list[dict[str, str]]) -> list[Decision]:
    """Return the decisions of exported lines."""
    return [
        Decision(
            Verdict(line["verdict"]),
            Key.parse(line["left"]),
            Key.parse(line["right"]),
            line["by"],
            line["why"],
            line["at"],
        )
        for line in lines
    ]


def test_what_was_decided_here_binds_there(tmp_path: Path) -> None:
    """Exported, imported into another store: same decisions, by whom, why and when; what was revoked stays behind."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    here, there = Sandbox(tmp_path / "here"), Sandbox(tmp_path / "there", "other")
    for world in (here, there):
        world.push(*RECORDS)
    decide(here, "same", "a:1", "b:1")
    decide(here, "different", "b:1", "c:1")
    gone = decide(here, "different", "a:1", "c:1").decision
    revoke(here, gone.id)

    result = bring(there, read(exported(here)))

    assert (result.new, result.known, result.waiting) == (2, 0, 0)
    assert exported(there) == exported(here)
    assert set(map(frozenset, there.groups().values())) == set(map(frozenset, here.groups().values()))
    before = there.everything()
    assert bring(there, read(exported(here))).known == 2
    assert there.everything() == before


def test_decisions_may_come_before_their_records(tmp_path: Path) -> None:
    """They wait, are counted as waiting, and bind when the records arrive."""
    world = Sandbox(tmp_path)
    world.push(RECORDS[0])

    assert bring(world, [decision("same", "b:1", "a:1")]).waiting == 1
    world.push(RECORDS[1])

    assert world.home("a:1") == world.home("b:1")


def test_an_import_that_contradicts_stores_nothing(tmp_path: Path) -> None:
    """Neither itself nor what stands; who decided against whom is named."""
    world = Sandbox(tmp_path)
    world.push(*RECORDS)
    stands = decide(world, "different", "a:1", "c:1", by="anna").decision
    before = world.everything()

    with pytest.raises(Conflict, match=f"b:1 and c:1 cannot be decided same: decision {stands.id} of anna"):
        bring(world, [decision("same", "a:1", "b:1", by="carl"), decision("same", "b:1", "c:1", by="dora")])

    assert world.everything() == before
    assert [each.id for each in list_decisions(world).data] == [stands.id]


@pytest.mark.parametrize(
    "bad",
    [decision("same", "a:1", "a:1"), decision("same", "a:1", "b:" + "x" * 201), decision("same", "a:1", "b:\x1b[2J")],
    ids=["one-record", "long-id", "control-characters"],
)
def test_a_decision_that_cannot_be_kept_stops_the_import(tmp_path: Path, bad: Decision) -> None:
    """The good ones beside it are not half stored."""
    world = Sandbox(tmp_path)
    world.push(*RECORDS)

    with pytest.raises(BadRequest):
        bring(world, [decision("same", "a:1", "b:1"), bad])

    assert list_decisions(world).data == []


def test_a_decision_twice_in_one_import_is_one(tmp_path: Path) -> None:
    """In either order of its records."""
    world = Sandbox(tmp_path)
    world.push(*RECORDS)
    wanted = decision("same", "a:1", "b:1")

    result = bring(world, [wanted, replace(wanted, left=wanted.right, right=wanted.left)])

    assert (result.new, result.known) == (1, 1)
