"""The catalogue of the fleet's defects, and the boxes they are applied to."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from service.demo.fleet.boxes import Box
from service.demo.fleet.seeded import SeededRandom
from service.demo.fleet.sightings import Sighting


@dataclass(frozen=True)
class Pathology:
    """A way in which identity evidence goes wrong; `unit` is what its count counts."""

    name: str
    unit: str
    says: str


PATHOLOGIES = (
    Pathology("placeholder_serial", "boxes", "white-box PCs whose firmware never got a serial"),
    Pathology(
        "placeholder_guid", "boxes", "boards that show a published bogus GUID, four of them Dell boards without a tag"
    ),
    Pathology("shared_guid", "boxes", "a batch of white-box PCs of one company with one GUID that is on no list"),
    Pathology("shared_serial", "boxes", "a batch of tills with one serial that is on no list"),
    Pathology("dock_mac", "boxes", "laptops that were audited on a shared dock: its MAC is in their lists"),
    Pathology("vpn_mac", "boxes", "laptops with the fixed MAC of a VPN adapter, one on the lists and one on none"),
    Pathology("hyperv_pool", "boxes", "Hyper-V guests of two companies with the same MAC from equal pools"),
    Pathology("cloned_vm", "boxes", "VMware guests copied with their GUID and serial; other name, other MACs"),
    Pathology("reused_name", "boxes", "a retired box whose configuration was kept, and the new box under its name"),
    Pathology("moved_company", "boxes", "boxes that another customer took over; ConnectWise Manage has the old one"),
    Pathology("byte_swapped_guid", "boxes", "boxes whose GUID differs between providers in byte order"),
    Pathology("guid_notation", "records", "GUIDs in braces, without dashes or in lower case"),
    Pathology("cut_name", "records", "names cut to 15 letters"),
    Pathology("random_wireless_mac", "boxes", "a locally administered MAC, another one in each provider"),
    Pathology("reimaged_agent", "records", "the same box twice in one RMM: an old agent id under an old name"),
    Pathology("duplicate_by_name", "records", "a second configuration that has only the name"),
    Pathology("no_identifier", "records", "a configuration that somebody named after a desk and its user, and no more"),
    Pathology("duplicate_by_serial", "records", "a second configuration from another sync path, with the serial"),
    Pathology("untidy_serial", "records", "serials typed in lower case or with blanks"),
    Pathology("typo_serial", "records", "serials typed with one wrong letter, beside the right name"),
    Pathology("o_for_zero", "records", "serials typed with O for 0 or 0 for O"),
    Pathology("board_replaced", "boxes", "a new mainboard: the agents show a new GUID, the PSA the old one"),
    Pathology("letter_left_out", "records", "serials typed without one letter, beside the right name"),
    Pathology("board_serial", "records", "NinjaOne's first serial field holds the board's number or a filler"),
    Pathology("board_of_two_agents", "boxes", "a new mainboard that one agent has measured, and another has not"),
    Pathology("guest_restored", "boxes", "VMware guests whose configuration has GUID and serial of before a restore"),
    Pathology("renamed", "boxes", "a white-box PC that one agent saw last under an earlier name"),
    Pathology("name_passed_on", "boxes", "a broken box that is still listed, with a MAC, under its successor's name"),
    Pathology("sold_on", "boxes", "boxes that another customer bought; the configuration stayed with the seller"),
    Pathology("catch_all_company", "records", "records filed under a catch-all company"),
    Pathology("two_macs", "records", "two MACs in the one field of 25 letters"),
    Pathology("retired_row", "records", "configurations of boxes that are gone, inactive or merely Retired"),
    Pathology("not_a_device", "boxes", "toner, licences, domain names and certificates kept as configurations"),
    Pathology("password_question", "records", "configurations with a Password question (a fake secret)"),
    Pathology("only_in_psa", "boxes", "boxes that no RMM lists"),
    Pathology("only_in_rmm", "boxes", "boxes that ConnectWise Manage does not list"),
)


@dataclass
class DemoFleet:
    """The boxes, the providers' views of them, and how often each pathology was applied."""

    seed: int
    boxes: list[Box]
    sightings: list[Sighting] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    _taken: set[str] = field(default_factory=lambda: {"demo"})

    def mark(self, pathology: str, count: int = 1) -> None:
        """Count a pathology that was applied."""
        self.tally[pathology] += count

    def add(self, pathology: str, box: Box) -> None:
        """Add a box that has the pathology from the start."""
        self.boxes.append(box)
        self._taken.add(box.id)
        self.mark(pathology)

    def take(self, pathology: str, count: int, fits: Callable[[Box], bool]) -> list[Box]:
        """
        Return random boxes for a pathology, from those that fit and have none yet.

        A box gets one pathology only, so that its right answer is clear.

        Raises:
            ValueError: Too few boxes fit.
        """
        free = [box for box in self.boxes if box.id not in self._taken and fits(box)]
        if len(free) < count:
            raise ValueError(f"{pathology}: {count} boxes wanted, {len(free)} fit")
        drawn = SeededRandom(self.seed, "take", pathology).shuffled(free)[:count]
        self._taken |= {box.id for box in drawn}
        self.mark(pathology, count)
        return drawn

    def seen_by(self, provider: str, box: Box) -> Sighting:
        """Return the provider's first record of a box."""
        return next(row for row in self.sightings if row.provider == provider and row.box is box)


def counted(tally: Counter[str]) -> Iterable[tuple[Pathology, int]]:
    """Return every pathology with its count, in the order of the catalogue."""
    return [(pathology, tally[pathology.name]) for pathology in PATHOLOGIES]
