"""What fingers and eyes do to a serial or a name on its way from a sticker into the PSA."""

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import Box
from benchmarks.fleet.chance import Chance

LOOKALIKES = {
    "O": "0",
    "0": "O",
    "I": "1",
    "1": "I",
    "S": "5",
    "5": "S",
    "B": "8",
    "8": "B",
    "Z": "2",
    "2": "Z",
    "G": "6",
    "6": "G",
}
LABELS = ("S/N {0}", "SN: {0}", "S/N: {0}", "Serial {0}", "{0} (spare)", "{0} - old", "ServiceTag {0}", "({0})")
FILLERS = ("N/A", "n/a", "tbd", "unknown", "see sticker", "-", "?", "none", "TBC", "no serial")


def typed_serial(label: str, box: Box, chance: Chance) -> str:
    """Return what stands in the serial field of a row that a person made."""
    if box.neighbour and chance.strikes("typed_neighbour", box):
        return box.neighbour
    if chance.strikes("typed_filler", box):
        return chance.pick(FILLERS)
    if box.product and chance.strikes("product_number", box):
        return box.product
    if box.tag and chance.strikes("asset_tag", box):
        return box.tag
    text = _slip(label, chance) if chance.strikes("typed_wrong", box) else label
    if chance.maybe(0.15):
        text = text.lower()
    if chance.maybe(0.04):
        text = f" {text} "
    return chance.pick(LABELS).format(text) if chance.strikes("typed_label", box) else text


def typed_name(name: str, box: Box, chance: Chance) -> str:
    """Return the name as a person entered it."""
    if len(name) > 3 and chance.strikes("typed_name", box):
        return chance.pick(
            (_slip(name, chance), f"{name} (old)", f"{name} - {chance.pick(('Reception', 'CEO', 'Meeting room'))}")
        )
    return chance.pick((name, name, name, name.lower(), name.upper(), name.title()))


def _slip(text: str, chance: Chance) -> str:
    kind = chance.random()
    at = chance.randrange(len(text) - 1) if len(text) > 1 else 0
    alike = [place for place, letter in enumerate(text.upper()) if letter in LOOKALIKES]
    if kind < 0.45 and alike:
        at = chance.pick(alike)
        return text[:at] + LOOKALIKES[text[at].upper()] + text[at + 1 :]
    if kind < 0.65:
        return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
    if kind < 0.8:
        return text[:at] + text[at + 1 :]
    if kind < 0.9:
        return text[:at] + text[at] + text[at:]
    return text[:at] + chance.pick(hardware.BASE36) + text[at + 1 :]
