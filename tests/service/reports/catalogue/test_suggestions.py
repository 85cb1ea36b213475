"""For a PSA row without identifiers the devices of its customer are suggested that it may be about."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matching.policy import Policy, Trust
from service.devices.lookup import lookup
from service.reports.catalogue.suggestions import (
    Suggestion,
    SuggestionFinder,
    says_nothing,
    suggestions_about,
    suggestions_for,
)
from service.reports.context import ReportContext, ReportRequest
from service.reports.devices import ReportedDevice, devices
from service.reports.rules import ReportRules
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import NOW, record, world_of
from tests.service.stores import on_both

pytestmark = on_both

AGENT = {"serial": "5CG1234ABC", "hostname": "ACME-RECEPTION-01", "last_user": "ACME\\anna"}
ROW = record("cw_manage", "1", name="Reception PC", last_user="anna")


def context_of(connection: Any, world: World) -> ReportContext:
    """Return what a report is made of."""
    return ReportContext(connection, world.policy, ReportRules(), NOW, ReportRequest(), world.visibility)


def suggested(world: World) -> dict[str, list[Suggestion]]:
    """Return what is suggested for each row that says nothing, by its record; the same as for each asked alone."""
    found = {}
    with world.store.reading() as connection:
        context = context_of(connection, world)
        finder = SuggestionFinder(context)
        silent = [device for device in devices(context) if finder.add(device)]
        for device in silent:
            found[device.records[0].name] = finder.suggestions_for(device.id)
            assert suggestions_for(context, device) == found[device.records[0].name]
    return found


def test_a_suggestion_has_reasons_and_the_command_that_decides(tmp_path: Path) -> None:
    """The weightiest reason first, in words, and the records ready to paste."""
    [found] = suggested(world_of(tmp_path, ROW, record("cw_rmm", "A 17", **AGENT)))["cw_manage:1"]

    assert (found.name, found.record) == ("ACME-RECEPTION-01", "cw_rmm:A 17")
    assert found.why == "same last user anna; a name like ACME-RECEPTION-01; same type laptop"
    assert found.command == "samebox decide same cw_manage:1 'cw_rmm:A 17'"


def test_one_device_is_asked_about_by_its_id(tmp_path: Path) -> None:
    """The same as in the report; nothing for a device with an identifier, and for one that nobody has."""
    world = world_of(tmp_path, ROW, record("cw_rmm", "A 17", **AGENT))
    [silent] = lookup(world, "cw_manage:1")
    [agent] = lookup(world, "5CG1234ABC")

    assert suggestions_about(world, ReportRules(), silent.id) == suggested(world)["cw_manage:1"]
    assert suggestions_about(world, ReportRules(), agent.id) is None
    assert suggestions_about(world, ReportRules(), "nothing") is None


def test_a_bound_caller_is_suggested_what_they_see(tmp_path: Path) -> None:
    """Of the other customer's devices there is nothing."""
    world = world_of(tmp_path, {**ROW, "company_id": "1"}, record("cw_rmm", "A 17", **AGENT))
    [silent] = lookup(world, "cw_manage:1")
    bound = replace(world, visibility=Visibility(frozenset({Customer("cw_manage", "1")})))

    assert suggestions_about(bound, ReportRules(), silent.id) == []


