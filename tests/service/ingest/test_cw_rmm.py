"""ConnectWise RMM: the shape of its answers, and its traps."""

from pathlib import Path
from typing import Any

import pytest

from service.ingest.cw_rmm import CwRmm
from tests.service.ingest.feeds import only_record, pulled, write

ENDPOINT: dict[str, Any] = {
    "endpointID": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    "deviceName": "RECEPTION-01",
    "friendlyName": "Reception desk",
    "type": "Desktop",
    "macAddress": ["02:00:5E:10:00:01"],
    "networks": [{"product": "Intel(R) I219-LM", "macAddress": "02:00:5E:10:00:02", "ipv4List": ["10.0.0.22"]}],
    "ipAddress": ["10.0.0.21", "100.64.0.1", "8.8.8.8", "127.0.0.1", "169.254.7.7", "fe80::1", "nonsense"],
    "remoteAddress": "198.51.100.7",
    "baseboard": {"hardwareUUID": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "serialNumber": "BOARD-SERIAL"},
    "system": {"serialNumber": "PF0EXMPL"},
    "bios": {"serialNumber": "PF0EXMPL"},
    "os": {"product": "Microsoft Windows 11 Pro", "version": "10.0.22631"},
}
COMPANIES = [{"id": "c-1", "name": "Acme Inc."}]


def feed(folder: Path, changes: dict[str, Any] | None = None, **answers: object) -> CwRmm:
    """Write a feed of one endpoint, with changes."""
    group = {"companyID": "c-1", "siteID": "s-1", "endpoints": [ENDPOINT | (changes or {})]}
    return CwRmm(write(folder, **({"endpoints": [group], "companies": COMPANIES} | answers)))


def test_an_endpoint_becomes_a_record(tmp_path: Path) -> None:
    """Every field comes from where the vendor documents it, and nothing else is in the record."""
    record = only_record(feed(tmp_path))

    assert record == {
        "provider": "cw_rmm",
        "id": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "company_id": "c-1",
        "company": "Acme Inc.",
        "name": "Reception desk",
        "hostname": "RECEPTION-01",
        "type": "Desktop",
        "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
        "serial": "PF0EXMPL",
        "macs": ["02:00:5E:10:00:01", "02:00:5E:10:00:02"],
        "ips": ["10.0.0.21", "10.0.0.22"],
        "os_type": "Microsoft Windows 11 Pro",
        "os_info": "Microsoft Windows 11 Pro 10.0.22631",
    }


def test_the_endpoint_id_is_no_bios_guid(tmp_path: Path) -> None:
    """An endpoint without a hardware UUID has none, though its id looks like one."""
    assert "bios_guid" not in only_record(feed(tmp_path, {"baseboard": {"serialNumber": "BOARD-SERIAL"}}))


def test_the_boards_serial_is_not_the_machines(tmp_path: Path) -> None:
    """Where only the board has a serial number, the machine has none."""
    assert "serial" not in only_record(feed(tmp_path, {"system": {"serialNumber": ""}, "bios": None}))


def test_two_serials_that_differ_are_both_kept(tmp_path: Path) -> None:
    """System and BIOS each have a say."""
    record = only_record(feed(tmp_path, {"bios": {"serialNumber": "VMware-56 4d 4c bc"}}))

    assert record["serial"] == ["PF0EXMPL", "VMware-56 4d 4c bc"]


def test_a_foreign_adapter_leaves_both_lists(tmp_path: Path) -> None:
    """The MAC of a VPN adapter is also in the flat list, and goes from there too."""
    vpn = {"logicalName": "Cisco AnyConnect", "macAddress": "02:00:5E:10:00:01"}

    assert "macs" not in only_record(feed(tmp_path, {"networks": [vpn]}))


@pytest.mark.parametrize(
    ("vendor", "provider"),
    [("ConnectWise Manage", "cw_manage"), ("CONNECTWISE AUTOMATE", "cw_automate"), ("NinjaOne", "ninjaone")],
)
def test_a_mapping_to_a_known_vendor_is_a_link(tmp_path: Path, vendor: str, provider: str) -> None:
    """The vendor's own cross-reference is kept; one to a vendor that nobody knows here, or without an id, is not."""
    mapping = [
        {"vendorName": vendor, "vendorID": 4711},
        {"vendorName": "Other", "vendorID": "1"},
        {"vendorName": vendor},
    ]

    assert only_record(feed(tmp_path, {"endpointMapping": mapping}))["links"] == [{"provider": provider, "id": "4711"}]


def test_the_heartbeat_says_when_a_box_was_seen(tmp_path: Path) -> None:
    """The heartbeat answer is joined by endpoint id when it is there."""
    beat = {"endpointID": ENDPOINT["endpointID"], "DcDateTimeUTC": "2026-01-05T10:11:12.123456789Z"}
    answer = {"successfulRecords": [{"companyID": "c-1", "endpoints": [beat]}], "failedRecords": []}

    assert only_record(feed(tmp_path, heartbeat=answer))["last_seen"] == "2026-01-05T10:11:12.123456Z"


def test_the_whole_answer_of_the_platform_is_read_too(tmp_path: Path) -> None:
    """A file may hold the answer as it came, with its categories, or the groups alone."""
    group = {"companyID": "c-1", "endpoints": [ENDPOINT]}
    other = {"companyID": "c-2", "endpoints": [ENDPOINT | {"endpointID": "sw-1"}]}

    result = pulled(feed(tmp_path, endpoints={"endpoints": {"platform": [group], "network": [other]}}))

    assert [record["id"] for record in result.records] == [ENDPOINT["endpointID"], "sw-1"]


def test_a_company_that_is_not_listed_keeps_its_id(tmp_path: Path) -> None:
    """An endpoint of an unknown company still says which one it is."""
    record = only_record(feed(tmp_path, companies=[]))

    assert record["company_id"] == "c-1"
    assert "company" not in record


def test_what_has_no_shape_is_quarantined_and_not_lost(tmp_path: Path) -> None:
    """A group or endpoint that is none is counted as a row and refused by itself."""
    groups = ["no group", {"endpoints": "no list"}, {"endpoints": [None, ENDPOINT]}, {"endpoints": None}, {}]

    result = pulled(feed(tmp_path, endpoints=groups))

    assert (result.read, len(result.records), len(result.quarantined)) == (4, 1, 3)
