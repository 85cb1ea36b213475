"""The labelled fleet: records in any order, the true device of each, and what struck it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from benchmarks.fleet.accessories import Accessories
from benchmarks.fleet.agents import Agents
from benchmarks.fleet.boxes import SERVERS, Box
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.clouds import cloud_guests, desktop_guests
from benchmarks.fleet.customers import Customer, customers
from benchmarks.fleet.images import rollouts
from benchmarks.fleet.lives import World, share_names
from benchmarks.fleet.network import appliances, services
from benchmarks.fleet.physical import Estate
from benchmarks.fleet.psa import Psa
from benchmarks.fleet.sights import Row, Sights
from benchmarks.fleet.virtual import containers, desktop_pool, guests

RECORDS_A_BOX = 3.2
"""What the coverage of the providers comes to; turns a wanted number of records into one of boxes."""


OF_THE_CUSTOMER = frozenset(
    {
        "near_namesake",
        "shared_tenant",
        "merged_company",
        "netbios_cut",
        "branch_companies",
        "renamed_company",
        "misspelt_company",
        "large_customer",
        "initials_company",
        "trade_name",
        "main_office",
        "edge_agent",
    }
)
"""Pathologies that strike all boxes of a customer at once."""


@dataclass(frozen=True)
class Fleet:
    """
    `records` in the shape of the feed files, `truth` (provider, id) -> label of the device, `pathologies` pathology ->
    labels of the devices it struck (only devices with a record). `drawn` and `struck` count the draws for each rate of
    the edition.
    """

    edition: int
    records: Sequence[Row]
    truth: Mapping[tuple[str, str], str]
    pathologies: Mapping[str, frozenset[str]]
    drawn: Mapping[str, int]
    struck: Mapping[str, int]

    @property
    def devices(self) -> int:
        """How many true devices have a record."""
        return len(set(self.truth.values()))


def generate(seed: int, records: int = 200_000, row_ids: bool = False, edition: int = 1) -> Fleet:
    """
    Return a fleet of about that many records.

    `row_ids`: the PSA's `mobileGuid` holds ids of its rows. `edition` is a key of `RATES`.
    """
    chance = Chance(seed, edition)
    listed = customers(int(records / RECORDS_A_BOX), chance)
    boxes, successors = boxes_of(listed, count(1), chance)
    rows = rows_of(boxes, successors, Accessories(chance), Sights(listed, chance), row_ids)
    truth = {(row["provider"], row["id"]): label for row, label in rows}
    struck = _struck(boxes, set(truth.values()), chance.rates)
    return Fleet(edition, [row for row, _ in rows], truth, struck, dict(chance.drawn), dict(chance.struck))


def boxes_of(listed: Sequence[Customer], numbers: "count[int]", chance: Chance) -> tuple[list[Box], dict[str, Box]]:
    """Return all boxes of customers, and for each that lost its name the box that took it."""
    estates = [Estate(customer, numbers, chance) for customer in listed]
    world = World(listed, {estate.customer.number: estate.names for estate in estates}, numbers, chance)
    boxes: list[Box] = []
    successors: dict[str, Box] = {}
    for estate in estates:
        for box in list(_estate(estate)):
            boxes.append(box)
            for predecessor in world.live(box):
                boxes.append(predecessor)
                successors[predecessor.id] = box
    return boxes, successors


def rows_of(
    boxes: Sequence[Box],
    successors: Mapping[str, Box],
    accessories: Accessories,
    sights: Sights,
    row_ids: bool = False,
) -> list[tuple[Row, str]]:
    """Return every record of the boxes with the label of its device, in any order."""
    chance = sights.chance
    for owned in _by_customer(boxes).values():
        share_names(owned, chance)
        accessories.deal(owned)
    agents, psa = Agents(sights, accessories, chance), Psa(sights, accessories, chance, row_ids)
    rows = list(_rows(boxes, successors, agents, psa, chance))
    chance.shuffle(rows)
    return rows


def _estate(estate: Estate) -> Iterator[Box]:
    """Yield what one customer has, by its size."""
    size, chance = estate.customer.size, estate.chance
    laptops, macs = round(size * chance.uniform(0.3, 0.55)), round(size * chance.pick((0, 0, 0.02, 0.05, 0.2)))
    servers, network = max(1, round(size * 0.035)), round(size * chance.uniform(0.06, 0.14))
    virtual = round(size * chance.uniform(0.05, 0.16)) if size > 15 else 0
    desktops = max(2, size - laptops - macs - servers - network - virtual)
    for kind, wanted in (("laptop", laptops), ("desktop", desktops), ("mac", macs)):
        for box in estate.workstations(kind, wanted):
            yield box
            yield from desktop_guests(box, estate)
    metal = list(estate.servers(servers))
    for first, second in pairwise(metal):
        chance.strikes("nlb_mac", first, second)
    yield from metal
    yield from guests(estate, virtual)
    yield from cloud_guests(estate, virtual)
    yield from containers(metal, estate)
    if size > 80 and chance.strikes("vdi_pool"):
        yield from desktop_pool(estate)
    yield from rollouts(estate)
    yield from appliances(estate, network)
    yield from services(estate, sum(chance.strikes("no_device") for _ in range(size)))


def _by_customer(boxes: Sequence[Box]) -> dict[int, list[Box]]:
    owned: defaultdict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        owned[box.now.customer.number].append(box)
    return owned


def _rows(
    boxes: Sequence[Box], successors: Mapping[str, Box], agents: Agents, psa: Psa, chance: Chance
) -> Iterator[tuple[Row, str]]:
    """Yield every record with the label of the device it is of; a support contract is a thing of its own."""
    named: dict[tuple[int, str], str] = {}
    for box in boxes:
        if box.kind == "laptop":
            chance.strikes("random_wifi", box)
        seen = list(agents.look(box))
        entered = list(psa.look(box, successors.get(box.id), {row["provider"]: row["id"] for row in seen}))
        _link(box, seen, entered, named, chance)
        yield from ((row, box.id) for row in seen)
        yield from ((row, f"{box.id}-licence" if row["type"] == "Licence" else box.id) for row in entered)


def _link(
    box: Box, seen: Sequence[Row], entered: Sequence[Row], named: dict[tuple[int, str], str], chance: Chance
) -> None:
    """Let rmm_beta name the PSA's row for some of its own, and now and then the row of another box of that name."""
    if not entered:
        return
    place = (box.now.customer.number, box.now.name.lower())
    for row in seen:
        if row["provider"] == "rmm_beta" and box.kind not in SERVERS and chance.maybe(0.06):
            target = named.get(place, entered[0]["id"]) if chance.strikes("wrong_link", box) else entered[0]["id"]
            row["links"] = [{"provider": "cw_manage", "id": target}]
    named[place] = entered[0]["id"]


def _struck(boxes: Sequence[Box], present: set[str], pathologies: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {pathology: set() for pathology in pathologies}
    for box in boxes:
        if box.id in present:
            for pathology in box.tags | (box.now.customer.tags & OF_THE_CUSTOMER):
                found[pathology].add(box.id)
    return {pathology: frozenset(labels) for pathology, labels in found.items()}
