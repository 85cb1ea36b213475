"""Configurations as `GET /company/configurations` of ConnectWise Manage returns them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from service.demo.fleet.companies import CW_AUTOMATE, CW_RMM, NETWORK_GEAR, SERVERS, Role
from service.demo.fleet.seeded import SeededRandom, draw_guid
from service.demo.fleet.sightings import Sighting

HOST = "https://na.psa.example/v4_6_release/apis/3.0"
TYPES = {
    "Managed Workstation": 17,
    "Managed Server": 18,
    "Network Switch": 21,
    "Printer": 22,
    "Firewall": 23,
    "Printer Consumable": 31,
    "Software License": 32,
    "Domain Name": 33,
    "SSL Certificate": 34,
}
TYPE_OF_GEAR = {Role.SWITCH: "Network Switch", Role.PRINTER: "Printer", Role.FIREWALL: "Firewall"}
STATUSES = {"Active": 1, "Inactive": 2, "Retired": 5}
WRITERS = {CW_RMM: "CWRMM Integration", CW_AUTOMATE: "AutomateAPI"}
MAC_LENGTH = 25  # of the field
DEVICE_IDENTIFIER_WRITTEN = 0.8  # of the configurations that an integration writes


def stamp(moment: datetime) -> str:
    """Return a time as the API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _reference(word: str, path: str, number: int, name: str) -> dict[str, Any]:
    return {"id": number, "name": name, "_info": {f"{word}_href": f"{HOST}/{path}/{number}"}}


def _type(row: Sighting) -> str:
    if row.box.role is Role.ENTRY:
        return row.box.model
    usual = "Managed Server" if row.box.role in SERVERS else "Managed Workstation"
    return TYPE_OF_GEAR.get(row.box.role, usual)


def _company(row: Sighting) -> dict[str, Any]:
    filed = row.company_id == row.box.owner.ids[row.provider]
    row_id = draw_guid(SeededRandom(row.seed, "company", row.company_id))  # this `mobileGuid` is the company's row id
    return {
        "id": int(row.company_id),
        "identifier": row.box.owner.netbios.title() if filed else row.company,
        "name": row.company,
        "_info": {
            "company_href": f"{HOST}/company/companies/{row.company_id}",
            "mobileGuid": row_id.lower(),
        },
    }


def _macs(row: Sighting) -> str:
    rng = row.rng("mac")
    if len(row.macs) == 2:
        return rng.pick((",", " ", ";")).join(row.macs)
    if not row.macs:
        return ""
    mac = row.macs[0]
    pairs, fours = [mac[at : at + 2] for at in range(0, 12, 2)], [mac[at : at + 4] for at in range(0, 12, 4)]
    return rng.pick((":".join(pairs), "-".join(pairs), ".".join(fours).lower(), mac, ":".join(pairs).lower()))


def _device_identifier(row: Sighting) -> str:
    if row.source is None:
        return ""
    written = row.box.id == "demo" or row.rng("identifier").chance(DEVICE_IDENTIFIER_WRITTEN)
    return row.source.id if written else ""


def _secret(row: Sighting) -> list[dict[str, Any]]:
    if not row.secret:
        return []
    question = {"question": "Admin password", "answer": row.secret, "fieldType": "Password"}
    location = {"question": "Rack location", "answer": "Comms cupboard", "fieldType": "Text"}
    return [
        {"answerId": int(row.id) * 10 + at, "questionId": 60 + at, "sequenceNumber": at, "requiredFlag": False, **asked}
        for at, asked in enumerate((location, question), start=1)
    ]


def _texts(row: Sighting) -> dict[str, str]:
    box = row.box
    family, product, version = box.os
    network = box.role is not Role.ENTRY
    agent = row.source is not None
    return {
        "deviceIdentifier": _device_identifier(row),
        "serialNumber": row.serial,
        "modelNumber": box.model if network else "",
        "tagNumber": box.tag,
        "macAddress": _macs(row),
        "lastLoginName": box.user if agent else "",
        "ipAddress": box.ip if agent or box.role in NETWORK_GEAR else "",
        "defaultGateway": box.gateway if agent and box.ip else "",
        "osType": family,
        "osInfo": f"{product} {version}" if agent and product else "",
    }


def configuration(row: Sighting) -> dict[str, Any]:
    """Return one configuration. Empty texts are left out, as the API leaves them out."""
    box = row.box
    kind = _type(row)
    bought = stamp(row.seen.replace(hour=0, minute=0, second=0) - timedelta(days=200 + row.rng("bought").below(1200)))
    shown: dict[str, Any] = {
        "id": int(row.id),
        "name": row.name,
        "type": _reference("type", "company/configurations/types", TYPES[kind], kind),
        "status": _reference("status", "company/configurations/statuses", STATUSES[row.status], row.status),
        "company": _company(row),
        "site": {"id": int(row.company_id) * 2, "name": "Main"},
        "locationId": 2,
        "businessUnitId": 10,
        **{name: text for name, text in _texts(row).items() if text},
        "purchaseDate": bought,
        "billFlag": row.active,
        "manufacturer": {"id": sum(map(ord, box.product.maker)), "name": box.product.maker},
        "questions": _secret(row),
        "activeFlag": row.active,
        "mobileGuid": row.guid or None,
        "_info": {
            "lastUpdated": stamp(row.seen),
            "updatedBy": WRITERS.get(row.source.provider, "NinjaSync") if row.source else "khale",
        },
    }
    if not box.product.maker:
        del shown["manufacturer"]
    return shown


def configurations(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return all configurations, by id."""
    return sorted(map(configuration, rows), key=lambda shown: shown["id"])
