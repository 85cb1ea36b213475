"""The agents: which boxes they run on, how old their view is, and what of a box each one reports."""

from collections.abc import Iterator

from benchmarks.fleet import hardware
from benchmarks.fleet.accessories import Accessories
from benchmarks.fleet.boxes import RUN_AGENTS, SERVERS, WORKSTATIONS, Box, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.readings import in_some_order, rewrite
from benchmarks.fleet.sights import Row, Sights, spell_guid, spell_mac, without_nothing

AGENTS = ("rmm_alpha", "rmm_beta", "rmm_gamma", "mdm_delta")
EDGE = "iot_epsilon"
"""The agent that only the second edition has."""

RUNS_ON = {
    "rmm_alpha": {
        **dict.fromkeys(WORKSTATIONS | SERVERS, 0.9),
        "container": 0.8,
        "kiosk": 0.5,
        "firewall": 0.15,
        "nas": 0.15,
        "printer": 0.05,
    },
    "rmm_beta": {**dict.fromkeys(WORKSTATIONS | SERVERS, 0.84), "container": 0.4, "kiosk": 0.4},
    "rmm_gamma": {
        **dict.fromkeys(WORKSTATIONS | SERVERS, 0.86),
        "container": 0.4,
        "kiosk": 0.3,
        "printer": 0.7,
        "switch": 0.8,
        "access point": 0.6,
        "firewall": 0.7,
        "nas": 0.7,
    },
    "mdm_delta": {"laptop": 0.85, "mac": 0.9, "desktop": 0.35},
    EDGE: {"kiosk": 0.95, "server": 0.4, "guest": 0.4, "desktop": 0.1},
}
"""Provider -> kind of box -> share it runs on, where the provider is rolled out."""

NAME_ENDS = ("", "", ".local")


