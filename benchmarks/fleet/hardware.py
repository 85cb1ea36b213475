"""What makers put into firmware: serials in sequences, GUIDs of each maker's kind, MACs of its ranges, fillers."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.fleet.chance import Chance

BASE31 = "0123456789BCDFGHJKLMNPQRSTVWXYZ"
BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"

FILLER_SERIALS = (
    "To Be Filled By O.E.M.",
    "To be filled by O.E.M.",
    "Default string",
    "System Serial Number",
    "Not Specified",
    "None",
    "0",
    "00000000",
    "123456789",
    "0123456789",
    "Not Applicable",
    "INVALID",
    "xxxxxxxxxxx",
    "Chassis Serial Number",
    "NA",
)
FILLER_GUIDS = (
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
    "00000000-0000-0000-0000-000000000000",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "12345678-1234-5678-90AB-CDDEEFAABBCC",
    "FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE",
    "8E275844-178F-44A8-ACEB-A7D7E5178C63",
    "01010101-0101-0101-0101-010101010101",
    "Not Settable",
)
FIRMWARE_TEXTS = (
    "$(DEFAULT_STRING)",
    "OEM Default string000",
    "Default string be filled by O.E.M",
    "OEM default string inject",
    "O.E.M",
    "To be filled by OEM.",
    "ITo be filled by O.E.M.",
    "(none)",
    "Not Set",
    "Not used",
    "no information",
    "Standard",
    "01234567",
    "01234567890123456789AB",
    "012345678912345678912345678",
    "Product Name",
    "Type1ProductConfigId",
    "00000000Not Defined",
    "BSN12345678901234567",
)
"""What real firmware writes into its serial fields and published lists of placeholders leave out."""

FIRMWARE_GUIDS = (
    "00000000-0000-1000-8000-000000000000",
    "01234567-89AB-CDEF-0123-456789ABCDEF",
    "12345678-1234-1234-1234-123456789012",
    "03FF02FF-04FF-05FF-FF06-FF0700080009",
)

MODELS = {
    "Dell": (("Latitude 5440", "210-BGBB"), ("OptiPlex 7010", "210-BFXB"), ("PowerEdge R650", "210-AYJZ")),
    "HP": (("EliteBook 840 G9", "6F6Z9EA#ABD"), ("ProDesk 600 G6", "1D2Y5EA#ABU"), ("ProLiant DL380", "P52560-421")),
    "Lenovo": (
        ("ThinkPad T14 Gen 4", "21HD0045GE"),
        ("ThinkCentre M70q", "11T3002VGE"),
        ("ThinkSystem SR650", "7X06A0K1EA"),
    ),
    "Microsoft": (("Surface Laptop 5", "RBG-00005"), ("Surface Studio 2", "LAJ-00005"), ("Surface Pro 9", "QIL-00004")),
    "Fujitsu": (
        ("LIFEBOOK U7413", "VFY:U7413M15A"),
        ("ESPRIMO D7012", "VFY:D7012P15A"),
        ("PRIMERGY RX2540", "VFY:R2547SC01"),
    ),
    "Acer": (("TravelMate P2", "NX.VVLEG.004"), ("Veriton X", "DT.VTWEG.00E"), ("Altos R320", "US.R8ETA.001")),
    "Apple": (("MacBookPro18,3", "MKGR3D/A"), ("iMac21,1", "MGPK3D/A"), ("Macmini9,1", "MGNR3D/A")),
    "White box": (
        ("System Product Name", "System SKU"),
        ("To Be Filled By O.E.M.", "SKU"),
        ("X11DPi-N", "Default string"),
    ),
}
OUIS = {
    "Dell": ("d08e79", "f4ee08", "b07b25"),
    "HP": ("3c5282", "7c5758", "e070ea"),
    "Lenovo": ("8c1645", "e86a64", "6c2408"),
    "Microsoft": ("c49ded", "281878"),
    "Fujitsu": ("901b0e", "4c5262"),
    "Acer": ("98eecb", "b0359f"),
    "Apple": ("f01898", "3c22fb", "a483e7"),
    "White box": ("7085c2", "d45d64", "00d861"),
}
STARTS = {"Dell": 900_000, "Fujitsu": 900_000, "Microsoft": 90_000, "Acer": 90_000, "White box": 90_000}
LONGEST_BATCH = 64
"""More units than any batch has."""

WIFI_OUIS = ("dc2148", "70a8d3", "a0510b", "84144d", "c8e265")
DOCK_OUIS = ("00e04c", "a0cec8", "34298f", "6c6e07", "48ba4e")


@dataclass(slots=True)
class Batch:
    """One order from one maker: serials and adapters count up, and what the assembler forgot is forgotten on all."""

    maker: str
    prefix: str
    start: int
    mac: int
    model: str
    product: str
    filler_serial: str | None = None
    filler_guid: str | None = None
    pathologies: tuple[str, ...] = ()


def batch(maker: str, kind: int, chance: Chance) -> Batch:
    """Open a batch; `kind` is the column of `MODELS`: 0 laptop, 1 desktop, 2 server."""
    model, product = MODELS[maker][kind]
    prefix, start = chance.distinct(
        lambda: (_prefix(maker, chance), chance.randrange(1000, STARTS.get(maker, 25_000))), _ranges
    )
    opened = Batch(
        maker,
        prefix,
        start,
        mac=int(chance.fresh(lambda: f"{chance.pick(OUIS[maker])}{chance.getrandbits(16):04x}") + "00", 16),
        model=model,
        product=product,
    )
    if maker == "White box":
        _forget(opened, chance)
    if kind == 0 and chance.strikes("firewire_mac"):
        opened.pathologies += ("firewire_mac",)
    return opened


def _ranges(opened: tuple[str, int]) -> set[str]:
    """Return names of the ranges of serials that a batch may reach into."""
    prefix, start = opened
    return {f"serials {prefix} {number // LONGEST_BATCH}" for number in (start, start + LONGEST_BATCH)}


def _forget(opened: Batch, chance: Chance) -> None:
    struck = []
    if chance.strikes("placeholder_serial"):
        struck.append("placeholder_serial")
        opened.filler_serial = chance.pick(FILLER_SERIALS)
        if chance.strikes("firmware_text"):
            struck.append("firmware_text")
            opened.filler_serial = chance.pick(FIRMWARE_TEXTS)
    elif chance.strikes("unlisted_serial"):
        struck.append("unlisted_serial")
        opened.filler_serial = chance.pick(
            (
                f"INV{chance.text(DIGITS, 6)}",
                f"SYSTEM{chance.text(DIGITS, 3)}",
                f"{chance.text(BASE31, 4)}-BOARD-REV{chance.randrange(1, 4)}A",
            )
        )
    if chance.strikes("placeholder_guid"):
        struck.append("placeholder_guid")
        opened.filler_guid = chance.pick(FILLER_GUIDS)
        if chance.strikes("firmware_guid"):
            struck.append("firmware_guid")
            opened.filler_guid = chance.pick(FIRMWARE_GUIDS)
    elif chance.strikes("unlisted_guid"):
        struck.append("unlisted_guid")
        opened.filler_guid = random_guid(chance)
    elif chance.strikes("mac_in_guid"):
        struck.append("mac_in_guid")
    opened.pathologies = tuple(struck)


def _prefix(maker: str, chance: Chance) -> str:
    prefixes: dict[str, Callable[[], str]] = {
        "Dell": lambda: chance.text(BASE31, 3),
        "HP": lambda: chance.pick(("5CG", "CND", "CZC", "MXL")) + chance.text("0123", 1) + chance.text(DIGITS, 3),
        "Lenovo": lambda: chance.pick(("PF", "MJ", "R9", "PC")) + chance.text(BASE31, 3),
        "Microsoft": lambda: "0" + chance.text(DIGITS, 6),
        "Fujitsu": lambda: "YL" + chance.text("ABCDEFGH", 2),
        "Acer": lambda: "NXVVLEG0" + chance.text(DIGITS, 6),
        "White box": lambda: chance.text(DIGITS, 6),
    }
    return prefixes.get(maker, lambda: chance.text(BASE36, 3))()


def digits(number: int, alphabet: str, length: int) -> str:
    """Write a number in the alphabet's base, that many places."""
    places = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        places.append(alphabet[place])
    return "".join(reversed(places))


