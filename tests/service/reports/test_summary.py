"""The fleet in numbers that add up."""

from pathlib import Path

from service.ingest.protocol import Quarantined
from service.reports.summary import summary
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_an_empty_store_counts_nothing(tmp_path: Path) -> None:
    """Before the first sync there is nothing to add up."""
    counted = summary(Sandbox(tmp_path))

    assert (counted.records, counted.devices, counted.providers) == (0, 0, [])


def test_records_minus_duplicates_is_devices(tmp_path: Path) -> None:
    """Each surplus record is counted once, inside its provider or across."""
    world = Sandbox(tmp_path)
    world.sync("cw_manage", record("cw_manage:1", serial="SN-10001"), record("cw_manage:2", serial="SN-10001"))
    world.sync("cw_rmm", record("cw_rmm:1", serial="SN-10001"), record("cw_rmm:2", serial="SN-20002"))
    line = Quarantined("ninjaone", "7", "no id", {})
    world.sync("ninjaone", record("ninjaone:1", serial="SN-20002"), quarantined=[line])

    counted = summary(world)

    assert (counted.records, counted.devices) == (5, 2)
    assert (counted.duplicates_inside, counted.duplicates_across) == (1, 2)
    assert counted.records - counted.duplicates_inside - counted.duplicates_across == counted.devices
    assert (counted.not_in_psa, counted.not_in_rmm, counted.quarantined) == (1, 0, 1)
    assert [(each.provider, each.records, each.devices, each.missing) for each in counted.providers] == [
        ("cw_manage", 2, 1, 1),
        ("cw_rmm", 2, 2, 0),
        ("ninjaone", 1, 1, 1),
    ]
