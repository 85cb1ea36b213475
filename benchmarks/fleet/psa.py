"""The PSA: rows that an integration wrote, rows that people typed, rows from scans and orders, and rows made twice."""

from collections.abc import Iterator, Mapping

from benchmarks.fleet import hardware
from benchmarks.fleet.accessories import Accessories
from benchmarks.fleet.boxes import SERVERS, WORKSTATIONS, Box, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.readings import in_some_order, rewrite
from benchmarks.fleet.sights import Row, Sights, spell_guid, spell_mac, without_nothing
from benchmarks.fleet.typing_slips import typed_name, typed_serial

LISTED = {"laptop": 0.86, "desktop": 0.86, "mac": 0.75, "server": 0.95, "guest": 0.8, "container": 0.0, "service": 1.0}
"""Share of each kind that the PSA has; anything else 0.7."""

MAC_STYLES = ("colons", "colons", "dashes", "bare", "dots")
PATHS = ("synced",) * 11 + ("typed",) * 6 + ("scanned",) * 2 + ("ordered",)
APPLIANCE_PATHS = ("typed", "typed", "scanned", "scanned", "ordered")
KIOSK_PATHS = ("synced", "scanned", "ordered")
PATHS_OF = {**dict.fromkeys(WORKSTATIONS | SERVERS, PATHS), "kiosk": KIOSK_PATHS}
"""Kind of box -> the ways by which its rows came in; anything else as appliances."""

PORTAL_WORDS = ("finance", "file", "web", "database", "terminal", "backup", "print", "intranet")
DUPLICATES = (
    ("ordered", "scanned"),
    ("synced", "typed"),
    ("typed", "typed"),
    ("synced", "scanned"),
    ("synced", "synced"),
)


