"""ConnectWise Automate: the shape of its answers, and its traps."""

from pathlib import Path
from typing import Any

from service.ingest.cw_automate import CwAutomate
from tests.service.ingest.feeds import only_record, pulled, write

COMPUTER: dict[str, Any] = {
    "Id": "4711",
    "ComputerName": "RECEPTION-01",
    "FriendlyName": "Reception desk",
    "SerialNumber": "PF0EXMPL",
    "MACAddress": "02005E100001",
    "LocalIPAddress": "10.0.0.21",
    "GatewayIPAddress": "10.0.0.1",
    "OperatingSystemName": "Microsoft Windows 11 Pro x64",
    "OperatingSystemVersion": "10.0.22631",
    "RemoteAgentLastContact": "2026-01-05T10:11:12Z",
    "LastUserName": "ACME\\kim",
    "Client": {"Id": 12, "Name": "Acme", "ExternalId": 250},
    "Location": {"Id": 3, "Name": "Main"},
    "Type": "Workstation",
    "AssetTag": "A-0042",
}
CHASSIS: dict[str, Any] = {
    "ComputerId": 4711,
    "UUID": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
    "SerialNumber": "PF0EXMPL",
    "MainBoardSerialNumber": "BOARD-SERIAL",
}


def feed(folder: Path, computers: object = None, chassis: object = None) -> CwAutomate:
    """Write a feed; by default one computer and its chassis."""
    return CwAutomate(
        write(folder, computers=computers or [COMPUTER], chassis=[CHASSIS] if chassis is None else chassis)
    )


def test_a_computer_and_its_chassis_become_a_record(tmp_path: Path) -> None:
    """One id is text and the other a number; they are the same computer all the same."""
    assert only_record(feed(tmp_path)) == {
        "provider": "cw_automate",
        "id": "4711",
        "company_id": "12",
        "company": "Acme",
        "name": "Reception desk",
        "hostname": "RECEPTION-01",
        "type": "Workstation",
        "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
        "serial": "PF0EXMPL",
        "macs": ["02005E100001"],
        "ips": ["10.0.0.21"],
        "default_gateway": "10.0.0.1",
        "os_type": "Microsoft Windows 11 Pro x64",
        "os_info": "Microsoft Windows 11 Pro x64 10.0.22631",
        "tag_number": "A-0042",
        "last_user": "ACME\\kim",
        "last_seen": "2026-01-05T10:11:12Z",
    }


def test_an_id_may_be_a_number(tmp_path: Path) -> None:
    """The vendor's description says text, other releases send a number."""
    assert only_record(feed(tmp_path, [COMPUTER | {"Id": 4711}], [CHASSIS | {"ComputerId": "4711"}]))["id"] == "4711"


def test_a_computer_without_a_chassis_is_a_record_without_a_guid(tmp_path: Path) -> None:
    """The UUID comes from the chassis alone."""
    record = only_record(feed(tmp_path, [COMPUTER | {"UUID": "not from here"}], []))

    assert "bios_guid" not in record
    assert record["serial"] == "PF0EXMPL"


def test_serials_that_differ_are_both_kept_and_the_boards_never(tmp_path: Path) -> None:
    """Computer and chassis each have a say about the machine; the main board has none."""
    record = only_record(feed(tmp_path, chassis=[CHASSIS | {"SerialNumber": "CZC0EXMPL"}]))

    assert record["serial"] == ["PF0EXMPL", "CZC0EXMPL"]


def test_two_chassis_of_one_computer_are_told_apart_without_regard_to_order(tmp_path: Path) -> None:
    """The fuller row stands, then the one with the greater bytes, whichever came first."""
    bare, other = {"ComputerId": 4711}, CHASSIS | {"UUID": "8B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"}
    lists = ([bare, CHASSIS, other], [other, CHASSIS, bare])

    guids = {only_record(feed(tmp_path / str(n), chassis=rows))["bios_guid"] for n, rows in enumerate(lists)}

    assert guids == {"8B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"}


def test_an_agent_that_never_called_has_no_last_contact(tmp_path: Path) -> None:
    """The zero date of .NET is no time; the last heartbeat stands in where there is one."""
    never = COMPUTER | {"RemoteAgentLastContact": "0001-01-01T00:00:00"}

    assert "last_seen" not in only_record(feed(tmp_path / "never", [never]))
    beat = only_record(feed(tmp_path / "beat", [never | {"LastHeartbeat": "2026-01-04T00:00:00Z"}]))
    assert beat["last_seen"] == "2026-01-04T00:00:00Z"


def test_a_computer_without_an_id_is_quarantined_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A row that is no computer is kept with its reason; chassis of nobody harm nobody."""
    computers = [COMPUTER, {"ComputerName": "NO-ID"}, "no computer", None]

    result = pulled(feed(tmp_path, computers, [CHASSIS, None, "x", {"ComputerId": 9}]))

    assert (result.read, len(result.records)) == (4, 1)
    assert {row.reason for row in result.quarantined} == {"no id"}
    assert result.quarantined[0].payload["computer"] == {"ComputerName": "NO-ID"}
