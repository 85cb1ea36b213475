"""What each provider reports of a box: one sighting becomes one record of its feed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.demo.fleet.boxes import Box
from service.demo.fleet.companies import CW_AUTOMATE, CW_MANAGE, NETWORK_GEAR, NINJAONE, RMMS, SERVERS, Role
from service.demo.fleet.guids import swapped
from service.demo.fleet.seeded import SeededRandom

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # the feeds are of this moment; no clock is read
OFFLINE_AFTER = timedelta(minutes=30)
NETBIOS_LENGTH = 15

GUID_WRITTEN = 0.95  # of the configurations that an integration with a GUID at hand keeps up to date
LOWER_CASE_GUID = 0.25  # of the GUIDs in ConnectWise Manage
SERIAL_TYPED_UNTIDILY = 0.35  # of the serials typed by hand: lower case, or with blanks
MAC_TYPED = 0.5  # of the configurations entered by hand
SERIAL_TYPED = 0.9  # likewise


@dataclass
class Sighting:
    """
    One provider's view of a box in neutral fields; a writer puts it into the vendor's shape.

    `nth` counts the sightings of one box in one provider. `source` is the agent's sighting from
    which an integration wrote this configuration; None for one entered by hand. `bios_serial` is
    set where the provider has a second serial field that says something else. `entered_last` rows
    have the highest ids of their provider.
    """

    seed: int
    provider: str
    box: Box
    nth: int
    company: str
    company_id: str
    name: str
    guid: str
    serial: str
    macs: list[str]
    seen: datetime
    bios_serial: str | None = None
    active: bool = True
    status: str = "Active"
    source: "Sighting | None" = None
    secret: str = ""
    entered_last: bool = False
    id: str = ""

    def rng(self, concept: str) -> SeededRandom:
        """Return the random stream for one aspect of this record; it does not depend on other records."""
        return SeededRandom(self.seed, concept, self.provider, self.box.id, self.nth)


def _seen(box: Box, rng: SeededRandom) -> datetime:
    is_on = box.role in SERVERS or rng.chance(0.5)
    return NOW - timedelta(minutes=rng.below(15 if is_on else 4000), seconds=rng.below(60))


def _guid(provider: str, box: Box) -> str:
    """
    Return the GUID in the byte order in which the provider shows it.

    A guest of old virtual hardware shows the raw order to everybody. Automate shows that order
    for every VMware guest, and for the demo box (see fixtures/README.md).
    """
    if provider == NINJAONE or not box.guid:
        return ""
    raw = box.old_virtual_hardware or (provider == CW_AUTOMATE and (box.role is Role.VMWARE or box.id == "demo"))
    return swapped(box.guid) if raw else box.guid


def see(seed: int, provider: str, box: Box, nth: int = 0) -> Sighting:
    """Return what an agent of the provider reports of a box."""
    name = box.name.upper()[:NETBIOS_LENGTH] if provider == CW_AUTOMATE and box.role is not Role.MAC else box.name
    return Sighting(
        seed=seed,
        provider=provider,
        box=box,
        nth=nth,
        company=box.owner.spelling[provider],
        company_id=box.owner.ids[provider],
        name=name,
        guid=_guid(provider, box),
        serial="" if box.role in NETWORK_GEAR and provider == NINJAONE else box.serial,
        macs=list(box.macs[:1] if provider in (CW_AUTOMATE, CW_MANAGE) else box.macs),
        seen=_seen(box, SeededRandom(seed, "seen", provider, box.id, nth)),
    )


def synced(seed: int, source: Sighting, nth: int = 0) -> Sighting:
    """Return the configuration that an integration writes to ConnectWise Manage from an agent's record."""
    row = see(seed, CW_MANAGE, source.box, nth)
    rng = SeededRandom(seed, "synced", source.box.id, nth)
    row.name, row.serial, row.source = source.name, source.serial, source
    row.guid = source.guid if rng.chance(GUID_WRITTEN) or source.box.id == "demo" else ""
    if rng.chance(LOWER_CASE_GUID):
        row.guid = row.guid.lower()
    row.seen = source.seen - timedelta(minutes=30)
    return row


def typed(seed: int, box: Box, nth: int = 0) -> Sighting:
    """Return the configuration that somebody entered by hand."""
    row = see(seed, CW_MANAGE, box, nth)
    rng = SeededRandom(seed, "typed", box.id, nth)
    row.name = rng.pick((box.name, box.name.upper()[:NETBIOS_LENGTH], box.full_name, box.name.lower()))
    row.guid = ""
    has_serial = bool(box.serial) and box.role is not Role.WHITE_BOX and rng.chance(SERIAL_TYPED)
    row.serial = box.serial if has_serial else ""
    if has_serial and rng.chance(SERIAL_TYPED_UNTIDILY):
        row.serial = rng.pick((box.serial.lower(), f"{box.serial} ", f"{box.serial[:3]} {box.serial[3:]}"))
    if has_serial and not rng.chance(MAC_TYPED):
        row.macs = []  # a configuration without a serial keeps its MAC
    row.seen = datetime(2026, 1 + rng.below(9), 1 + rng.below(28), 9 + rng.below(8), rng.below(60), tzinfo=UTC)
    return row


def sight_all(seed: int, boxes: list[Box]) -> list[Sighting]:
    """Return every provider's view of every box that it lists, agents first."""
    agents = {(box.id, rmm): see(seed, rmm, box) for box in boxes for rmm in RMMS if rmm in box.providers}
    rows = []
    for box in boxes:
        if CW_MANAGE in box.providers:
            source = agents.get((box.id, box.owner.integration))
            rows.append(synced(seed, source) if source else typed(seed, box))
    return [*agents.values(), *rows]
