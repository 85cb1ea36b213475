"""
Assemble answers about devices: small ones from the text that is stored, and what is asked for beyond that.

Golden values are stored as canonical JSON and stand in an answer as they are: to read, check and write them again would
take most of its time. This is for callers who may see every record of a device.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from service.core.paging import FIRST_PAGE, PageRequest, cursor
from service.devices.lookup import device_row, provenance_views, record_view
from service.devices.projection import NOTHING_MORE, Expansion, Projection
from service.devices.searching import Found, IdentifierQuery, says, search, search_many
from service.stewardship.deciding import shown as shown_decision
from service.stewardship.reviewing import about
from service.store.ingested import known_names
from service.store.resolved import changes, device_records, devices, summaries
from service.store.resolved.device_filters import Filters
from service.store.resolved.device_records import RecordOfDevice
from service.store.resolved.summaries import DeviceSummary
from service.store.stewardship import decisions
from service.store.world import World

AnswerBody = dict[str, Any]
"""Something that `orjson` writes, but for views of pydantic's."""

MOST_SHOWN = 100
"""Devices in the answer to one look-up."""

MOST_SHOWN_OF_MANY = 10
"""Devices in each of many answers, so that a thousand placeholders are no 100 MB."""

MOST_HOLDERS = 1000
"""Records that one look-up looks at: a placeholder may sit on a whole fleet."""

TOGETHER = 50
"""Look-ups that share a statement."""

MOST_COUNTED = 10_000
"""Devices that are counted for a list: to count all of a large store at each page would take longer than the page."""


def device(world: World, device_id: str, projection: Projection = NOTHING_MORE) -> AnswerBody:
    """
    Return one device.

    Raises:
        NotFound: No device has or had that id, or its last record is gone.
        Moved: The id is retired; names its successor.
    """
    with world.store.reading() as connection:
        found = summaries.read(connection, [device_id])
        if device_id not in found:
            device_row(connection, device_id)
        return _devices(connection, list(found.values()), projection)[0]


def lookup(world: World, question: IdentifierQuery, projection: Projection = NOTHING_MORE) -> AnswerBody:
    """
    Return the devices that hold an identifier, at most `MOST_SHOWN`, and what the identifier was understood as.

    Raises:
        BadRequest: Nothing to look for.
    """
    with world.store.reading() as connection:
        found = search(connection, world.policy_in(connection), question, MOST_SHOWN, MOST_HOLDERS)
        return _lookups(connection, [found], projection)[0]


def lookups(
    world: World, questions: Sequence[IdentifierQuery], projection: Projection = NOTHING_MORE
) -> list[AnswerBody]:
    """Return the answers to many look-ups in their order, each with at most `MOST_SHOWN_OF_MANY` devices."""
    with world.store.reading() as connection:
        answered: list[AnswerBody] = []
        for start in range(0, len(questions), TOGETHER):
            portion = questions[start : start + TOGETHER]
            found = search_many(connection, world.policy_in(connection), portion, MOST_SHOWN_OF_MANY, MOST_HOLDERS)
            answered += _lookups(connection, found, projection)
        return answered


def page(
    world: World,
    filters: Filters,
    page: PageRequest = FIRST_PAGE,
    projection: Projection = NOTHING_MORE,
    held: IdentifierQuery | None = None,
) -> AnswerBody:
    """
    Return a page of devices in order of id, and the place in the change feed that it is as of.

    `held`: only those that hold this identifier.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
        UnknownValue: A filter names a provider, company or type that is not known.
        BadRequest: Nothing to look for.
    """
    terms = held.terms() if held else None
    with world.store.reading() as connection:
        [after] = page.after(devices.LIST, str) or [""]
        ids = devices.ids(connection, filters, terms, after, page.limit + 1)
        own = ids[: page.limit]
        if terms is not None:
            saying = {row.device_id for row in device_records.of_devices(connection, own) if says(row.payload, terms)}
            own = [device_id for device_id in own if device_id in saying]
        total = devices.count(connection, filters, terms, MOST_COUNTED + 1)
        known_names.require_provider(connection, filters.without_provider)
        if not total:  # where there is a device, all names that it was found by are known
            _require_known(connection, filters)
        found = summaries.read(connection, own)
        return {
            "data": _devices(connection, [found[device_id] for device_id in own], projection),
            "total": min(total, MOST_COUNTED),
            "total_is_exact": total <= MOST_COUNTED,
            "as_of": cursor(changes.LIST, changes.last(connection)),
            "next_cursor": cursor(devices.LIST, ids[page.limit - 1]) if len(ids) > page.limit else None,
        }


