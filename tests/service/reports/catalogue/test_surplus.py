"""Of several records of a device one stands for it; the others are surplus, each with the reason."""

from pathlib import Path
from typing import Any

from matching.policy import Policy
from service.reports.catalogue.surplus import BOTH_STAY, surplus
from tests.service.reports.fleets import record, reported_devices, world_of

SERIAL = {"serial": "5CG1234ABC", "hostname": "acme-1"}


def found(tmp_path: Path, *records: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return each surplus record of the only device, the one that is kept, and why."""
    [device] = reported_devices(world_of(tmp_path, *records))
    return [(each.record.name, each.kept.name, each.reason) for each in surplus(device, Policy())]


def test_a_single_record_is_not_surplus(tmp_path: Path) -> None:
    """Whoever lists it."""
    assert found(tmp_path, record("cw_manage", "1", **SERIAL)) == []


def test_each_provider_keeps_one_and_the_psa_stands_for_the_device(tmp_path: Path) -> None:
    """First what a provider lists twice, then one record of each further provider."""
    fleet = [record(*key, **SERIAL) for key in (("cw_rmm", "a"), ("cw_rmm", "b"), ("cw_manage", "1"), ("edr", "x"))]

    assert found(tmp_path, *fleet) == [
        ("cw_rmm:b", "cw_rmm:a", "the kept one is the older entry"),
        ("cw_rmm:a", "cw_manage:1", BOTH_STAY),
        ("edr:x", "cw_manage:1", BOTH_STAY),
    ]
