"""Computers as ConnectWise Automate lists them, and the chassis list that holds their GUIDs."""

from collections.abc import Iterable
from typing import Any

from service.demo.fleet.companies import PORTABLE, SERVERS, Role
from service.demo.fleet.cw_manage import stamp
from service.demo.fleet.sightings import Sighting

LOCATION_OFFSET = 100  # location ids are numbers of their own


def _computer(row: Sighting) -> dict[str, Any]:
    box = row.box
    client = int(row.company_id)
    owner_id = int(box.owner.ids["cw_manage"]) if row.company_id == box.owner.ids[row.provider] else 0
    return {
        "Id": row.id,
        "ComputerName": row.name,
        "FriendlyName": row.name,
        "SerialNumber": row.serial,
        "MACAddress": row.macs[0],
        "LocalIPAddress": box.ip,
        "GatewayIPAddress": box.gateway,
        "OperatingSystemName": box.os[1],
        "OperatingSystemVersion": box.os[2],
        "DomainName": "WORKGROUP" if box.role is Role.MAC else box.owner.domain,
        "LastUserName": box.user,
        "LoggedInUsers": [],
        "RemoteAgentLastContact": stamp(row.seen),
        "LastHeartbeat": stamp(row.seen),
        "Client": {"Id": client, "Name": row.company, "ExternalId": owner_id},
        "Location": {"Id": client + LOCATION_OFFSET, "Name": "Main"},
        "Type": "Server" if box.role in SERVERS else "Workstation",
        "IsVirtualMachine": box.role in (Role.VMWARE, Role.HYPERV),
        "AssetTag": box.tag,
    }


def _chassis(row: Sighting) -> dict[str, Any]:
    return {
        "ComputerId": row.id,
        "UUID": row.guid,
        "SerialNumber": row.serial,
        "MainBoardSerialNumber": row.box.board_serial,
        "ChassisType": "Notebook" if row.box.role in PORTABLE else "Desktop",
    }


def _by_number(rows: Iterable[Sighting]) -> list[Sighting]:
    return sorted(rows, key=lambda row: int(row.id))


def computers(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return the answer of `Computers`, by id."""
    return [_computer(row) for row in _by_number(rows)]


def chassis(rows: Iterable[Sighting]) -> list[dict[str, Any]]:
    """Return the answer of `Computers/Chassis`, by computer."""
    return [_chassis(row) for row in _by_number(rows)]
