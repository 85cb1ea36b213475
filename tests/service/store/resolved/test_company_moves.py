"""Changes of a device's company are found in the feed."""

from pathlib import Path

from service.resolution.recalibration import recalibrate
from service.store.resolved import company_moves
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_only_changes_of_the_company_are_found(tmp_path: Path) -> None:
    """The latest first; a value that looks like one is none."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001", company="Acme", name="pc"))
    world.push(record("a:1", serial="SN-10001", company="Acme", name='"company":{"from":"x"'))
    world.push(record("a:1", serial="SN-10001", company="Beta", name="pc"))
    world.push(record("a:1", serial="SN-10001", name="pc"))

    with world.store.reading() as connection:
        found = company_moves.since(connection, None)
        later = company_moves.since(connection, found[0].at)

    assert [(each.before, each.after, each.home) for each in found] == [
        ("Beta", None, world.home("a:1")),
        ("Acme", "Beta", world.home("a:1")),
    ]
    assert later == found[:1]


def test_records_that_left_although_they_share_a_value_are_found(tmp_path: Path) -> None:
    """With the device that they left; those that share nothing any more are not."""
    world = Sandbox(tmp_path)
    for name, number in (("Acme", 1), ("Beta", 2)):
        world.push(*(record(f"{each}:{number}", serial=f"SN-1000{number}", company=name) for each in "abc"))
    recalibrate(world)
    world.push(record("c:1", serial="SN-30003", company="Acme"))
    world.push(record("b:1", serial="SN-10001", company="Beta"))
    assert len(world.groups()) == 4

    with world.store.reading() as connection:
        [found] = company_moves.since(connection, None)

    assert (found.home, found.parents) == (world.home("b:1"), (world.home("a:1"),))
    assert (found.before, found.after) == (None, None)
