"""Defects that arise between a box and a provider's record. Each function adds one pathology."""

from collections.abc import Callable
from datetime import timedelta

from service.demo.fleet.boxes import Box
from service.demo.fleet.companies import CW_AUTOMATE, CW_MANAGE, CW_RMM, NETWORK_GEAR, NINJAONE, PORTABLE, Role
from service.demo.fleet.guids import swapped
from service.demo.fleet.hardware import HEX, TAG_LETTERS
from service.demo.fleet.hardware_faults import company_named
from service.demo.fleet.pathologies import DemoFleet
from service.demo.fleet.seeded import SeededRandom, draw_guid
from service.demo.fleet.sightings import Sighting, see, synced, typed

NOTATIONS = (0.10, 0.18, 0.28)  # of agents' GUIDs: braces up to the first, no dashes, lower case up to the last
FILLERS = ("Default string", "Chassis Serial Number", "None")
WORKSTATIONS = (Role.LAPTOP, Role.DESKTOP)


def _workstation_with(provider: str) -> Callable[[Box], bool]:
    return lambda box: provider in box.providers and box.role in WORKSTATIONS


def _kept_by_integration(box: Box) -> bool:
    """The box has a configuration, written by its customer's integration from an agent that knows GUIDs."""
    has_both = {CW_MANAGE, box.owner.integration} <= box.providers
    return has_both and box.owner.integration != NINJAONE and box.role in WORKSTATIONS


def retired_row(fleet: DemoFleet) -> None:
    """Configurations of boxes that are gone: in every third one somebody set the status and forgot the flag."""
    for at, row in enumerate(row for row in fleet.sightings if row.box.retired):
        row.active = at % 3 == 2
        row.status = "Retired" if row.active or at % 2 else "Inactive"
        row.guid = row.box.guid if at % 2 else ""
        fleet.mark("retired_row")


def moved_company(fleet: DemoFleet) -> None:
    """Another customer took the box over: the agents were moved, the configuration was not."""
    for old, new in (("alder", "fenwick"), ("fenwick", "alder"), ("tarnfield", "brannoc")):
        company = company_named(new)

        def fits(box: Box, old: str = old) -> bool:
            return box.owner.key == old and _kept_by_integration(box) and NINJAONE not in box.providers

        for box in fleet.take("moved_company", 1, fits):
            for row in [row for row in fleet.sightings if row.box is box]:
                if row.provider == CW_MANAGE:
                    row.guid = row.guid or box.guid
                else:
                    row.company, row.company_id = company.spelling[row.provider], company.ids[row.provider]


def reimaged_agent(fleet: DemoFleet) -> None:
    """The box was installed anew and got a second agent; the first one was not deleted."""
    for provider in (CW_RMM, CW_AUTOMATE, NINJAONE):
        for box in fleet.take("reimaged_agent", 2, _workstation_with(provider)):
            row = see(fleet.seed, provider, box, nth=1)
            rng = row.rng("reimaged")
            row.name = f"DESKTOP-{rng.text(TAG_LETTERS, 7)}"
            row.seen -= timedelta(days=40 + rng.below(160))
            fleet.sightings.append(row)


def duplicate_by_name(fleet: DemoFleet) -> None:
    """Somebody entered a configuration by its name; the integration did not find it and made another."""
    for box in fleet.take("duplicate_by_name", 8, _kept_by_integration):
        row = typed(fleet.seed, box, nth=1)
        row.name, row.serial, row.macs = box.name, "", []
        fleet.sightings.append(row)


def no_identifier(fleet: DemoFleet) -> None:
    """Somebody entered a box that only agents list, as people call it: no rule can say which box it is."""

    def fits(box: Box) -> bool:
        return CW_MANAGE not in box.providers and CW_AUTOMATE in box.providers and box.role is Role.DESKTOP

    for box in fleet.take("no_identifier", 1, fits):
        box.providers.add(CW_MANAGE)
        row = typed(fleet.seed, box)
        user = box.user.rpartition("\\")[2]
        row.name, row.serial, row.macs, row.entered_last = f"Reception PC ({user})", "", [], True
        fleet.sightings.append(row)


def duplicate_by_serial(fleet: DemoFleet) -> None:
    """A second integration writes configurations of its own."""

    def fits(box: Box) -> bool:
        return _kept_by_integration(box) and len(box.providers) > 2

    for box in fleet.take("duplicate_by_serial", 6, fits):
        other = min(box.providers - {CW_MANAGE, box.owner.integration})
        fleet.sightings.append(synced(fleet.seed, fleet.seen_by(other, box), nth=1))


def typo_serial(fleet: DemoFleet) -> None:
    """One wrong letter; in two of five an integration found the row by name and wrote the GUID into it."""
    for at, box in enumerate(fleet.take("typo_serial", 5, _kept_by_integration)):
        rng = SeededRandom(fleet.seed, "typo", box.id)
        place = 2 + rng.below(len(box.serial) - 2)
        letter = rng.pick(TAG_LETTERS.replace(box.serial[place], ""))
        _mistype(fleet, box, box.serial[:place] + letter + box.serial[place + 1 :], keeps_guid=at < 2)


def o_for_zero(fleet: DemoFleet) -> None:
    """The letter O typed for a nought; in half of them an integration wrote the GUID afterwards."""
    for at, box in enumerate(fleet.take("o_for_zero", 4, lambda box: _kept_by_integration(box) and "0" in box.serial)):
        _mistype(fleet, box, box.serial.replace("0", "O"), keeps_guid=at < 2)