def _require_known(connection: Connection, filters: Filters) -> None:
    known_names.require_provider(connection, filters.provider)
    known_names.require_value(connection, "company", filters.company)
    known_names.require_value(connection, "type", filters.type)
    known_names.require_customer(connection, filters.customer)


def _lookups(connection: Connection, found: Sequence[Found], projection: Projection) -> list[AnswerBody]:
    ids = list(dict.fromkeys(device_id for each in found for device_id in each.device_ids))
    read = summaries.read(connection, ids)
    shown = dict(zip(ids, _devices(connection, [read[device_id] for device_id in ids], projection), strict=True))
    return [of_search(each, shown) for each in found]


def of_search(found: Found, shown: Mapping[str, AnswerBody]) -> AnswerBody:
    """Return the answer to one look-up; `shown` has the devices by id."""
    return {
        "data": [shown[device_id] for device_id in found.device_ids],
        "total": found.total,
        "total_is_exact": found.is_exact,
        "is_cut": found.is_cut,
        "meanings": found.meanings,
    }


def named_like(world: World, text: str, most: int, projection: Projection = NOTHING_MORE) -> list[AnswerBody]:
    """Return at most so many devices with a text in a name, serial or company; on a large store not all are tried."""
    with world.store.reading() as connection:
        found = summaries.read(connection, devices.named_like(connection, text, most))
        return _devices(connection, list(found.values()), projection)


def _devices(connection: Connection, found: Sequence[DeviceSummary], projection: Projection) -> list[AnswerBody]:
    shown = [in_short(each, projection.fields) for each in found]
    for expansion, of_devices in _expanded(connection, [each.id for each in found], projection.expand).items():
        for each in shown:
            each[expansion.value] = of_devices[each["id"]]
    return shown


def in_short(found: DeviceSummary, fields: frozenset[str] | None) -> AnswerBody:
    """Return what every answer shows of a device; `fields`: the golden values to show, None: all."""
    values: Any = orjson.Fragment(found.golden)
    if fields is not None:
        values = {field: value for field, value in orjson.loads(found.golden).items() if field in fields}
    return {
        "id": found.id,
        "values": values,
        "providers": list(found.providers),
        "counts": {"records": found.records, "open_reviews": found.open_reviews, "decisions": found.decisions},
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def _expanded(
    connection: Connection, device_ids: Sequence[str], expand: Iterable[Expansion]
) -> dict[Expansion, dict[str, Any]]:
    """Expansion -> device id -> what it shows of the device; one or two statements for each, however many devices."""
    wanted = frozenset(expand)
    rows = device_records.of_devices(connection, device_ids) if wanted - {Expansion.PROVENANCE} else []
    shown: dict[Expansion, dict[str, Any]] = {}
    if Expansion.PROVENANCE in wanted:
        stored = devices.by_ids(connection, device_ids)
        shown[Expansion.PROVENANCE] = {each: provenance_views(row.provenance) for each, row in stored.items()}
    if Expansion.RECORDS in wanted:
        shown[Expansion.RECORDS] = defaultdict(list)
        for row in rows:
            shown[Expansion.RECORDS][row.device_id].append(record_view(row))
    if Expansion.REVIEWS in wanted:
        open_now = about(connection, [row.key for row in rows])
        sides = [(each, (*each.left.records, *each.right.records)) for each in open_now]
        shown[Expansion.REVIEWS] = by_device(rows, sides)
    if Expansion.DECISIONS in wanted:
        standing = decisions.stored_about(connection, [row.key for row in rows])
        made = sorted(map(shown_decision, standing), key=lambda each: each.id)
        shown[Expansion.DECISIONS] = by_device(rows, [(each, (each.left, each.right)) for each in made])
    return shown


def by_device(rows: Sequence[RecordOfDevice], found: Sequence[tuple[Any, Sequence[str]]]) -> dict[str, Any]:
    """Return device id -> those of what was found whose records, named beside each, are among its own."""
    home = {str(row.key): row.device_id for row in rows}
    named: dict[str, Any] = defaultdict(list)
    for each, keys in found:
        for device_id in dict.fromkeys(home[key] for key in keys if key in home):
            named[device_id].append(each)
    return named