class Psa:
    """
    Turns boxes into rows of the PSA. With `row_ids`, `mobileGuid` holds an id of the row, as instances have it that no
    integration fills; otherwise the firmware's GUID, in part of the rows.
    """

    def __init__(self, sights: Sights, accessories: Accessories, chance: Chance, row_ids: bool) -> None:
        self.sights = sights
        self.accessories = accessories
        self.chance = chance
        self.row_ids = row_ids

    def look(self, box: Box, successor: Box | None, agent_ids: Mapping[str, str]) -> Iterator[Row]:
        """Yield the PSA's rows of a box. `successor` is the box that took its name, `agent_ids` its ids elsewhere."""
        listed = self.chance.maybe(LISTED.get(box.kind, 0.7)) if box.in_psa is None else box.in_psa
        if not listed:
            return
        paths = [self._path(box, successor)]
        if box.kind != "service" and self.chance.strikes("psa_duplicate", box):
            paths = list(self.chance.pick(DUPLICATES))
        if box.kind == "guest":
            paths = ["typed" if path == "ordered" else path for path in paths]  # nobody orders a guest
        for number, path in enumerate(paths):
            yield self._row(path, box, self._phase(box, number), successor, agent_ids)
        if (
            box.now.ended == ""
            and len(box.phases) > 1
            and box.phases[-2].ended in {"sold", "second_hand"}
            and self.chance.maybe(0.6)
        ):
            yield self._row("synced", box, box.now, None, agent_ids)
        if box.kind == "firewall" and self.chance.strikes("licence_row", box):
            yield self._licence(box)

    def _path(self, box: Box, successor: Box | None) -> str:
        if successor is None and self.chance.strikes("name_only", box):
            return "named"
        if box.kind == "guest" and self.chance.strikes("portal_row", box):
            return "portal"
        return self.chance.pick(PATHS_OF.get(box.kind, APPLIANCE_PATHS))

    def _phase(self, box: Box, number: int) -> Phase:
        """Most rows show the box as it was when they were made; changes of name are what the PSA misses most."""
        if len(box.phases) > 1 and (number == 0 and self.chance.maybe(0.7)):
            return box.phases[0]
        return box.now

    def _row(self, path: str, box: Box, phase: Phase, successor: Box | None, agent_ids: Mapping[str, str]) -> Row:
        row = self.sights.open("cw_manage", box, phase, self.chance.randrange(0, 900))
        row["type"] = self._type(box)
        row["manufacturer"], row["model"], row["tag_number"] = (
            box.maker,
            box.model,
            box.tag if self.chance.maybe(0.3) else None,
        )
        self._liveness(row, box, phase)
        {
            "synced": self._synced,
            "typed": self._typed,
            "scanned": self._scanned,
            "ordered": self._ordered,
            "named": self._named,
            "portal": self._portal,
        }[path](row, box, phase)
        if path == "synced":
            self._integration(row, box, phase, agent_ids)
        if self.row_ids:
            row["bios_guid"] = hardware.random_guid(self.chance).lower()
        if successor is not None and path in {"synced", "typed"} and self.chance.strikes("chimera_row", box, successor):
            row["macs"] = [spell_mac(nic.mac, "colons") for nic in successor.now.nics[:1]]
        rewrite(row, box, phase, self.chance)
        return without_nothing(row)

    def _synced(self, row: Row, box: Box, phase: Phase) -> None:
        row["name"], row["serial"], row["os_info"] = phase.name, phase.serial, box.os
        row["macs"] = self._mac(box, phase)

    def _integration(self, row: Row, box: Box, phase: Phase, agent_ids: Mapping[str, str]) -> None:
        if not self.row_ids and self.chance.maybe(0.4):
            guid = in_some_order(phase.guid, box, self.chance)
            row["bios_guid"] = spell_guid(guid, self.chance.pick((0, 0, 1, 3)))
        if "rmm_alpha" in agent_ids and self.chance.maybe(0.7):
            row["device_identifier"] = agent_ids["rmm_alpha"]

    def _typed(self, row: Row, box: Box, phase: Phase) -> None:
        row["name"] = typed_name(phase.name, box, self.chance)
        on_case = phase.serial == box.label or self.chance.maybe(0.4)  # white boxes seldom wear a sticker
        if box.label and on_case and self.chance.maybe(0.85):
            row["serial"] = typed_serial(box.label, box, self.chance)
        if self.chance.maybe(0.25):
            row["macs"] = self._mac(box, phase)

    def _scanned(self, row: Row, box: Box, phase: Phase) -> None:
        row["name"], row["macs"] = phase.name if self.chance.maybe(0.9) else "", self._mac(box, phase)

    def _ordered(self, row: Row, box: Box, phase: Phase) -> None:
        del phase
        row["name"] = box.model or row["type"]
        row["serial"] = box.label

    def _named(self, row: Row, box: Box, phase: Phase) -> None:
        row["name"] = typed_name(phase.name, box, self.chance)

    def _portal(self, row: Row, box: Box, phase: Phase) -> None:
        del phase
        row["name"] = f"{self.chance.pick(('Cloud', 'Virtual', 'VM'))} {self.chance.pick(PORTAL_WORDS)} server"
        row["serial"] = box.label

    def _mac(self, box: Box, phase: Phase) -> list[str]:
        foreign = self.accessories.seen("cw_manage", box)
        own = [nic.mac for nic in phase.nics if nic.medium in {"ethernet", "wifi"}]
        if foreign and (self.chance.maybe(0.35) or "bench_dongle" in box.tags):
            chosen = foreign[:1]
        elif box.kind == "laptop" and len(own) > 1 and self.chance.strikes("psa_wifi_mac", box):
            chosen = own[-1:]
        elif box.kind == "server" and self.chance.strikes("bmc_mac", box):
            chosen = [nic.mac for nic in phase.nics if nic.medium == "bmc"] or own[:1]
        else:
            chosen = own[:2] if self.chance.maybe(0.03) else own[:1]
        style = self.chance.pick(MAC_STYLES)
        return [", ".join(spell_mac(mac, style) for mac in chosen)] if chosen else []

    def _liveness(self, row: Row, box: Box, phase: Phase) -> None:
        gone = box.retired and self.chance.maybe(0.6)
        left = phase.ended == "sold" and self.chance.maybe(0.4)
        row["active"] = not (gone or left)
        row["status"] = self.chance.pick(("Retired", "Inactive", "Decommissioned")) if gone or left else "Active"

    def _type(self, box: Box) -> str:
        if box.kind in WORKSTATIONS:
            return self.chance.pick(("Managed Workstation", "Workstation", "Laptop", "Desktop"))
        if box.kind in SERVERS:
            return self.chance.pick(("Managed Server", "Server"))
        return "Line of Business" if box.kind == "service" else box.kind.title()

    def _licence(self, box: Box) -> Row:
        row = self.sights.open("cw_manage", box, box.now, 30)
        row["type"], row["name"], row["serial"] = "Licence", f"{box.model} support contract", box.now.serial
        row["active"], row["status"] = True, "Active"
        return row
