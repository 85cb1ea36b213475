"""Reports see devices with their records as they were sent."""

from pathlib import Path

import pytest

from service.reports.context import ReportContext, ReportRequest
from service.reports.devices import as_text, devices
from service.reports.rules import ReportRules
from service.store.access.visibility import Customer, Visibility
from tests.service.people import decide
from tests.service.reports.fleets import NOW, reported_devices
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


def test_devices_whose_records_differ_are_read_alone(tmp_path: Path) -> None:
    """Also for a key that is bound to customers."""
    world = Sandbox(tmp_path)
    world.push(*(record(f"a:{n}", serial=f"SN-{n}000{n}", company_id="7") for n in range(1, 4)))
    decide(world, "same", "a:1", "a:2")
    bound = Visibility(frozenset({Customer("a", "7")}))

    for visibility in (None, bound):
        with world.store.reading() as connection:
            context = ReportContext(connection, world.policy, ReportRules(), NOW, ReportRequest(), visibility)
            found = {flag: [each.id for each in devices(context, has_conflict=flag)] for flag in (True, False)}
        assert found == {True: [world.home("a:1")], False: [world.home("a:3")]}
