"""Guests of the second edition outside the customer's own cluster: in four clouds, on Xen, and on people's desks."""

from collections.abc import Callable, Iterator, Mapping

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import Box, Nic
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.physical import Estate
from benchmarks.fleet.virtual import guest, hyperv_serial, pairs

AZURE_CHASSIS = "7783-7084-3265-9085-8269-3286-77"
CONSTANTS = (AZURE_CHASSIS, "Amazon EC2", "Google", "OracleCloud.com", "Virtual Machine")
"""What clouds write into a serial field of every machine."""


def cloud_guests(estate: Estate, wanted: int) -> Iterator[Box]:
    """Yield a customer's guests in each cloud it uses; `wanted` is how many guests it has at home."""
    chance = estate.chance
    for platform, make in PLATFORMS.items():
        if wanted and chance.strikes(platform, estate.customer):
            for _ in range(max(1, round(wanted * chance.uniform(0.1, 0.5)))):
                box = make(estate)
                box.tags.add(platform)
                box.now.name = estate.names.server(box)
                yield box


def desktop_guests(host: Box, estate: Estate) -> Iterator[Box]:
    """Yield the guest that somebody runs on a workstation."""
    if host.kind == "mac":
        platform, make = "parallels", _parallels
    else:
        platform, make = "virtualbox", _virtualbox
    if estate.chance.strikes(platform):
        box = make(estate)
        box.tags.add(platform)
        box.now.name = estate.names.workstation(box, role="desktop")
        yield box


def _azure(estate: Estate) -> Box:
    chance = estate.chance
    serial = hyperv_serial("000000" + chance.text(hardware.DIGITS, 20))
    nic = Nic(hardware.mac(chance.pick(("000d3a", "002248", "6045bd")), chance), "ethernet")
    box = guest(estate, ("Microsoft Corporation", "Virtual Machine"), hardware.random_guid(chance), serial, [nic])
    box.now.chassis = AZURE_CHASSIS
    if chance.maybe(0.4):
        box.label = AZURE_CHASSIS  # whoever entered it took the first serial that he saw
    return box


def _ec2(estate: Estate) -> Box:
    chance = estate.chance
    guid = "EC2" + hardware.random_guid(chance)[3:]
    nic = Nic(f"{chance.pick(('02', '06', '0a', '0e'))}{chance.getrandbits(40):010x}", "ethernet")
    nitro = chance.maybe(0.7)
    maker = ("Amazon EC2", "t3.medium") if nitro else ("Xen", "HVM domU")
    shown = guid if nitro or chance.maybe(0.5) else hardware.twin(guid)  # guests whose SMBIOS is 2.4 show the twin
    box = guest(estate, maker, shown, guid.lower(), [nic])
    box.now.chassis = "Amazon EC2" if nitro else guid.lower()
    return box


def _google(estate: Estate) -> Box:
    chance = estate.chance
    guid = hardware.random_guid(chance)
    address = f"42010a{chance.pick((128, 132, 138, 142, 154)):02x}00{chance.randrange(2, 60):02x}"
    serial = f"GoogleCloud-{guid.replace('-', '')}"
    box = guest(estate, ("Google", "Google Compute Engine"), guid, serial, [Nic(address, "ethernet")])
    if chance.maybe(0.5):
        box.now.chassis = "Google"
    return box


def _oracle(estate: Estate) -> Box:
    chance = estate.chance
    nic = Nic(f"{chance.pick(('000017', '020017'))}{chance.getrandbits(24):06x}", "ethernet")
    serial = chance.pick(("Not Specified", "OracleCloud.com"))
    maker = ("QEMU", "Standard PC (i440FX + PIIX, 1996)")
    box = guest(estate, maker, hardware.random_guid(chance), serial, [nic])
    box.now.chassis, box.label = "OracleCloud.com", None
    return box


def _xen(estate: Estate) -> Box:
    chance = estate.chance
    guid = hardware.random_guid(chance)
    return guest(estate, ("Xen", "HVM domU"), guid, guid.lower(), [Nic(_local_pool(chance), "ethernet")])


def _local_pool(chance: Chance) -> str:
    return f"{chance.pick(('00163e', '5a0e3c', 'd6a1f0'))}{chance.getrandbits(24):06x}"


def _virtualbox(estate: Estate) -> Box:
    chance = estate.chance
    guid = hardware.random_guid(chance)
    inside = hardware.twin(guid) if chance.maybe(0.83) else guid  # 34 of 41 dumps
    nic = Nic(hardware.mac("080027", chance), "ethernet")
    return guest(estate, ("innotek GmbH", "VirtualBox"), guid, f"VirtualBox-{inside.lower()}", [nic])


def _parallels(estate: Estate) -> Box:
    chance = estate.chance
    guid = hardware.random_guid(chance)
    written = " ".join(pairs(guid.replace("-", "")))
    nic = Nic(hardware.mac("001c42", chance), "ethernet")
    return guest(estate, ("Parallels Software", "Parallels Virtual Platform"), guid, f"Parallels-{written}", [nic])


PLATFORMS: Mapping[str, Callable[[Estate], Box]] = {
    "azure": _azure,
    "ec2": _ec2,
    "google_cloud": _google,
    "oracle_cloud": _oracle,
    "xen": _xen,
}
"""Pathology -> what makes a guest of that platform."""
