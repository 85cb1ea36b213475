"""A store that a key bound to one customer sees a part of, and the same store without the other part."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from matching.model import Decision, Key, Verdict
from matching.records import read_record
from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.intake.importing import import_rows
from service.intake.pushing import push_records
from service.stewardship.deciding import decide
from service.stewardship.reviewing import ReviewView
from service.store.access.visibility import Customer, Visibility
from service.store.ingested.records import entry
from service.store.world import World
from tests.service.api.conftest import LAPTOP, Client, application, asking
from tests.service.reports.fleets import NOW, empty_world

OWN: list[dict[str, Any]] = [
    {**LAPTOP, "provider": "cw_manage", "id": "1", "company_id": "250", "name": "ACME-LT-0421", "status": "Active"},
    {**LAPTOP, "provider": "cw_manage", "id": "2", "company_id": "250", "name": "old", "active": False},
    {**LAPTOP, "provider": "cw_rmm", "id": "A-1", "company_id": "acme", "last_seen": "2026-11-20T08:00:00Z"},
    {
        **LAPTOP,
        "provider": "cw_manage",
        "id": "3",
        "company_id": "250",
        "hostname": "",
        "macs": [],
        "bios_guid": "5C4C4544-0042-3510-8054-B4C04F4A5931",
    },
    {
        "provider": "cw_rmm",
        "id": "A-2",
        "company_id": "acme",
        "company": "Acme Inc.",
        "hostname": "srv-1",
        "serial": "SN-80008",
        "bios_guid": "8C4C4544-0042-3510-8054-B4C04F4A5931",
    },
    {
        "provider": "cw_manage",
        "id": "4",
        "company_id": "250",
        "company": "Acme Inc.",
        "type": "Printer",
        "name": "Printer",
    },
    {
        "provider": "cw_manage",
        "id": "5",
        "company_id": "250",
        "company": "Acme Inc.",
        "serial": "SN-50005",
        "bios_guid": "9C4C4544-0042-3510-8054-B4C04F4A5931",
        "type": "Server",
    },
    {
        "provider": "cw_rmm",
        "id": "A-7",
        "company_id": "acme",
        "serial": "SN-50005",
        "bios_guid": "AC4C4544-0042-3510-8054-B4C04F4A5931",
    },
]
"""The customer's: a laptop with a question about it, and what shares hardware with a record of another customer."""

FOREIGN: list[dict[str, Any]] = [
    {  # of one device with cw_manage:5, and the better known half of it
        "provider": "rmm_beta",
        "id": "B-5",
        "company_id": "zeta",
        "company": "Zeta LLC",
        "hostname": "zeta-secret",
        "serial": "SN-50005",
        "bios_guid": "9C4C4544-0042-3510-8054-B4C04F4A5931",
        "type": "Workstation",
        "os_info": "Secret OS",
        "macs": ["3C-52-82-AA-BB-55"],
        "last_seen": "2026-11-22T08:00:00Z",
    },
    {  # a further board of the laptop: the question about the first two comes before it
        "provider": "rmm_beta",
        "id": "B-7",
        "company_id": "zeta",
        "company": "Zeta LLC",
        "serial": "5CG1234ABC",
        "bios_guid": "6C4C4544-0042-3510-8054-B4C04F4A5931",
    },
    {  # a question about a box of each
        "provider": "rmm_beta",
        "id": "B-8",
        "company_id": "zeta",
        "company": "Zeta LLC",
        "serial": "SN-80008",
        "bios_guid": "7C4C4544-0042-3510-8054-B4C04F4A5931",
    },
    {
        "provider": "cw_manage",
        "id": "99",
        "company_id": "251",
        "company": "Zeta LLC",
        "hostname": "zeta-1",
        "serial": "SN-9",
    },
    {"provider": "cw_manage", "id": "98", "company": "Zeta LLC", "hostname": "zeta-2", "serial": "SN-8"},
    {
        "provider": "rmm_beta",
        "id": "B-9",
        "company_id": "250",
        "company": "Zeta LLC",
        "hostname": "zeta-1",
        "serial": "SN-9",
    },
]
"""Other customers', one of whom a provider lists under the number that is the customer's at another provider."""

JOINED: list[dict[str, Any]] = [
    {"provider": "cw_rmm", "id": "A-5", "company_id": "acme", "hostname": "two-boxes", "serial": "SN-60006"},
    {"provider": "cw_rmm", "id": "A-6", "company_id": "acme", "hostname": "other-box", "serial": "SN-70007"},
]
"""Two records of the customer's that are one device with the next one, and would be two without it."""

JOINING = {
    "provider": "rmm_beta",
    "id": "B-6",
    "company_id": "zeta",
    "company": "Zeta LLC",
    "serial": ["SN-60006", "SN-70007"],
}

SHARED: list[dict[str, Any]] = [
    {
        "provider": "cw_rmm",
        "id": f"S-{number}",
        "company_id": "acme" if number < 2 else "zeta",
        "serial": "SHARED-10001",
        "hostname": f"host-{number}",
        "macs": [f"3C-52-82-AA-CC-{number:02}"],
    }
    for number in range(8)
]
"""Boxes with one serial, which is no evidence therefore; the first two are the customer's."""

CUSTOMERS = frozenset({Customer("cw_manage", "250"), Customer("cw_rmm", "acme")})

TOLD = [record for record in (*OWN, *FOREIGN) if "company_id" in record]
"""The records that a key can be bound to."""

ALL = Visibility(frozenset(Customer(record["provider"], record["company_id"]) for record in TOLD))

SEEN = Rights(frozenset({Scope.READ}), customers=CUSTOMERS)

DECIDED = Decision(Verdict.DIFFERENT, Key("cw_manage", "4"), Key("cw_rmm", "A-2"), "anna", "a printer is no server")
FOREIGN_DECISIONS = (
    Decision(Verdict.DIFFERENT, Key("cw_manage", "4"), Key("cw_manage", "99"), "bert", "looked"),
    Decision(Verdict.SAME, Key("cw_manage", "98"), Key("cw_manage", "99"), "bert", "looked"),
)


class Served(NamedTuple):
    """A service over a store, its world, and the header that shows the bound key."""

    world: World
    client: Client
    bound: dict[str, str]


def unnumbered(reviews: Iterable[ReviewView]) -> list[ReviewView]:
    """Return reviews as a bound key is told them: without numbers, which say how many there are in all."""
    return [each.model_copy(update={"number": None}) for each in reviews]


def bound_world(folder: Path, *raws: dict[str, Any]) -> World:
    """Return a world with a key that is bound to the customer, which has then taken in some records."""
    world = empty_world(folder)
    keys.create(world, "portal", lambda count: bytes([2]) * count, SEEN)
    import_rows(world, [entry(read_record(raw)[0]) for raw in raws])
    return world


def own_world(folder: Path) -> World:
    """Return a world with the customer's records alone, and their feed from the beginning."""
    world = bound_world(folder, *OWN)
    decide(world, DECIDED)
    return world


def add_foreign(world: World) -> None:
    """Add the other customers', with decisions about them, a day later."""
    later = World(world.store, world.policy, lambda: NOW + timedelta(days=1), world.new_id)
    push_records(later, FOREIGN)
    for decision in FOREIGN_DECISIONS:
        decide(later, decision)


@contextmanager
def served(world: World, rights: Rights = SEEN) -> Iterator[Served]:
    """Serve a world that asks for keys, with one bound key."""
    _, token = keys.create(world, "acme", lambda count: bytes([1]) * count, rights)
    with asking(application(world, keys_required=True)) as client:
        yield Served(world, client, {"Authorization": f"Bearer {token}"})
