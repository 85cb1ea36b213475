"""Defects that no rule can answer, so that each leaves a question to a person. Each function adds one pathology."""

from datetime import timedelta

from service.demo.fleet.boxes import Box, draw_box
from service.demo.fleet.companies import CW_AUTOMATE, CW_MANAGE, CW_RMM, NINJAONE, Role
from service.demo.fleet.guids import swapped, vmware_guid, vmware_serial
from service.demo.fleet.hardware import TAG_LETTERS
from service.demo.fleet.hardware_faults import company_named
from service.demo.fleet.pathologies import DemoFleet
from service.demo.fleet.seeded import draw_guid
from service.demo.fleet.sightings import Sighting, see

WORKSTATIONS = (Role.LAPTOP, Role.DESKTOP)


def _has_one_agent(box: Box) -> bool:
    """Whether the box has a configuration, and one agent, which lists every adapter."""
    return box.role in WORKSTATIONS and box.providers in ({CW_MANAGE, CW_RMM}, {CW_MANAGE, NINJAONE})


def _enter_by_hand(row: Sighting) -> None:
    """Make a configuration one that somebody entered with a name and a MAC alone."""
    row.serial, row.guid, row.macs, row.source = "", "", row.box.macs[:1], None


def renamed(fleet: DemoFleet) -> None:
    """A white box got its name after NinjaOne had seen it last, and has no serial that would tie both names."""

    def fits(box: Box) -> bool:
        has_two_agents = NINJAONE in box.providers and not box.providers.isdisjoint({CW_RMM, CW_AUTOMATE})
        return box.role is Role.WHITE_BOX and has_two_agents

    for box in fleet.take("renamed", 1, fits):
        row = fleet.seen_by(NINJAONE, box)
        row.name = f"DESKTOP-{row.rng('renamed').text(TAG_LETTERS, 7)}"
        row.seen -= timedelta(days=9)


def name_passed_on(fleet: DemoFleet) -> None:
    """A new box took the name of a broken one, whose configuration nobody retired."""
    for at, box in enumerate(fleet.take("name_passed_on", 2, _has_one_agent)):
        old = draw_box(fleet.seed, box.owner, box.role, 70 + at, "leaver")
        old.name, old.providers, old.retired = box.name, {CW_MANAGE}, True
        fleet.boxes.append(old)
        row = see(fleet.seed, CW_MANAGE, old)
        _enter_by_hand(row)
        row.entered_last = True
        fleet.sightings.append(row)


def letter_left_out(fleet: DemoFleet) -> None:
    """A serial typed without one of its letters, beside the right name."""
    for box in fleet.take("letter_left_out", 2, _has_one_agent):
        row = fleet.seen_by(CW_MANAGE, box)
        _enter_by_hand(row)
        place = 2 + row.rng("letter").below(len(box.serial) - 2)
        row.name, row.macs, row.serial = box.name, [], box.serial[:place] + box.serial[place + 1 :]


def sold_on(fleet: DemoFleet) -> None:
    """Another customer bought the box; the configuration, entered with its serial, stayed with the seller."""
    for old, new in (("fenwick", "tarnfield"), ("alder", "brannoc")):
        seller = company_named(old)

        def fits(box: Box, owner: str = new) -> bool:
            return box.owner.key == owner and _has_one_agent(box)

        for box in fleet.take("sold_on", 1, fits):
            row = fleet.seen_by(CW_MANAGE, box)
            _enter_by_hand(row)
            row.serial, row.macs = box.serial, []
            row.name = f"DESKTOP-{row.rng('sold_on').text(TAG_LETTERS, 7)}"
            row.company, row.company_id = seller.spelling[CW_MANAGE], seller.ids[CW_MANAGE]


def guest_restored(fleet: DemoFleet) -> None:
    """The guest was restored as a new one: its configuration has the GUID and the serial of the former."""

    def fits(box: Box) -> bool:
        return box.role is Role.VMWARE and box.providers == {CW_MANAGE, box.owner.integration}

    for box in fleet.take("guest_restored", 2, fits):
        row = fleet.seen_by(CW_MANAGE, box)
        raw = vmware_guid(row.rng("restored"))
        row.guid, row.serial = swapped(raw), vmware_serial(raw)


def board_of_two_agents(fleet: DemoFleet) -> None:
    """A new mainboard under the old serial: one agent has measured the new GUID, and another still sends the old."""

    def fits(box: Box) -> bool:
        has_both = {CW_RMM, CW_AUTOMATE} <= box.providers and CW_MANAGE in box.providers
        return has_both and box.role in WORKSTATIONS and box.product.maker in ("HP", "LENOVO")

    for box in fleet.take("board_of_two_agents", 1, fits):
        row = fleet.seen_by(CW_RMM, box)
        row.guid = draw_guid(row.rng("board"))


REVIEW_FAULTS = (renamed, name_passed_on, sold_on, guest_restored, board_of_two_agents, letter_left_out)
