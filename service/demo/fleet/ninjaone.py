"""Devices as NinjaOne's public API returns them: the detailed list and the two query reports."""

from collections.abc import Iterable
from typing import Any

from service.demo.fleet.companies import NETWORK_GEAR, SERVERS, Role
from service.demo.fleet.cw_rmm import colons
from service.demo.fleet.seeded import draw_guid
from service.demo.fleet.sightings import NETBIOS_LENGTH, NOW, OFFLINE_AFTER, Sighting

NODE_CLASSES = {
    Role.MAC: "MAC",
    Role.SWITCH: "NMS_SWITCH",
    Role.PRINTER: "NMS_PRINTER",
    Role.FIREWALL: "NMS_FIREWALL",
}


def _node_class(row: Sighting) -> str:
    if row.box.os[0] == "Linux":
        return "LINUX_SERVER"
    return NODE_CLASSES.get(row.box.role, "WINDOWS_SERVER" if row.box.role in SERVERS else "WINDOWS_WORKSTATION")


def _device(row: Sighting) -> dict[str, Any]:
    box, organisation = row.box, int(row.company_id)
    renamed = row.name != box.name
    shown: dict[str, Any] = {
        "id": int(row.id),
        "uid": draw_guid(row.rng("uid")).lower(),
        "organizationId": organisation,
        "locationId": organisation + 1,
        "nodeClass": _node_class(row),
        "approvalStatus": "APPROVED",
        "offline": NOW - row.seen >= OFFLINE_AFTER,
        "displayName": row.name,
        "systemName": row.name,
        "dnsName": f"{row.name}.{box.owner.domain}".lower() if renamed else box.full_name,
        "netbiosName": row.name.upper()[:NETBIOS_LENGTH],
        "lastContact": row.seen.timestamp() + row.rng("fraction").below(1000) / 1000,
        "ipAddresses": [box.ip],
        "macAddresses": [colons(mac) for mac in row.macs],
        "publicIP": f"203.0.113.{10 + int(box.owner.ids['cw_manage']) % 200}",
        "references": {
            "organization": {"id": organisation, "name": row.company},
            "location": {"id": organisation + 1, "name": "Main"},
        },
    }
    if box.role in NETWORK_GEAR:
        del shown["dnsName"], shown["netbiosName"]
    return shown


def _computer_system(row: Sighting) -> dict[str, Any]:
    box = row.box
    return {
        "deviceId": int(row.id),
        "name": row.name,
        "manufacturer": box.product.maker,
        "model": box.model,
        "serialNumber": row.serial,
        "biosSerialNumber": row.serial if row.bios_serial is None else row.bios_serial,
        "domain": "" if box.role is Role.MAC else box.owner.domain,
        "virtualMachine": box.role in (Role.VMWARE, Role.HYPERV),
        "timestamp": row.seen.timestamp(),
    }


def _interface(row: Sighting, at: int, mac: str) -> dict[str, Any]:
    return {
        "deviceId": int(row.id),
        "interfaceType": "WIFI" if at == 1 and row.box.product.wireless else "ETHERNET",
        "macAddress": [colons(mac)],
        "ipAddress": [] if at else [row.box.ip],
        "timestamp": row.seen.timestamp(),
    }


def _by_number(rows: Iterable[Sighting]) -> list[Sighting]:
    return sorted(rows, key=lambda row: int(row.id))


def _report(name: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    expires = NOW.timestamp() + 300
    return {"cursor": {"name": name, "offset": 0, "count": len(results), "expires": expires}, "results": results}


def devices_detailed(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return the answer of `devices-detailed`, by id."""
    return [_device(row) for row in _by_number(rows)]


def computer_systems(rows: Iterable[Sighting]) -> dict[str, Any]:
    """Return the answer of `queries/computer-systems`: computers only, as network gear has no such report."""
    computers = [row for row in _by_number(rows) if row.box.role not in NETWORK_GEAR]
    return _report("computer-systems", [_computer_system(row) for row in computers])


def network_interfaces(rows: Iterable[Sighting]) -> dict[str, Any]:
    """Return the answer of `queries/network-interfaces`: one row an adapter."""
    adapters = [_interface(row, at, mac) for row in _by_number(rows) for at, mac in enumerate(row.macs)]
    return _report("network-interfaces", adapters)
