"""Adapters that are not the machine's own: docks, dongles, VPN clients. Who saw which of them depends on the day."""

from collections import defaultdict
from collections.abc import Sequence

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import WORKSTATIONS, Box
from benchmarks.fleet.chance import Chance

LOOKERS = ("rmm_alpha", "rmm_beta", "rmm_gamma", "cw_manage")
LISTED_VPN = ("00059a3c7a00", "00090ffe0001", "025041000001", "00ff8c2b11f0")
CHEAP = ("00e04c680001", "00e04c534458", "000ec6a2b3c4", "00e04c360001")


class Accessories:
    """Which foreign adapters each provider saw on each box; the same dock may be seen on different laptops."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.worn: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.bench = [hardware.mac(chance.pick(hardware.DOCK_OUIS), chance) for _ in range(6)]
        self.vpn_clients = [
            hardware.mac("a0cec8"[:6], chance),
            "00090ffe9a31",
            hardware.mac("020502", chance),
            *LISTED_VPN,
        ]

    def seen(self, provider: str, box: Box) -> list[str]:
        """Return the foreign adapters that a provider saw on a box."""
        return self.worn.get((provider, box.id), [])

    def deal(self, boxes: Sequence[Box]) -> None:
        """Hand out docks, dongles and VPN clients to the boxes of one customer."""
        laptops = [box for box in boxes if box.kind in {"laptop", "mac"}]
        self._home_docks(laptops)
        self._hot_desks([box for box in laptops if self.chance.strikes("hot_desk", box)])
        self._dongles(laptops)
        client = self.chance.pick(self.vpn_clients)
        for box in boxes:
            if box.kind in WORKSTATIONS and self.chance.strikes("vpn_adapter", box):
                self._wear(box, client, 0.6, ("rmm_alpha", "rmm_gamma"))
                self._wear(box, client, 0.02, ("rmm_beta", "cw_manage"))

    def _wear(self, box: Box, mac: str, share: float, providers: Sequence[str] = LOOKERS) -> None:
        for provider in providers:
            if self.chance.maybe(share):
                self.worn[provider, box.id].append(mac)

    def _home_docks(self, laptops: Sequence[Box]) -> None:
        chance = self.chance
        for box in laptops:
            if not chance.strikes("home_dock", box):
                continue
            own = next((nic.mac for nic in box.now.nics if nic.medium == "ethernet"), None)
            if own and chance.strikes("mac_pass_through", box):
                self._wear(box, own, 0.5)
                continue
            mac = hardware.mac(chance.pick(hardware.DOCK_OUIS), chance)
            self._wear(box, mac, 0.5)
            if chance.strikes("dock_handed_on", box):
                other = chance.pick(laptops)
                other.tags.add("dock_handed_on")
                self._wear(other, mac, 0.5)

    def _hot_desks(self, sharers: Sequence[Box]) -> None:
        desks = [hardware.mac(self.chance.pick(hardware.DOCK_OUIS), self.chance) for _ in range(1 + len(sharers) // 3)]
        for provider in LOOKERS:
            free = list(desks)
            self.chance.shuffle(free)
            for box in self.chance.sample(sharers, k=min(len(free), len(sharers))):
                if self.chance.maybe(0.7):
                    self.worn[provider, box.id].append(free.pop())

    def _dongles(self, laptops: Sequence[Box]) -> None:
        chance = self.chance
        users = [box for box in laptops if chance.strikes("travelling_dongle", box)]
        while users:
            mac = hardware.mac(chance.pick(hardware.DOCK_OUIS), chance)
            borrowers = [users.pop() for _ in range(min(len(users), chance.pick((1, 2, 2, 3, 5, 8, 30))))]
            for provider in LOOKERS:
                for box in chance.sample(borrowers, k=min(len(borrowers), chance.pick((1, 1, 2, 3)))):
                    self.worn[provider, box.id].append(mac)
        for box in laptops:
            if chance.strikes("cheap_dongle", box):
                self._wear(box, chance.pick(CHEAP), 0.5)
            if chance.strikes("bench_dongle", box):
                self.worn["cw_manage", box.id].insert(0, chance.pick(self.bench))
