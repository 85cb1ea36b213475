"""
The change feed, and the history of one device.

A caller who is bound to customers reads the feed of these (`store.resolved.customer_feeds`), whose numbers are its own.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from service.core.choosing import unknown_value
from service.core.errors import CursorGone, NotFound
from service.core.paging import PageRequest, cursor, require_limit
from service.core.shapes import ShownAs
from service.stewardship.details import ChangeDetail
from service.stewardship.narration import sentence
from service.store.access.visibility import Visibility
from service.store.database.types import company_key
from service.store.ingested import known_names
from service.store.resolved import changes, customer_feeds, devices, visible
from service.store.resolved.changes import ChangeKind, RecordedChange
from service.store.resolved.customer_feeds import CustomerFeed, FeedEnd
from service.store.world import World

BEGINNINGS = frozenset({ChangeKind.CREATED, ChangeKind.SPLIT})
"""What the history of a device begins with."""


class ChangeView(BaseModel):
    """One thing that happened to one device."""

    seq: int = Field(
        description="Its place in the feed: 1, 2, 3, ... in the order in which it was stored.", examples=[1042]
    )
    at: datetime = Field(description="When it was stored, UTC.")
    device_id: str = Field(
        description="The device that it happened to.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"]
    )
    what: ChangeKind = Field(description="What happened to it.", examples=["created"])
    by: str | None = Field(
        description="Who made the change: the name of a key or of a user; null in old changes.",
        examples=["nightly-import"],
    )
    key_id: str | None = Field(description="The id of that key; null where none was shown.", examples=["k7Qm2xVb"])
    sentence: str = Field(description="What happened, for a person.", examples=["created from cw_manage:4711."])
    detail: Annotated[dict[str, Any], ShownAs(ChangeDetail)] = Field(
        description="The same for a program; its shape goes by `what`."
    )


class Feed(BaseModel):
    """Some changes in order. The feed has no end: `next_cursor` leads on also where nothing has happened yet."""

    data: list[ChangeView] = Field(description="The changes in the order in which they were stored.")
    seq: int = Field(
        description="The feed is told up to the change of this number; what a push of a greater `seq` did comes later.",
        examples=[1042],
    )
    has_more: bool = Field(description="Whether there are further changes already.")
    next_cursor: str = Field(description="Ask with this as `cursor` for what follows.", examples=["eyJ2IjoxfQ"])


class History(BaseModel):
    """What happened to a device, the oldest first; that of a retired id goes on with its successor's."""

    device_id: str = Field(description="The id that was asked for.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    leads_to: str | None = Field(
        description="The device whose history this ends with; null when its records are gone.",
        examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"],
    )
    is_cut: bool = Field(description="Whether its beginning is forgotten (`Sync:KeepChangesDays`).")
    data: list[ChangeView] = Field(description="What happened, the oldest first.")


@dataclass(frozen=True)
class ChangeFilters:
    """What the feed is narrowed to: changes of these kinds (none: of all), and of devices of a company."""

    kinds: frozenset[ChangeKind] = frozenset()
    company: str | None = None

    @classmethod
    def parse(cls, kinds: str | None, company: str | None) -> Self:
        """Read a list of kinds with commas. Raises: UnknownValue, with the nearest."""
        names = [name.strip() for name in (kinds or "").split(",") if name.strip()]
        for name in names:
            if name not in set(ChangeKind):
                raise unknown_value("kind of change", name, list(ChangeKind))
        return cls(frozenset(map(ChangeKind, names)), company)


class FeedPlace(NamedTuple):
    """The name of a feed's list, and the number of the change after which to read; None: from the oldest one."""

    list_name: str
    after: int | None


NOW = "now"
"""The cursor of the end of the feed, wherever that is."""

EVERYTHING = ChangeFilters()
"""All changes."""


def feed(world: World, after: int | None = None, limit: int = 100, wanted: ChangeFilters = EVERYTHING) -> Feed:
    """
    Return what happened after a change, in the order in which it was stored; nothing is missed and nothing comes twice.

    Args:
        after: The number of the change; None: from the oldest that is kept.

    Raises:
        BadRequest: A limit beyond 1 to 1000.
        CursorGone: What follows the change is forgotten in part, or the change is of another store.
        UnknownValue: No device is of the company.
    """
    require_limit(limit)
    with world.store.reading() as connection:
        own = customer_feeds.feed_of(connection, world.visibility)
        number, list_name = (own.id, own.list_name) if own else (None, changes.LIST)
        start, end = _start(connection, after, number), changes.last(connection, number)
        found = changes.after(connection, start, limit, wanted.kinds, wanted.company, feed=number)
        if not found:
            _require_company(connection, own, wanted.company)
    seq = found[-1].seq if len(found) == limit else max(start, end)
    return Feed(
        data=[view(each) for each in found],
        seq=seq,
        has_more=seq < end,
        next_cursor=cursor(list_name, seq),
    )


def feed_end(world: World) -> FeedEnd:
    """Return where the caller's feed ends."""
    with world.store.reading() as connection:
        return customer_feeds.end(connection, world.visibility)


