"""A device in short counts what there is about it, and nothing of others."""

from pathlib import Path

from service.store.resolved import summaries
from tests.service.people import decide
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

GUIDS = ["4C4C4544-0051-3510-8052-B8C04F4E3132", "5C4C4544-0051-3510-8052-B8C04F4E3132"]


def test_a_device_counts_its_records_reviews_and_decisions(tmp_path: Path) -> None:
    """A review counts for the devices of both sides, a decision for those of both records, once where they are one."""
    world = Sandbox(tmp_path)
    world.push(
        *(record(f"{side}:1", serial="SN-10001", bios_guid=guid) for side, guid in zip("ab", GUIDS, strict=True))
    )
    world.push(*(record(key, serial="SN-20002") for key in ("b:2", "c:2", "c:3")), record("z:9", serial="SN-90009"))
    decide(world, "same", "c:2", "c:3")
    decide(world, "different", "b:2", "z:9")
    left, right, both, other = (world.home(key) for key in ("a:1", "b:1", "b:2", "z:9"))

    with world.store.reading() as connection:
        found = summaries.read(connection, [left, right, both, other, "unknown"])

    assert found.keys() == {left, right, both, other}
    assert [found[each].providers for each in (left, both)] == [{"a": 1}, {"b": 1, "c": 2}]
    assert [found[each].records for each in (left, both)] == [1, 3]
    assert [found[each].open_reviews for each in (left, right, both, other)] == [1, 1, 0, 0]
    assert [found[each].decisions for each in (left, right, both, other)] == [0, 0, 2, 1]
