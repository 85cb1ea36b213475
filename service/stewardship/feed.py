"""The change feed of all devices, and the history of one."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from service.core.errors import BadRequest, NotFound
from service.core.paging import require_limit
from service.stewardship.narration import sentence
from service.store import changes
from service.store.changes import ChangeKind, RecordedChange
from service.store.world import World

LARGEST_NUMBER = 2**31 - 1
"""A change cannot have a greater one: it is what the column holds."""


class ChangeView(BaseModel):
    """One thing that happened to one device."""

    seq: int = Field(description="Its place in the feed: 1, 2, 3, ... in the order in which it was stored.")
    at: datetime
    device_id: str
    what: ChangeKind
    by: str | None = Field(description="Who made the change: the name of a key or of a user; null in old changes.")
    key_id: str | None = Field(description="The id of that key; null where none was shown.")
    sentence: str = Field(description="What happened, for a person.", examples=["created from cw_manage:4711."])
    detail: dict[str, Any] = Field(
        description=(
            "The same for a program: `records` (created, split), `from` (split), `added`, `removed` and `fields` "
            "(changed, merged), `absorbed` (merged), `successor` and `why` (retired); `evidence` where records came "
            "together; `parted` (each with `reason` and `sentence`) where records left a device; `because`, where the "
            "cause is known."
        )
    )


class Feed(BaseModel):
    """Some changes in order; `next` is what to ask after for more."""

    data: list[ChangeView]
    next: int = Field(description="Ask with `after` set to this for what follows.")


class History(BaseModel):
    """What happened to a device, the oldest first; that of a retired id goes on with its successor's."""

    device_id: str
    leads_to: str | None = Field(description="The device whose history this ends with; null when its records are gone.")
    data: list[ChangeView]


def feed(world: World, after: int = 0, limit: int = 100) -> Feed:
    """
    Return what happened after a change, in the order in which it was stored; nothing is missed and nothing comes twice.

    Raises:
        BadRequest: A number that no change can have, or a limit beyond 1 to 1000.
    """
    require_limit(limit)
    if not 0 <= after <= LARGEST_NUMBER:
        raise BadRequest(f"changes are numbered from 1 to {LARGEST_NUMBER}; 0 asks from the beginning")
    with world.store.reading() as connection:
        found = [view(each) for each in changes.after(connection, after, limit)]
    return Feed(data=found, next=found[-1].seq if found else after)


def follow(world: World, after: int, limit: int, pause: Callable[[], object]) -> Iterator[ChangeView]:
    """
    Yield what happened after a change, then what happens from now on: `limit` changes a query, with a `pause` when
    there are none left.

    Raises:
        BadRequest: A number that no change can have, or a limit beyond 1 to 1000.
    """
    while True:
        found = feed(world, after, limit)
        yield from found.data
        after = found.next
        if len(found.data) < limit:
            pause()


def history(world: World, device_id: str) -> History:
    """
    Return what happened to a device, also to one whose id is retired.

    Raises:
        NotFound: No device has or had that id.
    """
    with world.store.reading() as connection:
        recorded = _line(connection, device_id)
    if not recorded:
        raise NotFound(f"no device {device_id[:100]!r}")
    end = recorded[-1].change
    leads_to = end.detail["successor"] if end.what == ChangeKind.RETIRED else end.device_id
    return History(device_id=device_id, leads_to=leads_to, data=[view(each) for each in recorded])


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


def _line(connection: Connection, device_id: str) -> list[RecordedChange]:
    """What happened to an id and, from its retirement on, to its successors, in order."""
    mine = changes.of_device(connection, device_id)
    recorded = list(mine)
    while mine and mine[-1].change.what == ChangeKind.RETIRED and (successor := mine[-1].change.detail["successor"]):
        mine = _since(changes.of_device(connection, successor), mine[-1])
        recorded += mine
    return sorted(recorded, key=lambda each: each.seq)


def _since(recorded: Iterable[RecordedChange], end: RecordedChange) -> list[RecordedChange]:
    """What happened to the successor from a retirement on; the merge itself stands before it in the feed."""
    gone = end.change.device_id
    return [each for each in recorded if each.seq > end.seq or gone in each.change.detail.get("absorbed", ())]
