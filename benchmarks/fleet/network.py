"""Printers, switches, firewalls and storage, which no agent runs on; and PSA rows that are no devices at all."""

from collections.abc import Iterator

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import Box, Nic, Phase
from benchmarks.fleet.physical import Estate

APPLIANCES = {
    "printer": ("HP LaserJet M507", "3c5282", ("Printer", "PRINTER", "HP LaserJet", "Reception Printer")),
    "switch": ("Aruba 2530-24G", "941882", ("Switch", "SW01", "Core Switch", "SWITCH")),
    "firewall": ("FortiGate 60F", "e023ff", ("Firewall", "FW01", "fortigate", "FW-MAIN")),
    "nas": ("Synology DS920+", "001132", ("NAS", "NAS01", "DiskStation", "Backup NAS")),
    "access point": ("UniFi U6-Pro", "70a741", ("AP", "AP-01", "U6-Pro", "WLAN")),
}
SERVICES = (
    "Microsoft 365 tenant",
    "Domain {0}.com",
    "SSL certificate *.{0}.com",
    "ISP circuit",
    "Line of business app",
    "Backup vault",
)


def appliances(estate: Estate, wanted: int) -> Iterator[Box]:
    """Yield that many appliances; half of them are called what a thousand others are called."""
    chance, customer = estate.chance, estate.customer
    for number in range(wanted):
        kind = chance.pick(("printer", "printer", "printer", "switch", "switch", "access point", "firewall", "nas"))
        model, oui, plain = APPLIANCES[kind]
        address = hardware.mac(oui, chance)
        label = f"{chance.text('VCJN', 2)}{chance.text(hardware.BASE31, 8)}"
        site = chance.randrange(len(customer.sites))
        coded = (f"NPI{address[6:].upper()}", f"{customer.sites[site][:3].upper()}-{kind[:2].upper()}-{number:02}")
        phase = Phase(customer, site, chance.pick(coded), None, label, label, None, [Nic(address, "ethernet")])
        box = _thing(estate, kind, model, phase)
        if chance.strikes("common_appliance_name", box):
            phase.name = chance.pick(plain)
        yield box


def _thing(estate: Estate, kind: str, model: str, phase: Phase) -> Box:
    number = next(estate.numbers)
    return Box(f"box-{number:06}", kind, model.partition(" ")[0], model, model, "", phase.serial, "", [phase])


def services(estate: Estate, wanted: int) -> Iterator[Box]:
    """Yield configurations that are no devices: they must join nothing."""
    for _ in range(wanted):
        name = estate.chance.pick(SERVICES).format(estate.customer.name.split()[0].lower())
        phase = Phase(estate.customer, 0, name, None, None, None, None, [])
        box = _thing(estate, "service", "", phase)
        box.tags.add("no_device")
        yield box