def serial(opened: Batch, unit: int, chance: Chance) -> str:
    """Return the serial of a unit: consecutive in a batch with most makers, so one character apart."""
    number = opened.start + unit
    if opened.maker == "Dell":
        return digits(number, BASE31, 4) + opened.prefix
    if opened.maker == "Apple":
        return opened.prefix + chance.text(BASE36, 7)
    if opened.maker in {"HP", "Lenovo"}:
        return opened.prefix + digits(number, BASE31, 3)
    return opened.prefix + digits(number, DIGITS, 6 if opened.maker == "Fujitsu" else 5)


def board_serial(chance: Chance) -> str:
    """Return the serial of a mainboard, which no provider but a talkative agent shows."""
    return f"{chance.text(BASE36, 7)}CN{chance.text(DIGITS, 7)}"


def guid(maker: str, serial_number: str, opened: Batch | None, unit: int, chance: Chance) -> str:
    """Return a GUID in the maker's manner, decoded: Dell's from the service tag, Acer's counting, HP's in ASCII."""
    if maker == "Dell":
        tag = [f"{ord(letter):02X}" for letter in serial_number]
        first = int(tag[0], 16) | 0x80
        return f"4C4C4544-00{tag[1]}-{tag[2]}10-80{tag[3]}-{first:02X}C04F{tag[4]}{tag[5]}{tag[6]}"
    if maker == "HP" and opened is not None and len(serial_number) == 10 and int(opened.prefix[-1]) % 2:
        raw = (f"{sum(map(ord, opened.product)) * 7919 % 1_000_000:06d}" + serial_number).encode().hex().upper()
        return twin(dashed(raw))
    if maker == "Acer" and opened is not None:
        tail = f"{opened.mac:012X}"
        return f"{opened.start + unit:08X}-7A11-11ED-8F3C-{tail}"
    return random_guid(chance)


