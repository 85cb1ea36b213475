"""Kiosks, tills and small boards of the second edition, rolled out from one image that says the same on all of them."""

from collections.abc import Iterator

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import Box, Nic, Phase
from benchmarks.fleet.physical import Estate

SIZES = (2, 2, 3, 4, 6, 8, 10, 15, 25, 40)
MAKES = (("Raspberry Pi Foundation", "Raspberry Pi 4 Model B", "dca632"), ("AAEON", "BOXER-6405M", "000732"))
DEFAULT_NAMES = ("localhost", "raspberrypi", "kiosk-gold", "TILL", "DESKTOP-IMAGE")


def rollouts(estate: Estate) -> Iterator[Box]:
    """Yield the boxes of up to two roll-outs: one GUID with own serials, and one serial with own GUIDs."""
    chance = estate.chance
    if estate.customer.size <= 20:
        return
    for pathology in ("image_guid", "image_serial"):
        if chance.strikes(pathology):
            boxes = [_box(estate, unit) for unit in range(chance.pick(SIZES))]
            _copy(boxes, pathology)
            if chance.strikes("default_name", *boxes):
                name = chance.pick(DEFAULT_NAMES)
                for box in boxes:
                    box.now.name = name
            yield from boxes


def _copy(boxes: list[Box], pathology: str) -> None:
    image = boxes[0].now
    for box in boxes:
        box.tags.add(pathology)
        if pathology == "image_guid":
            box.now.guid = image.guid
        else:
            box.now.serial = box.now.chassis = image.serial


def _box(estate: Estate, unit: int) -> Box:
    chance, customer = estate.chance, estate.customer
    maker, model, oui = MAKES[customer.number % len(MAKES)]
    serial = f"{chance.getrandbits(32):016x}" if oui == "dca632" else f"AE{chance.text(hardware.DIGITS, 9)}"
    nics = [Nic(hardware.mac(oui, chance), "ethernet"), Nic(hardware.wifi_mac("", chance), "wifi")]
    phase = Phase(customer, 0, "", hardware.random_guid(chance), serial, serial, None, nics)
    box = Box(
        id=f"box-{next(estate.numbers):06}",
        kind="kiosk",
        maker=maker,
        model=model,
        product=model,
        os=("Raspberry Pi OS", "Windows 10 IoT Enterprise")[customer.number % len(MAKES)],
        label=serial,
        tag=f"{customer.code[:3]}K{unit:04}",
        phases=[phase],
    )
    phase.name = estate.names.workstation(box)
    return box
