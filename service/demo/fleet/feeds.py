"""Generate from a seed the text of every feed file, and of the truth about them."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from service.demo.fleet import cw_automate, cw_manage, cw_rmm, ninjaone
from service.demo.fleet.boxes import draw_boxes
from service.demo.fleet.companies import CW_AUTOMATE, CW_MANAGE, CW_RMM, NINJAONE
from service.demo.fleet.entries import add_entries
from service.demo.fleet.hardware_faults import HARDWARE_FAULTS
from service.demo.fleet.pathologies import DemoFleet
from service.demo.fleet.record_faults import RECORD_FAULTS, count_incidental
from service.demo.fleet.review_faults import REVIEW_FAULTS
from service.demo.fleet.seeded import SeededRandom, draw_guid
from service.demo.fleet.sightings import Sighting, sight_all

# The first id of each provider; two ranges overlap, so that an id without its provider is ambiguous.
FIRST_ID = {CW_MANAGE: 4711, CW_AUTOMATE: 4702, NINJAONE: 88}


def draw_fleet(seed: int) -> DemoFleet:
    """Return the fleet with all its defects and an id on every record."""
    fleet = DemoFleet(seed, list(draw_boxes(seed)))
    for fault in HARDWARE_FAULTS:
        fault(fleet)
    add_entries(fleet)
    fleet.sightings = sight_all(seed, fleet.boxes)
    for fault in (*RECORD_FAULTS, *REVIEW_FAULTS, count_incidental):
        fault(fleet)
    for provider in (CW_RMM, CW_AUTOMATE, NINJAONE, CW_MANAGE):
        _number([row for row in fleet.sightings if row.provider == provider])
    return fleet


def _number(rows: list[Sighting]) -> None:
    """Give every record an id, in random order; the demo device gets the first, what was entered last the last ones."""
    first = [row for row in rows if not row.entered_last]
    drawn = SeededRandom(rows[0].seed, "numbers", rows[0].provider).shuffled(first)
    number = FIRST_ID.get(rows[0].provider, 0)
    ordered = sorted(drawn, key=lambda row: row.box.id != "demo")
    for row in (*ordered, *(row for row in rows if row.entered_last)):
        row.id = str(number) if number else draw_guid(row.rng("endpoint")).lower()
        number += 1 + row.rng("gap").below(3) if number else 0


def feeds(fleet: DemoFleet) -> dict[str, str]:
    """Return the text of every feed file by its path."""
    rows = {
        provider: [row for row in fleet.sightings if row.provider == provider] for provider in FIRST_ID | {CW_RMM: 0}
    }
    return {
        "cw_automate/chassis.json": listed(cw_automate.chassis(rows[CW_AUTOMATE])),
        "cw_automate/computers.json": listed(cw_automate.computers(rows[CW_AUTOMATE])),
        "cw_manage/configurations.json": listed(cw_manage.configurations(rows[CW_MANAGE])),
        "cw_rmm/companies.json": listed(cw_rmm.companies(rows[CW_RMM])),
        "cw_rmm/endpoints.json": f'{{"endpoints": {{"platform": {_grouped(cw_rmm.endpoints(rows[CW_RMM]))}}}}}\n',
        "cw_rmm/heartbeat.json": f'{{"successfulRecords": {_grouped(cw_rmm.heartbeats(rows[CW_RMM]))}}}\n',
        "ninjaone/computer-systems.json": _report(ninjaone.computer_systems(rows[NINJAONE])),
        "ninjaone/devices-detailed.json": listed(ninjaone.devices_detailed(rows[NINJAONE])),
        "ninjaone/network-interfaces.json": _report(ninjaone.network_interfaces(rows[NINJAONE])),
        "truth.csv": _truth(fleet.sightings),
    }


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def listed(rows: Iterable[Any]) -> str:
    """Return a JSON array with one row a line, so that a change of one record is a change of one line."""
    return "[\n" + ",\n".join(map(_line, rows)) + "\n]\n"


def _report(report: dict[str, Any]) -> str:
    return f'{{"cursor": {_line(report["cursor"])}, "results": {listed(report["results"]).rstrip()}}}\n'


def _grouped(groups: list[dict[str, Any]]) -> str:
    """Return groups of endpoints as an array, one endpoint a line."""
    lines = [
        f'{{"companyID": {_line(group["companyID"])}, "siteID": {_line(group["siteID"])}, '
        f'"endpoints": {listed(group["endpoints"]).rstrip()}}}'
        for group in groups
    ]
    return "[\n" + ",\n".join(lines) + "\n]"


def _truth(rows: list[Sighting]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("provider", "id", "device"))
    writer.writerows(sorted((row.provider, row.id, row.box.id) for row in rows))
    return text.getvalue()