def _mistype(fleet: DemoFleet, box: Box, serial: str, *, keeps_guid: bool) -> None:
    row = fleet.seen_by(CW_MANAGE, box)
    row.serial, row.name = serial, box.name
    row.guid = (row.guid or fleet.seen_by(box.owner.integration, box).guid) if keeps_guid else ""
    row.source = row.source if keeps_guid else None
    row.macs = row.macs if keeps_guid else []


def board_replaced(fleet: DemoFleet) -> None:
    """A new mainboard under the old serial: the agents have the new GUID, the configuration has the old."""

    def fits(box: Box) -> bool:
        return _kept_by_integration(box) and NINJAONE not in box.providers and box.product.maker in ("HP", "LENOVO")

    for box in fleet.take("board_replaced", 4, fits):
        new = draw_guid(SeededRandom(fleet.seed, "board", box.id))
        for row in [row for row in fleet.sightings if row.box is box]:
            row.guid = box.guid if row.provider == CW_MANAGE else new


def board_serial(fleet: DemoFleet) -> None:
    """NinjaOne's two serial fields differ: the first is the board's number, or a filler."""
    for at, box in enumerate(fleet.take("board_serial", 8, _workstation_with(NINJAONE))):
        row = fleet.seen_by(NINJAONE, box)
        row.bios_serial, row.serial = box.serial, FILLERS[at % 3] if at % 2 else box.board_serial


def catch_all_company(fleet: DemoFleet) -> None:
    """Records that nobody filed: most have a serial or a GUID, one has its name alone."""
    for at, box in enumerate(fleet.take("catch_all_company", 5, _kept_by_integration)):
        row = fleet.seen_by(CW_MANAGE, box)
        row.company, row.company_id = "Catchall", "2"
        if at == 0:
            row.serial, row.guid, row.macs, row.source = "", "", [], None
    for box in fleet.take("catch_all_company", 2, _workstation_with(CW_AUTOMATE)):
        row = fleet.seen_by(CW_AUTOMATE, box)
        row.company, row.company_id = "Unassigned", "1"


def two_macs(fleet: DemoFleet) -> None:
    """Both adapters in the one field; 25 letters hold exactly two addresses without separators."""
    for box in fleet.take("two_macs", 12, lambda box: _kept_by_integration(box) and len(box.macs) == 2):
        fleet.seen_by(CW_MANAGE, box).macs = list(box.macs)


def random_wireless_mac(fleet: DemoFleet) -> None:
    """A private wireless address, another one in each agent's report."""
    for box in fleet.take("random_wireless_mac", 10, lambda box: box.role in PORTABLE and len(box.providers) > 2):
        for row in [row for row in fleet.sightings if row.box is box and row.provider in (CW_RMM, NINJAONE)]:
            row.macs.append(row.rng("random_mac").pick("048C") + "A" + row.rng("private").text(HEX, 10))


def password_question(fleet: DemoFleet) -> None:
    """A secret in a configuration's questions; Samebox may not store, log or show it."""
    rows = [row for row in fleet.sightings if row.provider == CW_MANAGE and row.box.role is Role.FIREWALL]
    for number, row in enumerate(rows, start=1):
        row.secret = f"not-a-real-secret-{number}"
    fleet.mark("password_question", len(rows))


def guid_notation(fleet: DemoFleet) -> None:
    """Agents that print braces, no dashes or lower case. ConnectWise Manage takes dashes only."""
    for row in fleet.sightings:
        if not row.guid or row.box.id == "demo":
            continue
        if row.provider != CW_MANAGE:
            _respell(row)
        fleet.mark("guid_notation", int(row.guid not in (row.box.guid, swapped(row.box.guid), row.guid.upper())))


def _respell(row: Sighting) -> None:
    drawn = row.rng("notation").below(100) / 100
    braces, no_dashes, lower = NOTATIONS
    if drawn < braces:
        row.guid = f"{{{row.guid}}}"
    elif drawn < no_dashes:
        row.guid = row.guid.replace("-", "")
    elif drawn < lower:
        row.guid = row.guid.lower()


def count_incidental(fleet: DemoFleet) -> None:
    """Count the pathologies that other steps cause: cut names, untidy serials, swapped GUIDs, boxes on one side."""
    for row in fleet.sightings:
        fleet.mark("cut_name", int(row.name.casefold() == row.box.name[:15].casefold() and len(row.box.name) > 15))
        plain = row.serial.upper().replace(" ", "") == row.box.serial.upper().replace(" ", "")
        fleet.mark("untidy_serial", int(plain and row.serial != row.box.serial))
    for box in (box for box in fleet.boxes if box.role not in NETWORK_GEAR | {Role.ENTRY}):
        spelt = {row.guid.strip("{}").replace("-", "").upper() for row in fleet.sightings if row.box is box}
        orders = {guid.replace("-", "") for guid in (box.guid, swapped(box.guid))}
        fleet.mark("byte_swapped_guid", int(len(orders) == 2 and orders <= spelt))
        fleet.mark("only_in_psa", int(box.providers == {CW_MANAGE} and not box.retired))
        fleet.mark("only_in_rmm", int(CW_MANAGE not in box.providers))


RECORD_FAULTS = (
    retired_row,
    moved_company,
    reimaged_agent,
    board_replaced,
    typo_serial,
    o_for_zero,
    catch_all_company,
    duplicate_by_name,
    duplicate_by_serial,
    board_serial,
    two_macs,
    random_wireless_mac,
    password_question,
    guid_notation,
    no_identifier,
)
