"""What customers call their machines: codes that count up, people's names, factory defaults, and `server`."""

from benchmarks.fleet.boxes import Box, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.customers import Customer
from benchmarks.fleet.words import GENERIC_SERVERS, PEOPLE

BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROLES = {"laptop": "LT", "desktop": "PC", "server": "SRV", "guest": "VM", "mac": "MAC", "vdi": "VDI", "kiosk": "KSK"}
LONG_ROLES = {
    "laptop": "NOTEBOOK",
    "desktop": "WORKSTATION",
    "server": "SERVER",
    "guest": "SERVER",
    "mac": "MAC",
    "vdi": "DESKTOP",
    "kiosk": "KIOSK",
}


class Names:
    """The naming of one customer: one scheme for most machines, never the same name twice unless asked for."""

    def __init__(self, customer: Customer, chance: Chance) -> None:
        self.customer = customer
        self.chance = chance
        self.taken: set[str] = set()
        self.counters: dict[str, int] = {}
        self.long = chance.strikes("netbios_cut", customer)
        self.scheme = chance.pick(("code", "code", "code", "site", "user", "default", "serial", "asset"))

    def workstation(self, box: Box, role: str = "") -> str:
        """Return a new name for a laptop, desktop or Mac; `role` names it for something else."""
        if box.kind == "mac" and self.chance.strikes("mac_default_name", box):
            return self._mac_name()
        scheme = self.scheme if self.chance.maybe(0.9) else self.chance.pick(("user", "default", "code"))
        if box.kind == "mac" and scheme in {"user", "default"}:
            scheme = "code"
        return self._fresh(scheme, role or box.kind, box.now)

    def server(self, box: Box, first: bool = False) -> str:
        """Return a new name for a server; the first few of a customer are often plain `DC01`."""
        if first and self.chance.strikes("generic_name", box):
            free = [name for name in GENERIC_SERVERS if name not in self.taken]
            if free:
                return self._take(self.chance.pick(free))
        return self._fresh("site" if self.scheme == "site" else "code", box.kind, box.now)

    def factory(self) -> str:
        """Return what Windows set-up invents."""
        return self._take(f"{self.chance.pick(('DESKTOP', 'LAPTOP'))}-{self.chance.text(BASE36, 7)}")

    def _fresh(self, scheme: str, kind: str, phase: Phase) -> str:
        for _ in range(40):
            name = self._draw(scheme, kind, self.customer.sites[phase.site], phase.serial)
            if name not in self.taken:
                return self._take(name)
        return self.factory()

    def _draw(self, scheme: str, kind: str, site: str, serial: str | None) -> str:
        code, role = self.customer.code, ROLES[kind]
        if scheme == "user":
            who = self.chance.pick(PEOPLE)
            return f"{who.upper()}-{'LAPTOP' if kind == 'laptop' else 'PC'}" + self.chance.pick(("", "", "2", "-NEW"))
        if scheme == "default":
            return f"{self.chance.pick(('DESKTOP', 'LAPTOP'))}-{self.chance.text(BASE36, 7)}"
        if scheme == "serial" and serial and len(serial) <= 12:
            return f"{role[0]}-{serial}"
        if scheme == "asset":
            return f"{role}{self._next('asset') + 10_000}"
        if self.long:
            stem = f"{site.upper()}-{LONG_ROLES[kind]}"
            return f"{stem}-{self._next(stem):03}"
        stem = f"{site[:3].upper()}-{role}" if scheme == "site" else f"{code}-{role}"
        return f"{stem}-{self._next(stem):0{4 if self.customer.size > 500 else 3}}"

    def _mac_name(self) -> str:
        who = self.chance.pick(PEOPLE).title()
        plain = self.chance.pick(("MacBook-Pro", "MacBook-Air", "iMac"))
        if self.chance.maybe(0.5):
            return self.chance.pick((f"{who}s-{plain}", f"{who}’s {plain.replace('-', ' ')}"))
        return plain + self.chance.pick(("", "", "-2", "-3"))  # not taken: several may carry it at once

    def _next(self, stem: str) -> int:
        self.counters[stem] = self.counters.get(stem, 0) + 1
        return self.counters[stem]

    def _take(self, name: str) -> str:
        self.taken.add(name)
        return name
