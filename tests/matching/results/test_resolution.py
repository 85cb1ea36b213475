"""Records in memory become devices, and everything about them can be asked."""

import pytest

from matching.calibration.calibrate import Calibration
from matching.model import Key
from matching.policy import Policy
from matching.results.resolution import resolve_records, resolve_under
from tests.matching.calibration.boxes import box, guid
from tests.matching.stories import record, resolve_rows

ROWS = [
    {"provider": "alpha", "id": "1", "serial": "5CG1111AAA", "bios_guid": "not a guid"},
    {"provider": "beta", "id": "1", "serial": "5CG1111AAA"},
    {"provider": "gamma", "id": "1", "hostname": "pc1"},
]


def test_devices_come_in_order_of_their_first_key() -> None:
    """Their keys are sorted, and each record leads to its own device."""
    resolution = resolve_rows(ROWS[::-1])

    assert [device.keys[0] for device in resolution.devices] == [Key("alpha", "1"), Key("gamma", "1")]
    for device in resolution.devices:
        assert list(device.keys) == sorted(device.keys)
        assert all(resolution.device_of(key) is device for key in device.keys)


def test_of_two_rows_with_one_key_the_later_counts() -> None:
    """In either order, as a file may hold a record twice."""
    old = record("alpha:1", hostname="old", last_seen="2026-01-01T00:00:00Z")
    new = record("alpha:1", hostname="new", last_seen="2026-02-01T00:00:00Z")

    for rows in ([old, new], [new, old]):
        [device] = resolve_records(rows).devices
        assert device.golden.values["hostname"] == "new"


def test_a_record_is_told_what_of_it_did_not_count() -> None:
    """The value with the reason; and what did count."""
    resolution = resolve_rows(ROWS)
    key = Key("alpha", "1")

    assert [value.reason for value in resolution.suppressed(key)] == ["not hexadecimal"]
    assert resolution.identity(key).serials == ("5CG1111AAA",)


def test_a_record_that_is_not_there_is_an_error() -> None:
    """Whatever is asked about it."""
    resolution, nobody = resolve_rows(ROWS), Key("alpha", "404")

    for ask in (resolution.device_of, resolution.identity, resolution.suppressed):
        with pytest.raises(KeyError):
            ask(nobody)
    with pytest.raises(KeyError):
        resolution.explain(nobody, Key("alpha", "1"))


def test_a_given_calibration_is_used_as_it_is() -> None:
    """Nothing is measured on the records then."""
    fleet = [box(n, "alpha", bios_guid=guid(1), hostname=f"pc-{n}") for n in range(3)]

    assert len(resolve_records(fleet).shared) == 1
    assert resolve_under(fleet, Policy(), (), Calibration()).shared == ()


def test_the_graph_of_a_device_connects_its_records() -> None:
    """Made when it is asked for."""
    resolution = resolve_rows(ROWS)

    assert set(resolution.graph(resolution.devices[0])) == {"alpha:1", "beta:1", "serial=5CG1111AAA"}


def test_no_records_are_no_devices() -> None:
    """An empty fleet is a fleet."""
    resolution = resolve_records([])

    assert (resolution.devices, resolution.reviews, resolution.shared) == ((), (), ())
