"""Defects of the boxes themselves, which every provider reports. Each function adds one pathology."""

from collections.abc import Callable

from service.demo.fleet.boxes import Box, draw_box
from service.demo.fleet.companies import COMPANIES, CW_AUTOMATE, CW_MANAGE, CW_RMM, Company, Role
from service.demo.fleet.pathologies import DemoFleet
from service.demo.fleet.seeded import SeededRandom, draw_guid

# Published values that identify no device, of many kinds: fillers, counting digits, repeated letters, refusals.
PLACEHOLDER_SERIALS = (
    "To Be Filled By O.E.M.",
    "Default string",
    "System Serial Number",
    "To be filled by O.E.M.",
    "N/A",
    "None",
    "Not Specified",
    "0123456789",
    "00000000",
    "INVALID",
    "Chassis Serial Number",
    "XXXXXXXX",
    "Type1 - TBD by OEM",
    "empty",
)
PLACEHOLDER_GUIDS = (
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "00000000-0000-0000-0000-000000000000",
    "12345678-1234-5678-90AB-CDDEEFAABBCC",
    "FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE",
    "6AB5B300-538D-1014-9FB5-B0684D007B53",
    "56F49712-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
)
BLANK_DELL_GUID = "4C4C4544-0000-2010-8020-80C04F202020"
LISTED_VPN_MAC, UNLISTED_VPN_MAC = "00059A3C7A00", "0060734A1F22"  # Cisco AnyConnect; a SonicWall client's prefix
DOCKS = (("fenwick", "3C18A0D41E07", 4), ("alder", "3C18A07B90C2", 2), ("brannoc", "8C04BA5510EF", 5))
GONE = 10  # boxes that left without a successor


def company_named(key: str) -> Company:
    """Return the company with that key."""
    return next(company for company in COMPANIES if company.key == key)


def of(role: Role, company: str = "") -> Callable[[Box], bool]:
    """Return the test for boxes of a role, at one company or at any."""
    return lambda box: box.role is role and company in ("", box.owner.key)


def shared_guid(fleet: DemoFleet) -> None:
    """One batch of boards at one customer carries one random-looking GUID."""
    value = draw_guid(SeededRandom(fleet.seed, "shared_guid"))
    for box in fleet.take("shared_guid", 8, of(Role.WHITE_BOX, "tarnfield")):
        box.guid = value
        box.providers.add(CW_RMM)


def shared_serial(fleet: DemoFleet) -> None:
    """Four tills at one customer carry one serial; their GUIDs are their own."""
    for box in fleet.take("shared_serial", 4, of(Role.WHITE_BOX, "harrow")):
        box.serial = "POSBOARD-R2-0417"
        box.providers.add(CW_AUTOMATE)


def placeholder_guid(fleet: DemoFleet) -> None:
    """Other white-box PCs show a bogus GUID, and Dell boards without a service tag the blank one."""
    for at, box in enumerate(fleet.take("placeholder_guid", 10, of(Role.WHITE_BOX))):
        box.guid = PLACEHOLDER_GUIDS[at % len(PLACEHOLDER_GUIDS)]
    for box in fleet.take("placeholder_guid", 4, lambda box: of(Role.DESKTOP)(box) and box.guid.startswith("4C4C4544")):
        box.guid = BLANK_DELL_GUID


def placeholder_serial(fleet: DemoFleet) -> None:
    """No other white-box PC has a serial; each batch was left with another filler."""
    white = [box for box in fleet.boxes if box.role is Role.WHITE_BOX and not box.serial.startswith("POSBOARD")]
    for at, box in enumerate(white):
        box.serial = PLACEHOLDER_SERIALS[at % len(PLACEHOLDER_SERIALS)]
    fleet.mark("placeholder_serial", len(white))


def dock_mac(fleet: DemoFleet) -> None:
    """Three docks travel between laptops."""
    for company, mac, laptops in DOCKS:
        for box in fleet.take("dock_mac", laptops, of(Role.LAPTOP, company)):
            box.macs.append(mac)


def vpn_mac(fleet: DemoFleet) -> None:
    """A VPN client gives every laptop the same adapter."""
    for company, mac, laptops in (("fenwick", LISTED_VPN_MAC, 12), ("alder", UNLISTED_VPN_MAC, 9)):
        for box in fleet.take("vpn_mac", laptops, of(Role.LAPTOP, company)):
            box.macs.append(mac)


def hyperv_pool(fleet: DemoFleet) -> None:
    """Two customers' hosts hand out addresses from equal pools."""
    left, right = (fleet.take("hyperv_pool", 3, of(Role.HYPERV, key)) for key in ("tarnfield", "harrow"))
    for guest, twin in zip(left, right, strict=True):
        twin.macs = list(guest.macs)


def cloned_vm(fleet: DemoFleet) -> None:
    """Guests copied with their configuration file; both are seen by an agent that lists every adapter."""
    for key in ("tarnfield", "alder"):
        company = company_named(key)
        for box in fleet.take("cloned_vm", 1, of(Role.VMWARE, key)):
            copy = draw_box(fleet.seed, company, Role.VMWARE, 50, "administrator")
            copy.guid, copy.serial, copy.os = box.guid, box.serial, box.os
            copy.old_virtual_hardware = box.old_virtual_hardware
            box.providers = copy.providers = {CW_MANAGE, *company.agents}
            fleet.add("cloned_vm", copy)


def reused_name(fleet: DemoFleet) -> None:
    """A box was replaced by another one under its name; the old one's configuration was never deleted."""

    def replaced(box: Box) -> bool:
        return box.role in (Role.SERVER, Role.DESKTOP) and {CW_MANAGE, box.owner.integration} <= box.providers

    for at, box in enumerate(fleet.take("reused_name", 6, replaced)):
        old = draw_box(fleet.seed, box.owner, box.role, 60 + at, box.user.rpartition("\\")[2])
        old.name, old.providers, old.retired = box.name, {CW_MANAGE}, True
        fleet.add("reused_name", old)


def gone_box(fleet: DemoFleet) -> None:
    """Boxes that are gone; their configurations were set inactive, or Retired with the flag forgotten."""
    for at in range(GONE):
        old = draw_box(fleet.seed, COMPANIES[at % len(COMPANIES)], Role.DESKTOP, 80 + at, "leaver")
        old.name, old.providers, old.retired = f"{old.owner.key.upper()[:4]}-OLD-{at:02}", {CW_MANAGE}, True
        fleet.boxes.append(old)


HARDWARE_FAULTS = (
    shared_guid,
    shared_serial,
    placeholder_guid,
    placeholder_serial,
    dock_mac,
    vpn_mac,
    hyperv_pool,
    cloned_vm,
    reused_name,
    gone_box,
)
