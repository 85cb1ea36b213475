"""
Endpoints as the Asio platform of ConnectWise RMM lists them, its companies and its heartbeats.

A call to the platform may ask for at most fifteen fields; `_endpoint` gives every field.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from service.demo.fleet.companies import PORTABLE, SERVERS, Role
from service.demo.fleet.cw_manage import stamp
from service.demo.fleet.sightings import NOW, OFFLINE_AFTER, Sighting

VIRTUAL = {Role.VMWARE: "VMware", Role.HYPERV: "HyperV"}
RENAMED = 0.08  # of the endpoints, by a technician: the friendly name is free text


def colons(mac: str) -> str:
    """Return twelve digits as the usual six pairs."""
    return ":".join(mac[at : at + 2] for at in range(0, 12, 2))


def _kind(row: Sighting) -> str:
    if row.box.role in SERVERS:
        return "Server"
    return "Laptop" if row.box.role in PORTABLE else "Desktop"


def _endpoint(row: Sighting) -> dict[str, Any]:
    box, kind = row.box, _kind(row)
    renamed = box.id != "demo" and row.rng("friendly").chance(RENAMED)
    build = box.os[2].rpartition(".")[2]
    return {
        "endpointID": row.id,
        "deviceName": row.name,
        "friendlyName": f"{kind} of {box.user.rpartition(chr(92))[2]}" if renamed else row.name,
        "endpointType": kind,
        "resourceType": "endpoint",
        "type": kind,
        "virtualType": VIRTUAL.get(box.role, ""),
        "macAddress": [colons(mac) for mac in row.macs],
        "ipAddress": [box.ip],
        "remoteAddress": f"203.0.113.{10 + int(box.owner.ids['cw_manage']) % 200}",
        "networks": [
            {"macAddress": colons(mac), "ipv4List": [] if at else [box.ip]} for at, mac in enumerate(row.macs)
        ],
        "baseboard": {"hardwareUUID": row.guid, "serialNumber": box.board_serial, "manufacturer": box.product.maker},
        "system": {
            "serialNumber": row.serial,
            "manufacturer": box.product.maker,
            "model": box.model,
            "domain": "" if box.role is Role.MAC else box.owner.domain,
        },
        "bios": {"serialNumber": row.serial, "manufacturer": box.product.maker},
        "os": {"product": box.os[1], "version": box.os[2], "buildNumber": build},
    }


def _by_company(rows: Iterable[Sighting]) -> Iterator[tuple[str, Iterable[Sighting]]]:
    ordered = sorted(rows, key=lambda row: (row.company_id, row.id))
    yield from groupby(ordered, key=lambda row: row.company_id)


def endpoints(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return the groups of the endpoint list: one a company and site, endpoints by id in each."""
    return [
        {"companyID": company, "siteID": f"{company}-main", "endpoints": [_endpoint(row) for row in group]}
        for company, group in _by_company(rows)
    ]


def heartbeats(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return the records of the heartbeat list, which alone says when an endpoint was last seen."""
    return [
        {"companyID": company, "siteID": f"{company}-main", "endpoints": [_heartbeat(row) for row in group]}
        for company, group in _by_company(rows)
    ]


def _heartbeat(row: Sighting) -> dict[str, Any]:
    return {"endpointID": row.id, "DcDateTimeUTC": stamp(row.seen), "Availability": NOW - row.seen < OFFLINE_AFTER}


def companies(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return the answer of the company list, by id."""
    names = {row.company_id: row.company for row in rows}
    return [{"id": key, "name": name, "friendlyName": name, "externalIds": []} for key, name in sorted(names.items())]
