"""
What makers write into their machines: models, serials, GUIDs and MAC addresses, in each maker's format.

Address prefixes are real ones of the IEEE registry; the rest of an address is random.
"""

from collections.abc import Callable
from dataclasses import dataclass

from service.demo.fleet.companies import Role
from service.demo.fleet.guids import dell_guid, hp_server_guid, swapped, vmware_guid, vmware_serial
from service.demo.fleet.seeded import SeededRandom, draw_guid

DIGITS = "0123456789"
TAG_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ123456789"  # makers leave out vowels and 0, which read like other letters
HEX = "0123456789ABCDEF"


@dataclass(frozen=True)
class MachineIdentity:
    """What one machine's firmware reports: decoded GUID and serials, empty where it has none."""

    guid: str
    serial: str
    board_serial: str


@dataclass(frozen=True)
class Product:
    """A line of machines: how its serials and GUIDs are made, and whose network chips it has."""

    maker: str
    models: tuple[str, ...]
    identity: Callable[[SeededRandom], MachineIdentity]
    wired: tuple[str, ...] = ()
    wireless: tuple[str, ...] = ()


def _dell(rng: SeededRandom) -> MachineIdentity:
    tag = rng.text(TAG_LETTERS, 7)
    return MachineIdentity(dell_guid(tag), tag, f"/{tag}/CN{rng.text(DIGITS, 5)}{rng.text(TAG_LETTERS, 7)}/")


def _hp(rng: SeededRandom) -> MachineIdentity:
    serial = f"5CG{rng.text('0123', 1)}{rng.text(DIGITS, 3)}{rng.text(TAG_LETTERS, 3)}"
    return MachineIdentity(draw_guid(rng), serial, f"P{rng.text(TAG_LETTERS, 4)}00WBF{rng.text(TAG_LETTERS, 4)}")


def _hp_server(rng: SeededRandom) -> MachineIdentity:
    serial = f"CZJ{rng.text(DIGITS, 4)}{rng.text(TAG_LETTERS, 3)}"
    product = rng.pick(("868703", "P19766", "P02462"))
    return MachineIdentity(hp_server_guid(product, serial), serial, f"PVZGR0{rng.text(TAG_LETTERS, 8)}")


def _lenovo(rng: SeededRandom) -> MachineIdentity:
    serial = rng.pick(("PF", "PC", "R9", "MJ")) + rng.text(TAG_LETTERS, 6)
    return MachineIdentity(draw_guid(rng, "1"), serial, f"L1HF{rng.text(TAG_LETTERS, 7)}")


def _apple(rng: SeededRandom) -> MachineIdentity:
    return MachineIdentity(draw_guid(rng), f"C02{rng.text(TAG_LETTERS, 9)}", f"C07{rng.text(TAG_LETTERS, 14)}")


def _white_box(rng: SeededRandom) -> MachineIdentity:
    return MachineIdentity(draw_guid(rng), "System Serial Number", rng.text(DIGITS, 15))


def _vmware(rng: SeededRandom) -> MachineIdentity:
    raw = vmware_guid(rng)
    return MachineIdentity(swapped(raw), vmware_serial(raw), "None")


def _hyper_v(rng: SeededRandom) -> MachineIdentity:
    serial = "-".join([*(rng.text(DIGITS, 4) for _ in range(6)), rng.text(DIGITS, 2)])
    return MachineIdentity(draw_guid(rng), serial, serial)


def _network_gear(prefix: str, length: int) -> Callable[[SeededRandom], MachineIdentity]:
    return lambda rng: MachineIdentity("", prefix + rng.text(TAG_LETTERS, length), "")


INTEL_WIRELESS = ("3CA9F4", "A434D9", "94659C", "3413E8", "7CB27D")
DELL, HP, LENOVO = (
    ("B8CA3A", "F8BC12", "D4BED9", "1866DA"),
    ("3CD92B", "A0D3C1", "9457A5"),
    ("8C1645", "54E1AD", "98FA9B"),
)

PRODUCTS: dict[Role, tuple[Product, ...]] = {
    Role.LAPTOP: (
        Product("Dell Inc.", ("Latitude 5420", "Latitude 5440", "Latitude 7430"), _dell, DELL, INTEL_WIRELESS),
        Product("HP", ("HP EliteBook 840 G8", "HP ProBook 450 G9"), _hp, HP, INTEL_WIRELESS),
        Product("LENOVO", ("21AHS1YK00", "20XW0055UK"), _lenovo, LENOVO, INTEL_WIRELESS),
    ),
    Role.DESKTOP: (
        Product("Dell Inc.", ("OptiPlex 7090", "OptiPlex 7010", "Precision 3660"), _dell, DELL),
        Product("HP", ("HP EliteDesk 800 G6", "HP ProDesk 400 G7"), _hp, HP),
        Product("LENOVO", ("11T3003VUK", "ThinkCentre M70q"), _lenovo, LENOVO),
    ),
    Role.WHITE_BOX: (
        Product("System manufacturer", ("System Product Name", "PRIME B560M-A"), _white_box, ("04D4C4", "2C56DC")),
        Product("Gigabyte Technology Co., Ltd.", ("B460M DS3H", "Z690 UD"), _white_box, ("18C04D", "B42E99")),
    ),
    Role.SERVER: (
        Product("Dell Inc.", ("PowerEdge R740", "PowerEdge T350"), _dell, ("E4434B", "D09466")),
        Product("HPE", ("ProLiant DL380 Gen10", "ProLiant ML350 Gen10"), _hp_server, ("9440C9", "B47AF1")),
    ),
    Role.VMWARE: (Product("VMware, Inc.", ("VMware Virtual Platform", "VMware7,1"), _vmware, ("005056", "000C29")),),
    Role.HYPERV: (Product("Microsoft Corporation", ("Virtual Machine",), _hyper_v, ("00155D",)),),
    Role.MAC: (
        Product("Apple Inc.", ("MacBookPro18,3", "Mac14,2", "Mac15,6"), _apple, (), ("A483E7", "F01898", "3C22FB")),
    ),
    Role.SWITCH: (
        Product("Ubiquiti", ("USW-Pro-48-PoE",), _network_gear("", 12), ("74ACB9", "245A4C")),
        Product("Cisco", ("MS225-48FP",), _network_gear("Q2KW-", 8), ("881544", "E0553D")),
    ),
    Role.PRINTER: (
        Product("Kyocera", ("ECOSYS M3655idn", "TASKalfa 2554ci"), _network_gear("VR9", 7), ("0017C8",)),
        Product("Brother", ("HL-L6400DW",), _network_gear("E7505", 10), ("008077",)),
    ),
    Role.FIREWALL: (
        Product("Fortinet", ("FortiGate 60F", "FortiGate 100F"), _network_gear("FGT60FTK", 8), ("704CA5", "906CAC")),
        Product("SonicWall", ("TZ 470",), _network_gear("2CB8ED", 6), ("2CB8ED",)),
    ),
}


def draw_mac(rng: SeededRandom, prefixes: tuple[str, ...]) -> str:
    """Return an address under one of the six-digit prefixes, as twelve upper-case digits."""
    prefix = rng.pick(prefixes)
    if prefix == "005056":  # vCenter hands out 00:50:56:80 to :BF; :C0 belongs to host adapters
        return prefix + rng.pick("89AB") + rng.text(HEX, 5)
    return prefix + rng.text(HEX, 6)
