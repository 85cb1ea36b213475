"""Which providers list every adapter of a box is measured, unless the operator says it."""

from matching.model import Record
from matching.policy import Policy
from matching.results.resolution import resolve_records
from tests.matching.calibration.boxes import box


def adapter_fleet(size: int) -> list[Record]:
    """An agent with every adapter beside a PSA with one."""
    macs = [[f"3C:52:82:00:{n:02X}:01", f"3C:52:82:00:{n:02X}:02"] for n in range(size)]
    agent = [box(n, "alpha", macs=macs[n]) for n in range(size)]
    return agent + [box(n, "cw_manage", macs=macs[n][:1]) for n in range(size)]


def test_who_lists_every_adapter_is_measured() -> None:
    """A complete list holds what others know; a list of one never passes."""
    assert resolve_records(adapter_fleet(30)).calibration.complete == {"alpha"}


def test_the_setting_outweighs_the_measurement_of_adapters() -> None:
    """An operator who knows the product is believed."""
    policy = Policy(complete_adapters={"alpha": False, "beta": True})

    assert resolve_records(adapter_fleet(30), policy).calibration.complete == {"beta"}


def test_a_list_that_misses_adapters_is_not_complete() -> None:
    """Each of two agents knows an adapter that the other one does not."""
    macs = [[f"3C:52:82:00:{n:02X}:{adapter:02X}" for adapter in (1, 2, 3)] for n in range(30)]
    fleet = [box(n, "alpha", macs=macs[n][:2]) for n in range(30)] + [
        box(n, "beta", macs=macs[n][1:]) for n in range(30)
    ]

    assert resolve_records(fleet).calibration.complete == frozenset()


def test_few_boxes_prove_nothing() -> None:
    """Until then a list is not taken for complete."""
    assert resolve_records(adapter_fleet(3)).calibration.complete == frozenset()
