"""
Make, preview and revoke the decisions of people about two records.

A decision is keyed by provider and record id, so it survives re-syncs, and the removal and return of a record.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from matching.model import Decision, Key, Verdict
from matching.records import MAX_KEY
from service.core.errors import NotFound, Unprocessable
from service.core.paging import FIRST_PAGE, Page, PageRequest
from service.resolution.applying import apply
from service.resolution.held_rules import adopt
from service.resolution.visible import only_visible
from service.stewardship.contradictions import refuse_contradiction
from service.stewardship.feed import ChangeView, view
from service.stewardship.reviewing import open_between, proposed
from service.store.access.visibility import Visibility
from service.store.resolved import changes, devices, visible
from service.store.stewardship import decisions
from service.store.stewardship.decisions import StoredDecision
from service.store.stewardship.reviews import StoredReview
from service.store.world import ChangeContext, World

DECISIONS = "decisions"
"""The list of them, in cursors."""

LONGEST_TEXT = 1000
"""Characters of a reason or a name."""


class DecisionView(BaseModel):
    """What a person decided about two records."""

    id: str = Field(description="The decision's id.", examples=["0192f0c3-2b1d-7c55-9a01-6c0e5d7f1b20"])
    verdict: Verdict = Field(description="`same`: one box; `different`: two.", examples=["same"])
    left: str = Field(description="A record that it is about, as `provider:id`.", examples=["cw_manage:4711"])
    right: str = Field(description="The other record.", examples=["rmm_alpha:A-17"])
    by: str = Field(description="Who decided.", examples=["anna"])
    why: str = Field(description="The reason they gave.", examples=["same asset tag on both stickers"])
    at: datetime = Field(description="When it was made, UTC.")
    revoked_at: datetime | None = Field(
        description="When it was taken back; null while it stands.", examples=["2026-11-20T08:00:00Z"]
    )
    revoked_by: str | None = Field(description="Who took it back.", examples=["ben"])
    revoked_why: str | None = Field(description="Why they did.", examples=["the sticker was copied"])
    proposed: Verdict | None = Field(description="What an open review about the two proposed then; null without one.")
    review: str | None = Field(description="The id of that review; null without one.", examples=["9f86d081884c7d65"])
    group: str | None = Field(
        default=None,
        description="What it shares with the decisions that were made at once with it; null for a single one.",
        examples=["0192f0c3-2b1d-7c55-9a01-6c0e5d7f1b20"],
    )


class AskedAtOnce(NamedTuple):
    """Of what a decision is that is made at once with others: the id of the group, and the review as it was before."""

    group: str
    review: StoredReview | None


@dataclass(frozen=True)
class Decided:
    """A decision, whether this made or revoked it or it was so already, and what followed."""

    decision: DecisionView
    is_new: bool
    changes: Sequence[ChangeView] = ()


def decide(world: World, wanted: Decision, asked: AskedAtOnce | None = None) -> Decided:
    """
    Make a decision, and bring the devices up to date in the same transaction; one that stands already is returned.

    Args:
        wanted: The decision.
        asked: Its group and its review, where several are made at once: the others may have closed it.

    Raises:
        Unprocessable: Both records are one, or a text cannot be stored.
        NotFound: A record is not stored, or not visible.
        Contradiction: Decisions that stand speak against it; all of them are named.
    """
    decision = clean(wanted)
    with world.store.writing() as connection:
        if known := standing(connection, decision, world.visibility):
            return Decided(_as_told(known, world), is_new=False)
        made_id = world.new_id()
        change = world.change(
            connection, {"decision": made_id, **pair_of(decision), "by": decision.by, "why": decision.why}
        )
        review = asked.review if asked else open_between(connection, decision.left, decision.right)
        made = StoredDecision(
            *(made_id, decision, change.at),
            proposed=proposed(review),
            review=review.id if review else None,
            group=asked.group if asked else None,
        )
        adopt(connection, [decision.left, decision.right], change)
        decisions.add(connection, [made])
        return Decided(_as_told(made, world), is_new=True, changes=follow(connection, [decision], change))


def revoke(world: World, decision_id: str, by: str, why: str) -> Decided:
    """
    Take a decision back: nothing that rested on it alone stays. One that is revoked already is returned.

    Raises:
        Unprocessable: A text cannot be stored.
        NotFound: No decision has that id, or one of its records is not visible.
    """
    who, reason = name(by), text("why", why)
    with world.store.writing() as connection:
        found = stored_decision(connection, decision_id, world.visibility)
        if found.revoked_at is not None:
            return Decided(_as_told(found, world), is_new=False)
        change = world.change(connection, {"revoked": found.id, **pair_of(found.decision), "by": who, "why": reason})
        adopt(connection, [found.decision.left, found.decision.right], change)
        decisions.revoke(connection, found.id, who, reason, change.at)
        happened = follow(connection, [found.decision], change)
    revoked = replace(found, revoked_at=change.at, revoked_by=who, revoked_why=reason)
    return Decided(_as_told(revoked, world), is_new=True, changes=happened)


def find_decision(world: World, decision_id: str) -> DecisionView:
    """Return a decision, also one that was revoked. Raises: NotFound, also where a record of it is not visible."""
    with world.store.reading() as connection:
        found = stored_decision(connection, decision_id, world.visibility)
    return _as_told(found, world)


def latest_by(world: World, by: str, since: datetime, limit: int) -> list[DecisionView]:
    """Return the standing decisions that somebody has made since a time, as far as visible, the latest first."""
    with world.store.reading() as connection:
        found = decisions.latest_by(connection, by, since, limit)
        seen = found if world.visibility is None else list(only_visible(connection, world.visibility, found))
    return [_as_told(each, world) for each in seen]


def list_decisions(world: World, page: PageRequest = FIRST_PAGE, *, revoked: bool = False) -> Page[DecisionView]:
    """
    Return a page of the decisions that stand, in order of id; `revoked`: and of those that were taken back.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
    """
    size = page.limit + 1
    [after] = page.after(DECISIONS, str) or [""]
    with world.store.reading() as connection:
        rows = list(islice(_told(connection, after, size, world.visibility, revoked=revoked), size))
    found = [shown(each) for each in rows[: page.limit]]
    return page.page(DECISIONS, found, lambda view: (view.id,), is_last=len(rows) <= page.limit)


def clean(wanted: Decision) -> Decision:
    """Return a decision as it is stored: its records in order, its texts such as can be kept. Raises: Unprocessable."""
    left, right = sorted((wanted.left, wanted.right))
    if left == right:
        raise Unprocessable("a decision is about two records, and both are the same one")
    for part in (*left, *right):
        if not part.isprintable() or len(part) > MAX_KEY:
            raise Unprocessable(f"a record's key holds no control character and at most {MAX_KEY} characters a part")
    return replace(wanted, left=left, right=right, by=name(wanted.by), why=text("why", wanted.why))


def name(by: str) -> str:
    """Return who decides, on one line. Raises: Unprocessable."""
    return text("by", " ".join(by.split()))


def text(field: str, value: str) -> str:
    """Return what a person wrote, without blanks around it. Raises: Unprocessable."""
    written = value.strip()
    if not written or len(written) > LONGEST_TEXT:
        raise Unprocessable(f"{field} has 1 to {LONGEST_TEXT} characters")
    if "\0" in written or any("\ud800" <= letter <= "\udfff" for letter in written):
        raise Unprocessable(f"{field} holds a character that cannot be stored")
    return written


def stored_decision(connection: Connection, decision_id: str, visibility: Visibility | None) -> StoredDecision:
    """Return a decision, also one that was revoked. Raises: NotFound, also where a record of it is not visible."""
    found = decisions.by_id(connection, decision_id)
    if found is None or (visibility is not None and not list(only_visible(connection, visibility, [found]))):
        raise NotFound(f"no decision {decision_id[:100]!r}")
    return found


def follow(connection: Connection, decided: Iterable[Decision], change: ChangeContext) -> list[ChangeView]:
    """Bring up to date what follows from decisions that are made or revoked, and return what happened."""
    keys = {key for each in decided for key in (each.left, each.right)}
    before = changes.last(connection)
    apply(connection, (), change, decided=sorted(keys))
    return [view(each) for each in changes.after(connection, before)]


def shown(stored: StoredDecision) -> DecisionView:
    """Return a decision as it is shown and sent."""
    decision = stored.decision
    return DecisionView(
        id=stored.id,
        verdict=decision.verdict,
        left=str(decision.left),
        right=str(decision.right),
        by=decision.by,
        why=decision.why,
        at=stored.at,
        revoked_at=stored.revoked_at,
        revoked_by=stored.revoked_by,
        revoked_why=stored.revoked_why,
        proposed=stored.proposed,
        review=stored.review,
        group=stored.group,
    )


def pair_of(decision: Decision) -> dict[str, str]:
    """Return the verdict and the two records in words."""
    return {"verdict": str(decision.verdict), "left": str(decision.left), "right": str(decision.right)}


def _told(
    connection: Connection, after: str, size: int, visibility: Visibility | None, *, revoked: bool
) -> Iterator[StoredDecision]:
    """The decisions that a caller may see, in order of id."""
    while rows := decisions.page(connection, after, size, revoked=revoked):
        yield from rows if visibility is None else only_visible(connection, visibility, rows)
        if len(rows) < size:
            return
        after = rows[-1].id


def _as_told(found: StoredDecision, world: World) -> DecisionView:
    """A decision as its maker is told; the review that it answered may have rested on records that they do not see."""
    return shown(found if world.visibility is None else replace(found, proposed=None, review=None))


def standing(connection: Connection, decision: Decision, visibility: Visibility | None) -> StoredDecision | None:
    """Return the same decision if it stands; refuse one that cannot be made. Raises: NotFound; Conflict."""
    pair = (decision.left, decision.right)
    if visibility is not None:
        _require_stored(pair, visible.by_key(connection, visibility, pair))
    known = decisions.stored_about(connection, pair)
    if found := next(
        (each for each in known if each.decision.verdict is decision.verdict and _pair(each) == pair), None
    ):
        return found
    _require_stored(pair, devices.of_records(connection, pair))
    tell = None if visibility is None else partial(only_visible, connection, visibility)
    refuse_contradiction(decisions.stored_standing(connection), decision, tell)
    return None


def _require_stored(pair: Iterable[Key], found: Container[Key]) -> None:
    for key in pair:
        if key not in found:
            raise NotFound(f"no record {str(key)!r}")


def _pair(stored: StoredDecision) -> tuple[Key, Key]:
    return stored.decision.left, stored.decision.right
