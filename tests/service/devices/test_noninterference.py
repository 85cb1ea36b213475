"""Generated fleets: what a caller sees who is bound to customers does not depend on the records of others."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import orjson
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.model import Key, Record, key_of
from service.core.errors import NotFound, UnknownValue
from service.core.paging import PageRequest
from service.devices import visible_answers
from service.devices.explaining import explain, graph
from service.devices.projection import Projection
from service.devices.searching import IdentifierQuery
from service.intake.pushing import delete_record
from service.reports.catalogue import REPORTS
from service.reports.catalogue.billing.billed import read_billed
from service.reports.catalogue.counts import BILLED
from service.reports.context import ReportRequest
from service.resolution import customer_changes
from service.resolution.visible import visible_shard
from service.stewardship.feed import feed, history
from service.stewardship.visible_reviews import list_reviews
from service.store.access.actors import Actor
from service.store.access.visibility import Visibility
from service.store.resolved.device_filters import Filters
from service.store.world import World
from tests.service.api.two_customers import CUSTOMERS
from tests.service.reports.fleets import report
from tests.service.resolution.test_customer_changes import kept, listed
from tests.service.sandbox import Sandbox, record

EVERYTHING = Projection.parse("provenance,records,reviews,decisions", None)
ACME = Visibility(CUSTOMERS)

VALUES: dict[str, list[Any]] = {
    "serial": ["SN-10001", "SN-20002", "SN-30003"],
    "bios_guid": [f"{first}C4C4544-0042-3510-8054-B4C04F4A5931" for first in "569"],
    "macs": [["3C-52-82-AA-BB-01"], ["3C-52-82-AA-BB-02"]],
    "hostname": ["acme-1", "acme-2"],
    "type": ["Laptop", "Server"],
    "name": ["Reception PC", "RECEPTION-01"],
    "company": ["Acme"],
    "last_user": ["anna"],
    "last_seen": ["2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"],
}
OWN = [("cw_manage", "250"), ("cw_rmm", "acme")]
FOREIGN = [("cw_manage", "251"), ("rmm_beta", "zeta"), ("rmm_beta", "250")]


def rows(customers: list[tuple[str, str]], first: int) -> st.SearchStrategy[list[Record]]:
    """Return a strategy of a few records of some customers, whose ids begin at a number."""
    said = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()})
    row = st.tuples(st.sampled_from(customers), said)
    return st.lists(row, min_size=1, max_size=4).map(
        lambda drawn: [
            record(f"{provider}:{first + number}", company_id=company_id, **fields)
            for number, ((provider, company_id), fields) in enumerate(drawn)
        ]
    )


@settings(max_examples=25, deadline=None)
@given(own=rows(OWN, 1), foreign=rows(FOREIGN, 100))
def test_answers_do_not_depend_on_records_of_others(own: list[Record], foreign: list[Record]) -> None:
    """But for which visible records are one device, which is what the store says."""
    with TemporaryDirectory() as alone, TemporaryDirectory() as among:
        worlds = [Sandbox(Path(folder)) for folder in (alone, among)]
        for world in worlds:
            world.push(*own)
        worlds[1].push(*foreign)
        seen = [world.acting(None, ACME) for world in worlds]
        homes = [_homes(world) for world in seen]
        assume(homes[0] == homes[1])

        assert _told(seen[0], own) == _told(seen[1], own)


CHANGING = st.tuples(st.integers(0, 3), st.sampled_from(sorted(VALUES)), st.integers(0, 2))
"""A change of a record: which one, the field, and its new value; the record goes where there is no such value."""


@settings(max_examples=40, deadline=None)
@given(own=rows(OWN, 1), foreign=rows(FOREIGN, 100), steps=st.lists(st.tuples(st.booleans(), CHANGING), max_size=6))
def test_feeds_and_histories_do_not_depend_on_records_of_others(
    own: list[Record], foreign: list[Record], steps: list[tuple[bool, tuple[int, str, int]]]
) -> None:
    """As long as the same visible records are one device; numbers, moments and who did it included."""
    with TemporaryDirectory() as alone, TemporaryDirectory() as among:
        worlds = [Sandbox(Path(folder)) for folder in (alone, among)]
        for world in worlds:
            with world.store.writing() as connection:
                customer_changes.begin(connection, world.change(connection), ACME)
        others = Sandbox(Path(among), "other", hours=24, store=worlds[1].store)
        moves = [(True, own), (False, foreign), *((is_own, None) for is_own, _ in steps)]
        changing = iter([change for _, change in steps])
        for is_own, first in moves:
            owners = worlds if is_own else [others]
            told: Sequence[Record | Key] = first or [_changed(own if is_own else foreign, next(changing))]
            for world in owners:
                _take(world, told)
            if _homes(worlds[0]) != _homes(worlds[1]):
                return
            assert kept(worlds[1], ACME) == listed(worlds[1], ACME)
            seen = [world.acting(Actor("reader", None), ACME) for world in worlds]
            assert _fed(seen[0]) == _fed(seen[1])


def _changed(rows: list[Record], change: tuple[int, str, int]) -> Record | Key:
    """Change one of the rows in place, and return it; or the key of one that goes."""
    place, field, choice = change
    row = rows[place % len(rows)]
    if choice >= len(VALUES[field]):
        return key_of(row)
    rows[place % len(rows)] = changed = cast("Record", {**row, field: VALUES[field][choice]})
    return changed


def _take(world: Sandbox, told: Sequence[Record | Key]) -> None:
    """Push rows, and delete the records that are named by their keys."""
    Sandbox.push(world.acting(Actor(world.name, None)), *(row for row in told if not isinstance(row, Key)))  # type: ignore[arg-type]
    for key in (row for row in told if isinstance(row, Key)):
        with suppress(NotFound):
            delete_record(world, key)


def _fed(world: World) -> list[Any]:
    """The feed, the place of a list in it, and the histories of all devices that are listed or told of."""
    whole = feed(world, limit=1000)
    listed = visible_answers.page(world, Filters())
    ids = {each.device_id for each in whole.data} | {each["id"] for each in listed["data"]}
    return [whole, listed["as_of"], *(history(world, device_id) for device_id in sorted(ids))]


def _homes(world: World) -> dict[Any, str]:
    with world.store.reading() as connection:
        return dict(visible_shard(connection, world.policy, ACME).home)


BILLED_LIST = read_billed(b"company,product,quantity\nAcme,Laptop,1\nZeta,Server,2\n")

FILTERS = [
    *(Filters(text="acme"), Filters(type="server"), Filters(company="acme"), Filters(provider="rmm_beat")),
    *(Filters(without_provider="cw_manage"), Filters(has_review=True), Filters(active=False)),
]


def narrowed(world: World, filters: Filters) -> Any:
    """Return a list of devices, or why there is none: what is known must not tell of others either."""
    try:
        return visible_answers.page(world, filters)
    except UnknownValue as error:
        return str(error)


def _told(world: World, own: list[Record]) -> list[Any]:
    """Everything that is told of a fleet, as a program reads it."""
    page = visible_answers.page(world, Filters(), PageRequest(2), EVERYTHING)
    whole = visible_answers.page(world, Filters(), projection=EVERYTHING)
    texts = [*VALUES["serial"], *VALUES["bios_guid"], *VALUES["hostname"], "3C-52-82-AA-BB-01", "rmm_beta:100"]
    found = [narrowed(world, filters) for filters in FILTERS]
    looked_up = visible_answers.lookups(world, [IdentifierQuery(text) for text in texts], EVERYTHING)
    keys = [key_of(row) for row in own]
    told: list[Any] = [page, whole, *found, *looked_up, list_reviews(world).data]
    told += [explain(world, left, right) for left in keys for right in keys]
    told += [graph(world, device["id"]) for device in whole["data"]]
    answered = [name for name, each in REPORTS.items() if each.answers_bound_keys]
    reports = [orjson.loads(report(name, world, wanted=ReportRequest(all=True))) for name in answered]
    reports.append(orjson.loads(report("coverage", world, wanted=ReportRequest(options={"suggest": True}))))
    billed = ReportRequest(all=True, options={BILLED: BILLED_LIST})
    reports.append(orjson.loads(report("counts", world, wanted=billed)))
    told += [{**report, "generated_at": None} for report in reports]
    return list(orjson.loads(orjson.dumps(told, default=str, option=orjson.OPT_NON_STR_KEYS)))
