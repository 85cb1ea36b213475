"""A search says what a text was understood as, what of it is suppressed and why, and how far it went."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from matching.checksums import checksum
from service.core.errors import BadRequest
from service.devices.searching import Found, IdentifierQuery, LookupKind, search, search_many
from service.store.database.tables import identifiers, records
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store in which one text means two things, and a serial is on many boxes."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="3C5282AABB01"), record("a:2", macs=["3C-52-82-AA-BB-01"]))
    world.push(*(record(f"b:{n}", serial="None") for n in range(5)))
    return world


def found(world: Sandbox, identifier: str, kind: LookupKind | None = None, most: int = 10, holders: int = 10) -> Found:
    """Return what a search finds."""
    with world.store.reading() as connection:
        return search(connection, world.policy, IdentifierQuery(identifier, kind), most, holders)


def test_an_ambiguous_text_is_looked_up_as_each(world: Sandbox) -> None:
    """Twelve hexadecimal digits are a serial or a MAC: both boxes are found, the serial's first, and both are told."""
    each = found(world, "3c5282aabb01")

    assert list(each.device_ids) == [world.home("a:1"), world.home("a:2")]
    assert [(meaning.kind, meaning.value) for meaning in each.meanings if meaning.devices == 1] == [
        (LookupKind.SERIAL, "3C5282AABB01"),
        (LookupKind.MAC, "3C:52:82:AA:BB:01"),
    ]
    assert (each.total, each.is_exact, each.is_cut) == (2, True, False)


def test_a_placeholder_is_told_with_the_reason_also_where_nobody_holds_it(world: Sandbox) -> None:
    """And what an operator denied; a value that counts is not."""
    denied = replace(POLICY, deny={"serial": frozenset({"3C5282AABB01"})})
    with world.store.reading() as connection:
        refused = search(connection, denied, IdentifierQuery("3c5282aabb01", LookupKind.SERIAL), 1, 1)

    assert [each.suppressed for each in found(world, "none", LookupKind.SERIAL).meanings] == ["placeholder"]
    assert found(world, "00000000-0000-0000-0000-000000000000", LookupKind.BIOS_GUID).meanings[0].suppressed
    assert [each.suppressed for each in refused.meanings] == ["denied by the operator"]
    assert not any(each.suppressed for each in found(world, "3c5282aabb01").meanings[:2])


def test_a_value_that_its_holders_do_not_count_is_told_with_their_reason(tmp_path: Path) -> None:
    """A serial that is the maker's name is no placeholder, and still no evidence of those who say it."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="Contoso", manufacturer="Contoso"))
    alone = found(world, "contoso", LookupKind.SERIAL).meanings[0].suppressed
    world.push(record("a:2", serial="Contoso", manufacturer="Fabrikam"))

    assert alone == "the record's own manufacturer or model"
    assert found(world, "contoso", LookupKind.SERIAL).meanings[0].suppressed is None


@pytest.mark.parametrize(
    ("most", "holders", "shown", "total", "is_exact", "is_cut"),
    [(5, 5, 5, 5, True, False), (3, 5, 3, 5, True, True), (5, 4, 4, 4, False, True), (3, 4, 3, 4, False, True)],
)
def test_it_says_how_far_it_went(  # noqa: PLR0917 - one case
    world: Sandbox, most: int, holders: int, shown: int, total: int, is_exact: bool, is_cut: bool
) -> None:
    """At most so many devices are shown and so many records looked at; beyond, there are at least so many."""
    each = found(world, "none", LookupKind.SERIAL, most, holders)

    assert (len(each.device_ids), each.total, each.is_exact, each.is_cut) == (shown, total, is_exact, is_cut)


def test_many_questions_are_answered_as_each_alone_and_together(world: Sandbox) -> None:
    """With one statement; where a placeholder is among them, one by one, and the answers are the same."""
    texts = ["3c5282aabb01", "a:2", "a:2", "none", "nobody"]
    questions = [IdentifierQuery(text) for text in texts]
    for holders in (3, 100):
        alone = [found(world, text, holders=holders) for text in texts]
        with world.store.reading() as connection:
            assert search_many(connection, POLICY, questions, 10, holders) == alone

    with collected(world.store) as asked, world.store.reading() as connection:
        search_many(connection, POLICY, questions, 10, 100)
    assert len(asked) == 1


def test_a_value_with_the_checksum_of_another_one_is_not_found(world: Sandbox) -> None:
    """The index is of checksums; whether a record says what is looked for, it says itself."""
    with world.store.writing() as connection:
        [number] = connection.execute(select(records.c.number).where(records.c.record_id == "1")).scalars().all()[:1]
        connection.execute(identifiers.insert(), [{"term": checksum(("serial", "PF0EXMPL")), "record": number}])

    each = found(world, "PF0EXMPL", LookupKind.SERIAL)
    assert (each.device_ids, each.total, each.meanings[0].devices) == ([], 0, 0)


def test_a_blank_is_not_looked_up() -> None:
    """Everything has one."""
    with pytest.raises(BadRequest, match="no identifier"):
        IdentifierQuery("  ").terms()
