"""What the second edition's firmware writes: values that carry other values, and texts where values should be."""

from benchmarks.fleet.boxes import Box, Nic
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.hardware import BASE36, DIGITS, dashed, twin

MAKER_TEXTS = ("System manufacturer", "To Be Filled By O.E.M.", "Default string", "OEM", "$(DEFAULT_STRING)")
MODEL_TEXTS = (
    "System Product Name",
    "To Be Filled By O.E.M.",
    "Default string",
    "Product Name",
    "OEM Default string000",
)
CHASSIS_TEXTS = (
    "No Enclosure",
    "None",
    "Not Specified",
    "Chassis Serial Number",
    "CSN12345678901234567",
    "Default string",
    "$(DEFAULT_STRING)",
    "Not Set",
)


def write(box: Box, maker: str, chance: Chance) -> None:
    """Fill the fields of a new box of metal as its maker's firmware does."""
    phase = box.now
    chance.strikes("old_smbios", box)
    if maker == "HP":
        _hp(box, chance)
    if maker == "Dell":
        _dell(box, chance)
    if "mac_in_guid" in box.tags:
        phase.guid = _template(phase.nics[0].mac.upper(), chance)
    if "firewire_mac" in box.tags:
        mac = phase.nics[0].mac
        phase.nics.append(Nic(f"{mac[:6]}fffe{mac[6:8]}", "firewire"))
    if maker not in {"White box", "Apple"}:
        _texts(box, chance)


def _hp(box: Box, chance: Chance) -> None:
    """16 bytes of ASCII, in the order in which they stand: the product number and the serial, or the serial first."""
    product, serial = box.product[:6].encode(), (box.label or "").encode()
    if chance.strikes("hp_guid", box):
        behind = bytes.fromhex(box.now.nics[0].mac) if chance.maybe(0.6) else b" " * 6
        box.now.guid = _from_bytes(product + serial if box.kind == "server" else serial + behind)
    elif chance.strikes("hp_blank_guid", box):
        box.now.guid = _from_bytes(product + b" " * 10)


def _from_bytes(raw: bytes) -> str:
    return twin(dashed(raw.hex().upper()))


def _dell(box: Box, chance: Chance) -> None:
    if chance.strikes("dell_board", box):
        box.now.board = chance.pick(("/{0}/{1}/", ".{0}.{1}.")).format(box.label, _part_number(chance))
    elif chance.strikes("dell_board_blank", box):
        box.now.board = f"..{_part_number(chance)}."


def _part_number(chance: Chance) -> str:
    return f"CN{chance.text(DIGITS, 5)}{chance.text(BASE36, 7)}"


def _template(mac: str, chance: Chance) -> str:
    pairs = [mac[at : at + 2] for at in range(0, 12, 2)]
    known = "03{1}02{0}-04{2}-05{3}-{4}06-{5}0700080009".format(*pairs)
    return chance.pick((known, f"00000000-0000-0000-0000-{mac}"))


def _texts(box: Box, chance: Chance) -> None:
    if chance.strikes("chassis_text", box):
        box.now.chassis = chance.pick(CHASSIS_TEXTS)
    if chance.strikes("model_as_serial", box):
        box.now.serial = box.now.chassis = box.model
    maker = chance.pick(MAKER_TEXTS) if chance.strikes("placeholder_maker", box) else box.maker
    model = chance.pick(MODEL_TEXTS) if chance.strikes("placeholder_model", box) else box.model
    box.claims = (maker, model)
