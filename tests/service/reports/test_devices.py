"""Reports see devices with their records as they were sent."""

from pathlib import Path

import pytest

from service.reports.devices import as_text
from tests.service.reports.fleets import reported_devices
from tests.service.sandbox import Sandbox, record


def test_records_are_listed_as_they_were_sent(tmp_path: Path) -> None:
    """With their keys, in any notation, and with fields that nobody knows."""
    world = Sandbox(tmp_path)
    sent = [record("a:1", serial="sn-10001", colour="blue"), record("b:1", serial="SN-10001", active=False)]
    world.push(*sent)

    [device] = reported_devices(world)

    assert [each.record for each in device.records] == sent


@pytest.mark.parametrize(("value", "cell"), [(None, None), ("", None), ("x", "x"), (0, "0"), (False, "False")])
def test_only_what_says_nothing_is_an_empty_cell(value: object, cell: str | None) -> None:
    """Nought and no are values."""
    assert as_text(value) == cell