def test_only_devices_without_a_row_in_the_psa_are_suggested(tmp_path: Path) -> None:
    """One that has a row is accounted for, also with one that is retired; one that is not in use is no candidate."""
    others = [
        record("cw_rmm", "a", **AGENT),
        record("cw_manage", "2", serial=AGENT["serial"], hostname=AGENT["hostname"], status="Retired"),
        record("cw_rmm", "b", **{**AGENT, "serial": "5CG5678DEF", "hostname": "RECEPTION-02"}, active=False),
    ]

    assert suggested(world_of(tmp_path, ROW, *others)) == {"cw_manage:1": []}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "Reception PC"}, True),
        ({"name": "ACME-LT-0421"}, True),
        ({"name": "x", "serial": "To be filled by O.E.M."}, True),
        ({"name": "x", "serial": "5CG9012GHI"}, False),
        ({"name": "x", "bios_guid": "4C4C4544-0042-3510-8054-B4C04F4A5931"}, False),
        ({"name": "x", "macs": ["3C-52-82-AA-BB-01"]}, False),
        ({"name": "x", "hostname": "acme-lt-0421"}, False),
        ({"name": "x", "links": [{"provider": "cw_rmm", "id": "zz"}]}, False),
        ({"name": "x", "status": "Retired"}, False),
    ],
)
def test_a_row_says_nothing_without_any_usable_identifier(
    tmp_path: Path, fields: dict[str, Any], expected: bool
) -> None:
    """A display name is what people call it, and a placeholder is no serial; what is not in use asks for nothing."""
    world = world_of(tmp_path, record("cw_manage", "1", **fields))

    with world.store.reading() as connection:
        context = context_of(connection, world)
        [device] = devices(context)
        assert says_nothing(device, context) is expected


def test_a_value_that_is_suppressed_is_no_identifier(tmp_path: Path) -> None:
    """What the fleet or the operator has ruled out joins nothing: here a field that is not trusted."""
    policy = Policy(trust={"cw_manage": {"serial": Trust.NEVER}})
    row = record("cw_manage", "1", name="Reception PC", serial="5CG9012GHI")

    assert list(suggested(world_of(tmp_path, row, record("cw_rmm", "a", **AGENT), policy=policy))) == ["cw_manage:1"]


def test_the_company_map_says_who_is_one_customer(tmp_path: Path) -> None:
    """Providers name customers differently; another customer's device is never suggested."""
    row = record("cw_manage", "1", name="Reception PC", company="Acme Incorporated", company_id="250")
    boxes = [
        record(provider, f"{provider}-{number}", serial=f"5CG1234AB{number}", company=company, company_id=company_id)
        for number in range(6)
        for provider, company, company_id in (("cw_manage", "Acme Incorporated", "250"), ("cw_rmm", "AC Mgmt", "7"))
    ]
    theirs = record("cw_rmm", "a", **AGENT, company="AC Mgmt", company_id="7")
    foreign = record("cw_rmm", "b", **{**AGENT, "serial": "5CG5678DEF"}, company="Beta", company_id="8")

    found = suggested(world_of(tmp_path, row, *boxes, theirs, foreign))

    assert [each.record for each in found["cw_manage:1"]] == ["cw_rmm:a"]


def test_a_bound_key_is_suggested_visible_devices_alone(tmp_path: Path) -> None:
    """Customers are one by equal names among what it sees; the map that all records taught is not asked."""
    row = record("cw_manage", "1", name="Reception PC", company_id="250")
    visible, hidden = (
        record("cw_rmm", record_id, **{**AGENT, "serial": f"5CG1234{record_id}"}, company_id=company_id)
        for record_id, company_id in (("AA1", "7"), ("BB2", "8"))
    )
    world = world_of(tmp_path, row, visible, hidden)
    seen = Visibility(frozenset({Customer("cw_manage", "250"), Customer("cw_rmm", "7")}))

    found = suggested(replace(world, visibility=seen))

    assert [each.record for each in found["cw_manage:1"]] == ["cw_rmm:AA1"]


def test_nothing_is_suggested_for_a_row_of_nobody(tmp_path: Path) -> None:
    """Without a customer every device would be a candidate."""
    row = record("cw_manage", "1", name="Reception PC", last_user="anna", company="Catchall")

    assert suggested(world_of(tmp_path, row, record("cw_rmm", "a", **AGENT))) == {"cw_manage:1": []}


def test_a_device_with_an_identifier_is_asked_about_in_vain(tmp_path: Path) -> None:
    """Rules join it, or a person looks at its reviews."""
    world = world_of(tmp_path, record("cw_manage", "1", name="Reception PC", serial="5CG9012GHI"))

    with world.store.reading() as connection:
        context = context_of(connection, world)
        [device] = devices(context)
        assert suggestions_for(context, device) == []
        assert isinstance(device, ReportedDevice)
