"""NinjaOne: the shape of its answers, and its traps."""

from pathlib import Path
from typing import Any

import pytest

from service.ingest.ninjaone import NinjaOne
from tests.service.ingest.feeds import only_record, pulled, write

DEVICE: dict[str, Any] = {
    "id": 88,
    "uid": "11111111-2222-4333-8444-555555555555",
    "systemName": "RECEPTION-01",
    "netbiosName": "RECEPTION-01",
    "dnsName": "reception-01.acme.test",
    "displayName": "Reception desk",
    "nodeClass": "WINDOWS_WORKSTATION",
    "approvalStatus": "APPROVED",
    "organizationId": 5,
    "references": {"organization": {"id": 5, "name": "Acme"}},
    "lastContact": 1767607872.4,
    "offline": True,
    "publicIP": "198.51.100.7",
    "macAddresses": ["02:00:5E:10:00:01"],
    "ipAddresses": ["10.0.0.21"],
}
SYSTEM: dict[str, Any] = {
    "deviceId": 88,
    "serialNumber": "PF0EXMPL",
    "biosSerialNumber": "PF0EXMPL",
    "manufacturer": "LENOVO",
    "model": "20XX",
}
NIC: dict[str, Any] = {
    "deviceId": 88,
    "adapterName": "Intel(R) Wi-Fi 6",
    "macAddress": ["02:00:5E:10:00:02"],
    "defaultGateway": "10.0.0.1",
}


def feed(folder: Path, device: dict[str, Any] | None = None, **reports: list[Any]) -> NinjaOne:
    """Write a feed of one device, with changes; reports by the name of their file."""
    results = {"computer_systems": [SYSTEM], "network_interfaces": [NIC]} | reports
    answers: dict[str, object] = {name: {"cursor": {"name": "c"}, "results": rows} for name, rows in results.items()}
    return NinjaOne(write(folder, devices_detailed=[DEVICE | (device or {})], **answers))


def test_a_device_and_its_reports_become_a_record(tmp_path: Path) -> None:
    """Every field comes from where the vendor documents it: no BIOS GUID, no public address, nothing about offline."""
    assert only_record(feed(tmp_path)) == {
        "provider": "ninjaone",
        "id": "88",
        "company_id": "5",
        "company": "Acme",
        "name": "Reception desk",
        "hostname": "reception-01.acme.test",
        "type": "WINDOWS_WORKSTATION",
        "serial": "PF0EXMPL",
        "macs": ["02:00:5E:10:00:01", "02:00:5E:10:00:02"],
        "ips": ["10.0.0.21"],
        "default_gateway": "10.0.0.1",
        "manufacturer": "LENOVO",
        "model": "20XX",
        "last_seen": "2026-01-05T10:11:12.400000Z",
        "status": "APPROVED",
    }


@pytest.mark.parametrize(
    ("changes", "hostname"),
    [
        ({"dnsName": None}, "RECEPTION-01"),
        ({"dnsName": "", "systemName": " "}, "RECEPTION-01"),
        ({"dnsName": None, "systemName": "VERY-LONG-RECEPTION-01"}, "VERY-LONG-RECEPTION-01"),
    ],
)
def test_the_longest_lived_name_is_the_hostname(tmp_path: Path, changes: dict[str, Any], hostname: str) -> None:
    """The DNS name first, then the system's, then the NetBIOS name, which is cut; never the display name."""
    assert only_record(feed(tmp_path, changes))["hostname"] == hostname


def test_both_serials_are_kept_when_they_differ(tmp_path: Path) -> None:
    """The computer system has two serial fields, and either may be the one on the label."""
    record = only_record(feed(tmp_path, computer_systems=[SYSTEM | {"biosSerialNumber": "VMware-56 4d"}]))

    assert record["serial"] == ["PF0EXMPL", "VMware-56 4d"]


@pytest.mark.parametrize("contact", [0, None, "soon", 1e300, -5, 1767607872000, [], True])
def test_a_contact_that_is_no_time_is_dropped(tmp_path: Path, contact: object) -> None:
    """A bad epoch value costs the time, never the record."""
    assert "last_seen" not in only_record(feed(tmp_path, {"lastContact": contact}))


def test_a_device_without_reports_is_a_record(tmp_path: Path) -> None:
    """Network gear is in no computer-systems report."""
    record = only_record(feed(tmp_path, {"nodeClass": "NMS_SWITCH"}, computer_systems=[], network_interfaces=[]))

    assert "serial" not in record
    assert record["macs"] == ["02:00:5E:10:00:01"]


def test_reports_are_joined_by_text_or_number_and_to_nobody_else(tmp_path: Path) -> None:
    """A report's row of another device does not leak into this one."""
    nics = [NIC | {"deviceId": "88"}, NIC | {"deviceId": 89, "macAddress": ["02:00:5E:10:00:99"]}]

    record = only_record(feed(tmp_path, computer_systems=[SYSTEM | {"deviceId": 880}], network_interfaces=nics))

    assert record["macs"] == ["02:00:5E:10:00:01", "02:00:5E:10:00:02"]
    assert "serial" not in record


def test_a_foreign_interface_gives_neither_mac_nor_gateway(tmp_path: Path) -> None:
    """What a VPN adapter says is not about the box."""
    vpn = {
        "deviceId": 88,
        "adapterName": "WireGuard",
        "macAddress": ["02:00:5E:10:00:01"],
        "defaultGateway": "10.9.9.9",
    }
    record = only_record(feed(tmp_path, network_interfaces=[vpn, NIC]))

    assert record["macs"] == ["02:00:5E:10:00:02"]
    assert record["default_gateway"] == "10.0.0.1"


def test_a_device_without_an_id_is_quarantined(tmp_path: Path) -> None:
    """The payload is kept for a person to see."""
    result = pulled(feed(tmp_path, {"id": None}))

    assert [(row.record_id, row.reason, row.payload["device"]["id"]) for row in result.quarantined] == [
        ("", "no id", None)
    ]