def place_in_feed(world: World, asked: PageRequest) -> FeedPlace:
    """
    Return the place in the caller's feed after which a page begins.

    Raises:
        UnknownCursor: The cursor is neither `NOW` nor of a page of this feed.
    """
    if asked.cursor == NOW:
        return FeedPlace(*feed_end(world))
    list_name = changes.LIST if world.visibility is None else feed_end(world).list_name
    place = asked.after(list_name, int)
    return FeedPlace(list_name, place and place[0])


def before_latest(world: World, limit: int) -> int | None:
    """Return after which change the latest `limit` follow; None where that many are not kept."""
    with world.store.reading() as connection:
        start = changes.last(connection) - limit
        return start if start >= changes.first(connection) - 1 else None


def follow(world: World, after: int | None, limit: int, pause: Callable[[], object]) -> Iterator[ChangeView]:
    """
    Yield what happened after a change, then what happens from now on: `limit` changes a query, with a `pause` when
    there are none left.

    Raises:
        BadRequest: A limit beyond 1 to 1000.
        CursorGone: As of `feed`.
    """
    while True:
        found = feed(world, after, limit)
        yield from found.data
        after = found.seq
        if not found.has_more:
            pause()


def history(world: World, device_id: str) -> History:
    """
    Return what happened to a device, also to one whose id is retired.

    What the feed has forgotten is missing from it, and `is_cut` says so. The same holds for what happened before the
    feed of a caller who is bound to customers began.

    Raises:
        NotFound: No device has or had that id, or none that the caller sees.
    """
    with world.store.reading() as connection:
        own = customer_feeds.feed_of(connection, world.visibility)
        line, leads_to = _line(connection, device_id, own)
        is_known = bool(line) or leads_to != device_id or _exists(connection, device_id, world.visibility)
    if not is_known:
        raise NotFound(f"no device {device_id[:100]!r}")
    is_whole = any(each.change.device_id == device_id and each.change.what in BEGINNINGS for each in line)
    return History(device_id=device_id, leads_to=leads_to, is_cut=not is_whole, data=[view(each) for each in line])


def view(recorded: RecordedChange) -> ChangeView:
    """Return a change as it is shown and sent."""
    change = recorded.change
    return ChangeView(
        seq=recorded.seq,
        at=recorded.at,
        device_id=change.device_id,
        what=ChangeKind(change.what),
        by=recorded.by.name if recorded.by else None,
        key_id=recorded.by.key_id if recorded.by else None,
        sentence=sentence(change),
        detail=dict(change.detail),
    )


def line(each: ChangeView) -> str:
    """Return a change as a line of a history."""
    by = f" [{each.by}]" if each.by else ""
    return f"{each.at:%Y-%m-%d %H:%M}{by}: {each.sentence}"


def _start(connection: Connection, after: int | None, number: int | None) -> int:
    """The number after which to begin."""
    before_first = changes.first(connection, number) - 1
    if after is None:
        return before_first
    if after < before_first:
        raise CursorGone(
            f"the changes up to number {before_first} are forgotten; list all devices anew, and read on with the "
            "`as_of` of the first page as cursor"
        )
    if after > changes.last(connection, number):
        raise CursorGone(
            "the feed ends before that place: the store is another one, or was restored from a backup; list all "
            "devices anew, and read on with the `as_of` of the first page as cursor"
        )
    return after


def _require_company(connection: Connection, own: CustomerFeed | None, company: str | None) -> None:
    """Refuse a company of which the caller sees no device. Raises: UnknownValue, with the nearest."""
    if own is None:
        known_names.require_value(connection, "company", company)
    elif company is not None and "\0" not in company:
        known = customer_feeds.companies(connection, own.id)
        if company_key(company) not in known:
            raise unknown_value("company", company, known)


def _exists(connection: Connection, device_id: str, visibility: Visibility | None) -> bool:
    if visibility is None:
        return device_id in devices.by_ids(connection, [device_id])
    return bool(visible.of_devices(connection, visibility, [device_id]))


def _line(connection: Connection, device_id: str, own: CustomerFeed | None) -> tuple[list[RecordedChange], str | None]:
    """What happened to an id and, from its retirement on, to its successors, in order; and the last of these."""
    number = own.id if own else None
    mine = changes.of_device(connection, device_id, feed=number)
    recorded, leads_to = list(mine), device_id
    while mine and mine[-1].change.what == ChangeKind.RETIRED:
        if (successor := mine[-1].change.detail["successor"]) is None:
            return recorded, None
        leads_to = successor
        mine = _since(changes.of_device(connection, successor, feed=number), mine[-1])
        recorded += mine
    if own is None and not mine and (retired := devices.retired(connection, leads_to)):  # its retirement is forgotten
        return recorded, retired.successor
    return sorted(recorded, key=lambda each: each.seq), leads_to


def _since(recorded: Iterable[RecordedChange], end: RecordedChange) -> list[RecordedChange]:
    """What happened to the successor from a retirement on; what it got the records by stands before it in the feed."""
    gone = end.change.device_id
    return [
        each
        for each in recorded
        if each.seq > end.seq or gone in (*each.change.detail.get("absorbed", ()), *each.change.detail.get("from", ()))
    ]