def random_guid(chance: Chance) -> str:
    """Return a version 4 GUID."""
    raw = f"{chance.getrandbits(128):032X}"
    return dashed(f"{raw[:12]}4{raw[13:16]}{'89AB'[int(raw[16], 16) % 4]}{raw[17:]}")


def dashed(raw: str) -> str:
    """Write 32 digits in the five groups of a GUID."""
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def twin(decoded: str) -> str:
    """Return the GUID as one reads it who prints the bytes as they stand."""
    first, second, third, fourth, fifth = decoded.split("-")
    turned = [first[6:] + first[4:6] + first[2:4] + first[:2], second[2:] + second[:2], third[2:] + third[:2]]
    return "-".join([*turned, fourth, fifth])


def mac(oui: str, chance: Chance) -> str:
    """Return an address of a maker's range, never given before; the next seven are kept free for the same machine."""
    return chance.fresh(lambda: f"{oui}{chance.getrandbits(21) << 3:06x}")


def local_mac(chance: Chance) -> str:
    """Return a locally administered address, as randomised Wi-Fi shows."""
    return f"{chance.getrandbits(6) << 2 | 2:02x}{chance.getrandbits(40):010x}"


def wifi_mac(maker: str, chance: Chance) -> str:
    """Return the address of a built-in Wi-Fi adapter."""
    return mac(chance.pick(OUIS["Apple"] if maker == "Apple" else WIFI_OUIS), chance)
