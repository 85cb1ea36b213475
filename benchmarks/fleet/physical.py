"""A customer's machines of metal: workstations in batches, servers with several adapters, nodes in one enclosure."""

from collections.abc import Iterator
from itertools import count

from benchmarks.fleet import firmware, hardware
from benchmarks.fleet.boxes import Box, Nic, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.customers import Customer
from benchmarks.fleet.hardware import Batch
from benchmarks.fleet.names import Names

LAPTOP_MAKERS = ("Dell", "Dell", "Dell", "HP", "HP", "Lenovo", "Lenovo", "Lenovo", "Microsoft", "Fujitsu", "Acer")
DESKTOP_MAKERS = ("Dell", "Dell", "HP", "HP", "Lenovo", "Fujitsu", "White box", "Acer")
SERVER_MAKERS = ("Dell", "Dell", "HP", "HP", "Lenovo", "Fujitsu", "White box")
WINDOWS = ("Microsoft Windows 11 Pro", "Microsoft Windows 10 Pro", "Microsoft Windows 11 Enterprise")
WINDOWS_SERVERS = (
    "Microsoft Windows Server 2019 Standard",
    "Microsoft Windows Server 2022 Standard",
    "Ubuntu 22.04.4 LTS",
)


class Estate:
    """Makes boxes for one customer; counts them over the whole fleet for their labels."""

    def __init__(self, customer: Customer, numbers: "count[int]", chance: Chance) -> None:
        self.customer = customer
        self.numbers = numbers
        self.chance = chance
        self.names = Names(customer, chance)
        self.tags = 0

    def workstations(self, kind: str, wanted: int) -> Iterator[Box]:
        """Yield that many laptops, desktops or Macs, bought in batches of up to forty."""
        makers = {"laptop": LAPTOP_MAKERS, "desktop": DESKTOP_MAKERS, "mac": ("Apple",)}[kind]
        while wanted > 0:
            opened = hardware.batch(self.chance.pick(makers), 1 if kind == "desktop" else 0, self.chance)
            size = min(wanted, self.chance.randrange(1, 9) if self.chance.maybe(0.5) else self.chance.randrange(5, 40))
            wanted -= size
            for unit in range(size):
                yield self._workstation(kind, opened, unit)

    def _workstation(self, kind: str, opened: Batch, unit: int) -> Box:
        chance = self.chance
        box = self._metal(kind, opened, unit)
        phase = box.now
        if kind != "mac" or chance.maybe(0.3):
            phase.nics.append(self._onboard(opened, unit))
        if kind != "desktop" or chance.maybe(0.25):
            wifi = hardware.wifi_mac(opened.maker, chance)
            phase.nics.append(Nic(wifi, "wifi"))
            phase.nics.append(Nic(f"{(int(wifi, 16) + 4) % (1 << 48):012x}", "bluetooth"))
        phase.name = self.names.workstation(box)
        if opened.maker not in {"White box", "Apple"} and chance.strikes("blank_serial", box):
            phase.serial = phase.chassis = chance.pick(("", "Default string", "To be filled by O.E.M."))
        firmware.write(box, opened.maker, chance)
        return box

    def servers(self, wanted: int) -> Iterator[Box]:
        """Yield about that many physical servers; some are nodes of one enclosure or partitions of one machine."""
        while wanted > 0:
            opened = hardware.batch(self.chance.pick(SERVER_MAKERS), 2, self.chance)
            if self.chance.strikes("blades"):
                made = self._sharing("blades", opened, self.chance.randrange(2, 5))
            elif self.chance.strikes("lpars"):
                made = self._sharing("lpars", opened, self.chance.randrange(2, 6))
            else:
                made = [self.server(opened, unit) for unit in range(self.chance.pick((1, 1, 1, 2)))]
            wanted -= len(made)
            yield from made

    def server(self, opened: Batch, unit: int) -> Box:
        """Return a server with two to six adapters and a management controller."""
        box = self._metal("server", opened, unit)
        phase, ports = box.now, self.chance.pick((2, 2, 4, 4, 6))
        base = opened.mac + unit * 16
        phase.nics.extend(Nic(f"{(base + port) % (1 << 48):012x}", "ethernet") for port in range(ports))
        phase.nics.append(Nic(f"{(base + 9) % (1 << 48):012x}", "bmc"))
        phase.name = self.names.server(box, first=True)
        box.os = self.chance.pick(WINDOWS_SERVERS)
        firmware.write(box, opened.maker, self.chance)
        return box

    def _sharing(self, pathology: str, opened: Batch, nodes: int) -> list[Box]:
        made = [self.server(opened, unit) for unit in range(nodes)]
        enclosure = made[0].now.serial
        for box in made:
            box.tags.add(pathology)
            box.label = enclosure
            box.now.chassis = enclosure
            if pathology == "lpars":
                box.now.serial, box.now.guid, box.os = enclosure, None, "IBM AIX 7.2"
            elif self.chance.maybe(0.5):
                box.now.serial = enclosure
        return made

    def _metal(self, kind: str, opened: Batch, unit: int) -> Box:
        chance = self.chance
        label = hardware.serial(opened, unit, chance)
        shown = opened.filler_serial or label
        guid = opened.filler_guid or hardware.guid(opened.maker, label, opened, unit, chance)
        phase = Phase(
            self.customer,
            chance.randrange(len(self.customer.sites)),
            "",
            guid,
            shown,
            shown,
            hardware.board_serial(chance),
            [],
        )
        self.tags += 1
        return Box(
            id=f"box-{next(self.numbers):06}",
            kind=kind,
            maker="System manufacturer" if opened.maker == "White box" else opened.maker,
            model=opened.model,
            product=opened.product,
            os="macOS 14.5" if kind == "mac" else chance.pick(WINDOWS),
            label=label,
            tag=f"{self.customer.code[:3]}{self.tags:05}",
            phases=[phase],
            neighbour=hardware.serial(opened, unit + 1, chance) if opened.maker != "Apple" else None,
            tags=set(opened.pathologies),
        )

    def _onboard(self, opened: Batch, unit: int) -> Nic:
        return Nic(f"{(opened.mac + unit) % (1 << 48):012x}", "ethernet")
