"""
Answers about devices for every caller, bound to customers or not.

A caller who sees all is answered from the text that is stored (`devices.answers`). For one who is bound to customers,
each device is made anew from its visible records, and everything else that an answer holds from them as well.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from matching.policy import Policy
from service.core.choosing import unknown_value
from service.core.paging import FIRST_PAGE, PageRequest, cursor
from service.devices import answers
from service.devices.answers import AnswerBody, by_device, in_short, of_search
from service.devices.lookup import provenance_views, record_view
from service.devices.projection import NOTHING_MORE, Expansion, Projection
from service.devices.searching import Found, IdentifierQuery, says, search
from service.resolution.visible import visible_decisions, visible_shard
from service.resolution.visible_devices import VisibleDevices, device_of, devices_of, matching_devices
from service.stewardship.deciding import shown as shown_decision
from service.stewardship.reviewing import sides_of
from service.stewardship.visible_reviews import views_of
from service.store.access.visibility import Visibility
from service.store.database.types import indexable
from service.store.resolved import customer_feeds, visible
from service.store.resolved.device_filters import Filters
from service.store.resolved.devices import LIST, DeviceRow
from service.store.resolved.summaries import DeviceSummary
from service.store.world import World

WITHOUT = "without_provider"
"""The filter that names a provider also where devices were found."""


def device(world: World, device_id: str, projection: Projection = NOTHING_MORE) -> AnswerBody:
    """
    Return one device.

    Raises:
        NotFound: No device has that id, or none of its records is visible.
        Moved: The id is retired; names its successor. A caller who is bound to customers gets NotFound instead.
    """
    if world.visibility is None:
        return answers.device(world, device_id, projection)
    with world.store.reading() as connection:
        found = device_of(connection, world.policy_in(connection), world.visibility, device_id)
        return _shown(connection, world.policy_in(connection), world.visibility, found, projection)[device_id]


def lookup(world: World, question: IdentifierQuery, projection: Projection = NOTHING_MORE) -> AnswerBody:
    """
    Return the devices that hold an identifier, and what it was understood as (`answers.lookup`).

    Raises:
        BadRequest: Nothing to look for.
    """
    if world.visibility is None:
        return answers.lookup(world, question, projection)
    with world.store.reading() as connection:
        found = _search(connection, world.policy_in(connection), world.visibility, question, answers.MOST_SHOWN)
        return _lookups(connection, world.policy_in(connection), world.visibility, [found], projection)[0]


def lookups(
    world: World, questions: Sequence[IdentifierQuery], projection: Projection = NOTHING_MORE
) -> list[AnswerBody]:
    """Return the answers to many look-ups in their order (`answers.lookups`)."""
    if world.visibility is None:
        return answers.lookups(world, questions, projection)
    with world.store.reading() as connection:
        most = answers.MOST_SHOWN_OF_MANY
        found = [
            _search(connection, world.policy_in(connection), world.visibility, question, most) for question in questions
        ]
        return _lookups(connection, world.policy_in(connection), world.visibility, found, projection)


def page(
    world: World,
    filters: Filters,
    page: PageRequest = FIRST_PAGE,
    projection: Projection = NOTHING_MORE,
    held: IdentifierQuery | None = None,
) -> AnswerBody:
    """
    Return a page of devices in order of id (`answers.page`).

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
        UnknownValue: A filter names a provider, company or type that no visible record or device has.
        BadRequest: Nothing to look for.
    """
    if world.visibility is None:
        return answers.page(world, filters, page, projection, held)
    terms = held.terms() if held else None
    [after] = page.after(LIST, str) or [""]
    with world.store.reading() as connection:
        if filters == Filters() and terms is None:
            ids = visible.device_ids(connection, world.visibility)
        else:
            ids = [
                row.id for row in matching_devices(connection, world.policy_in(connection), world.visibility, filters)
            ]
        if terms is not None:
            rows = visible.of_devices(connection, world.visibility, ids)
            holding = {row.device_id for row in rows if says(row.payload, terms)}
            ids = [device_id for device_id in ids if device_id in holding]
        if filters.has_review is not None:
            asked = _in_review(connection, world.policy_in(connection), world.visibility)
            ids = [device_id for device_id in ids if (device_id in asked) is filters.has_review]
        _require_known(connection, world.policy_in(connection), world.visibility, filters, is_found=bool(ids))
        following = [device_id for device_id in ids if device_id > after]
        own = following[: page.limit]
        found = devices_of(connection, world.policy_in(connection), world.visibility, own)
        shown = _shown(connection, world.policy_in(connection), world.visibility, found, projection)
        return {
            "data": [shown[device_id] for device_id in own],
            "total": min(len(ids), answers.MOST_COUNTED),
            "total_is_exact": len(ids) <= answers.MOST_COUNTED,
            "as_of": cursor(*customer_feeds.end(connection, world.visibility)),
            "next_cursor": cursor(LIST, own[-1]) if len(following) > page.limit else None,
        }


def named_like(world: World, text: str, most: int, projection: Projection = NOTHING_MORE) -> list[AnswerBody]:
    """Return at most so many devices with a text in a name, serial or company (`answers.named_like`)."""
    if world.visibility is None:
        return answers.named_like(world, text, most, projection)
    found: list[AnswerBody] = page(world, Filters(text=text), PageRequest(most), projection)["data"]
    return found


def _in_review(connection: Connection, policy: Policy, visibility: Visibility) -> set[str]:
    """The ids of the devices about which there is a review between visible records."""
    sides = sides_of(visible_shard(connection, policy, visibility).reviews)
    return {row.device_id for row in visible.by_key(connection, visibility, sides).values()}


def _require_known(
    connection: Connection, policy: Policy, visibility: Visibility, filters: Filters, *, is_found: bool
) -> None:
    """Refuse names that no visible record or device has, as `answers.page` does."""
    if filters.customer and not is_found and filters.customer not in visibility.customers:
        raise unknown_value("customer", str(filters.customer), sorted(map(str, visibility.customers)))
    named = {} if is_found else {"provider": filters.provider, "company": filters.company, "type": filters.type}
    wanted = {name: value for name, value in {**named, WITHOUT: filters.without_provider}.items() if value is not None}
    if not wanted:
        return
    providers = sorted({row.provider for row in visible.every(connection, visibility)})
    rows = list(matching_devices(connection, policy, visibility, Filters())) if named else []
    known = {
        **dict.fromkeys(("provider", WITHOUT), providers),
        "company": sorted({row.company_key for row in rows if row.company_key}),
        "type": sorted({row.type_key for row in rows if row.type_key}),
    }
    for name, value in wanted.items():
        key = indexable(value.casefold()) if name in {"company", "type"} else value
        if "\0" not in value and key not in known[name]:
            raise unknown_value(name.removeprefix("without_"), value, known[name])


def _search(
    connection: Connection, policy: Policy, visibility: Visibility, question: IdentifierQuery, most: int
) -> Found:
    return search(connection, policy, question, most, answers.MOST_HOLDERS, visibility)


def _lookups(
    connection: Connection, policy: Policy, visibility: Visibility, found: Sequence[Found], projection: Projection
) -> list[AnswerBody]:
    ids = dict.fromkeys(device_id for each in found for device_id in each.device_ids)
    shown = _shown(connection, policy, visibility, devices_of(connection, policy, visibility, ids), projection)
    return [of_search(each, shown) for each in found]


def _shown(
    connection: Connection, policy: Policy, visibility: Visibility, found: VisibleDevices, projection: Projection
) -> dict[str, AnswerBody]:
    """Device id -> what an answer shows of it; counts and reviews follow from visible records as well."""
    keys = [row.key for row in found.records]
    about = visible_shard(connection, policy, visibility, keys).reviews_about(keys) if keys else []
    views = views_of(connection, policy, visibility, about)
    decided = sorted(map(shown_decision, visible_decisions(connection, visibility, keys)), key=lambda each: each.id)
    open_reviews = by_device(found.records, [(each, (*each.left.records, *each.right.records)) for each in views])
    decisions = by_device(found.records, [(each, (each.left, each.right)) for each in decided])
    more: dict[Expansion, dict[str, Any]] = {
        Expansion.PROVENANCE: {row.id: provenance_views(row.provenance) for row in found.rows.values()},
        Expansion.RECORDS: defaultdict(list),
        Expansion.REVIEWS: open_reviews,
        Expansion.DECISIONS: decisions,
    }
    providers: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in found.records:
        more[Expansion.RECORDS][row.device_id].append(record_view(row))
        providers[row.device_id][row.provider] = providers[row.device_id].get(row.provider, 0) + 1
    shown = {}
    for device_id, device_row in found.rows.items():
        counts = len(open_reviews[device_id]), len(decisions[device_id])
        body = in_short(_summary(device_row, providers[device_id], *counts), projection.fields)
        shown[device_id] = body | {each.value: more[each][device_id] for each in Expansion if each in projection.expand}
    return shown


def _summary(row: DeviceRow, providers: dict[str, int], open_reviews: int, decisions: int) -> DeviceSummary:
    return DeviceSummary(row.id, row.golden, row.created_at, row.updated_at, providers, open_reviews, decisions)