class Agents:
    """Turns boxes into rows of the agents."""

    def __init__(self, sights: Sights, accessories: Accessories, chance: Chance) -> None:
        self.sights = sights
        self.accessories = accessories
        self.chance = chance

    def look(self, box: Box) -> Iterator[Row]:
        """Yield what every agent reports of a box, rows it should have lost among them."""
        for provider in (*AGENTS, EDGE) if EDGE in box.now.customer.companies else AGENTS:
            if self.chance.maybe(RUNS_ON[provider].get(box.kind, 0.0)):
                yield from self._views(provider, box)

    def _views(self, provider: str, box: Box) -> Iterator[Row]:
        changed = len(box.phases) > 1
        shown = box.phases[-2] if changed and self.chance.strikes("lagging", box) else box.now
        for phase, following in zip(box.phases, box.phases[1:], strict=False):
            if phase.ended == "reimaged" and phase is not shown and self.chance.strikes("stale_agent_row", box):
                yield from self._row(provider, box, phase, phase.age, live=self.chance.maybe(0.7))
            if phase.ended in {"sold", "second_hand"} and following is shown and self.chance.maybe(0.3):
                shown = phase  # this provider was never told of the new owner
        if box.retired:
            if self.chance.maybe(0.35):
                yield from self._row(provider, box, shown, self.chance.randrange(40, 700), live=self.chance.maybe(0.6))
            return
        yield from self._row(provider, box, shown, shown.age or self.chance.pick((0, 0, 0, 0, 1, 3, 12)), live=True)
        for _ in range(box.recreated if provider != "mdm_delta" else 0):
            if self.chance.maybe(0.6):
                yield from self._row(provider, box, box.now, self.chance.randrange(2, 90), live=self.chance.maybe(0.8))

    def _row(self, provider: str, box: Box, phase: Phase, age: int, live: bool) -> Iterator[Row]:
        if provider not in phase.customer.companies:
            return
        row = self.sights.open(provider, box, phase, age)
        row["active"] = live
        row["manufacturer"], row["model"] = box.claims or (box.maker, box.model)
        {
            "rmm_alpha": self._alpha,
            "rmm_beta": self._beta,
            "rmm_gamma": self._gamma,
            "mdm_delta": self._delta,
            EDGE: self._epsilon,
        }[provider](row, box, phase)
        rewrite(row, box, phase, self.chance)
        yield without_nothing(row)

    def _alpha(self, row: Row, box: Box, phase: Phase) -> None:
        """Every adapter and the GUID."""
        macs = self._adapters("rmm_alpha", box, phase, {"ethernet", "wifi", "virtual", "bluetooth", "firewire"})
        row["name"] = phase.name
        row["hostname"] = phase.name if self.chance.maybe(0.6) else f"{phase.name}.{phase.customer.domain}".lower()
        row["bios_guid"] = spell_guid(in_some_order(phase.guid, box, self.chance), 0)
        row["serial"] = phase.serial
        row["macs"] = [spell_mac(mac, "colons") for mac in macs]
        row["os_info"], row["type"] = box.os, box.kind

    def _beta(self, row: Row, box: Box, phase: Phase) -> None:
        """The primary adapter alone, the GUID in either order, the chassis' serial, NetBIOS names."""
        row["name"] = row["hostname"] = phase.name[:15].upper() if box.kind != "mac" else phase.name
        guid = in_some_order(phase.guid, box, self.chance)
        if guid and guid.count("-") == 4 and self.chance.strikes("swapped_guid", box):
            guid = hardware.twin(guid)
        row["bios_guid"] = spell_guid(guid, self.chance.pick((1, 1, 1, 2, 3)))
        row["serial"] = phase.chassis
        foreign = self.accessories.seen("rmm_beta", box)
        own = [nic.mac for nic in phase.nics if nic.medium in {"ethernet", "wifi", "virtual"}]
        primary = (
            foreign[:1] if foreign and self.chance.maybe(0.5) else own[:1] if self.chance.maybe(0.75) else own[-1:]
        )
        row["macs"] = [spell_mac(mac, "bare") for mac in primary]
        row["os_type"] = box.os

    def _gamma(self, row: Row, box: Box, phase: Phase) -> None:
        """Every adapter, two serials, no GUID; for appliances what a network scan sees."""
        row["type"] = box.kind
        if box.kind not in RUN_AGENTS:
            row["name"] = phase.name if self.chance.maybe(0.8) else f"10.0.{phase.site}.{self.chance.randrange(2, 250)}"
            row["serial"] = phase.serial if self.chance.maybe(0.4) else None
            row["macs"] = [spell_mac(phase.nics[0].mac, "dashes")]
            return
        end = self.chance.pick(NAME_ENDS) if box.kind == "mac" else f".{phase.customer.domain}"
        row["name"], row["hostname"] = phase.name[:15], phase.name.lower() + (end if self.chance.maybe(0.8) else "")
        metal = box.kind != "guest"
        second = phase.board if metal and self.chance.strikes("board_serial", box) else phase.chassis
        row["serial"] = [serial for serial in (phase.serial, second) if serial]
        macs = self._adapters("rmm_gamma", box, phase, {"ethernet", "wifi", "bluetooth", "virtual", "firewire", "bmc"})
        if box.kind in SERVERS and len(macs) > 1 and self.chance.strikes("partial_adapters", box):
            macs = macs[: self.chance.randrange(1, len(macs))]
        row["macs"] = [spell_mac(mac, "dashes") for mac in macs]
        row["os_type"] = box.os

    def _delta(self, row: Row, box: Box, phase: Phase) -> None:
        """The serial and the Wi-Fi MAC."""
        row["name"] = row["hostname"] = phase.name
        row["serial"] = phase.serial
        row["macs"] = [self._wifi(nic.mac, box) for nic in phase.nics if nic.medium == "wifi"]
        row["os_type"] = "macOS" if box.kind == "mac" else "Windows"

    def _epsilon(self, row: Row, box: Box, phase: Phase) -> None:
        """The GUID, one serial, and of the adapters those that are up now."""
        macs = self._adapters(EDGE, box, phase, {"ethernet", "wifi", "virtual"})
        row["name"] = row["hostname"] = phase.name
        row["bios_guid"] = spell_guid(in_some_order(phase.guid, box, self.chance), 3)
        row["serial"] = phase.serial
        row["macs"] = [spell_mac(mac, "colons") for mac in macs[: self.chance.randrange(1, 3)]]
        row["os_info"], row["type"] = box.os, box.kind

    def _adapters(self, provider: str, box: Box, phase: Phase, media: set[str]) -> list[str]:
        own = [
            self._wifi(nic.mac, box) if nic.medium == "wifi" else nic.mac for nic in phase.nics if nic.medium in media
        ]
        foreign = self.accessories.seen(provider, box)
        if box.kind == "server" and "nlb_mac" in box.tags:
            foreign = [*foreign, f"02bf0a00{phase.customer.number % 256:02x}{phase.site:02x}"]
        macs = list(dict.fromkeys(own + foreign))
        if len(macs) > 1 and self.chance.maybe(0.3):
            self.chance.shuffle(macs)
        return macs

    def _wifi(self, mac: str, box: Box) -> str:
        return hardware.local_mac(self.chance) if "random_wifi" in box.tags and self.chance.maybe(0.8) else mac
