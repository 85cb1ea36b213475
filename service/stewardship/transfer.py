"""Export decisions to a file, and import them into another store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from matching.clustering.decisions import check_decisions
from matching.errors import BadDecision
from matching.model import Decision
from service.resolution.held_rules import adopt
from service.stewardship.contradictions import refuse_contradiction
from service.stewardship.deciding import clean, follow, pair_of
from service.store.resolved import devices
from service.store.stewardship import decisions
from service.store.stewardship.decisions import StoredDecision
from service.store.world import World


@dataclass(frozen=True)
class Imported:
    """How many decisions came in new, how many stood already, and how many new ones wait for a record to come."""

    new: int
    known: int
    waiting: int


def import_decisions(world: World, wanted: Sequence[Decision]) -> Imported:
    """
    Make decisions, all or none, such as another store exported; they keep their time.

    Those about records that are not stored bind as soon as the records come.

    Raises:
        BadRequest: One is about a single record, or a text cannot be stored.
        Conflict: One contradicts another one, or those that stand; all of them are named.
    """
    arrived = {(each.left, each.right, each.verdict): each for each in map(clean, wanted)}
    with world.store.writing() as connection:
        standing = decisions.stored_standing(connection)
        known = {(each.decision.left, each.decision.right, each.decision.verdict) for each in standing}
        change = world.change(connection)
        news = [
            StoredDecision(world.new_id(), decision, _time(decision.at) or change.at)
            for what, decision in arrived.items()
            if what not in known
        ]
        _refuse_contradictions(standing, news)
        adopt(connection, {key for each in news for key in (each.decision.left, each.decision.right)}, change)
        decisions.add(connection, news)
        made = [each.decision for each in news]
        stored = devices.of_records(connection, {key for each in made for key in (each.left, each.right)})
        by = ", ".join(sorted({each.by for each in made}))
        if made:
            follow(connection, made, replace(change, cause={"imported": len(made), "by": by}))
    waiting = sum(not {each.left, each.right} <= stored.keys() for each in made)
    return Imported(len(news), len(wanted) - len(news), waiting)


def exported(world: World) -> list[dict[str, str]]:
    """Return the decisions that stand, as NDJSON carries them, in order of the pair."""
    with world.store.reading() as connection:
        standing = decisions.stored_standing(connection)
    return [
        {**pair_of(each.decision), "by": each.decision.by, "why": each.decision.why, "at": each.at.isoformat()}
        for each in standing
    ]


def _refuse_contradictions(standing: Sequence[StoredDecision], news: Sequence[StoredDecision]) -> None:
    """All are checked at once; only where that fails, one by one, to name what contradicts what. Raises: Conflict."""
    try:
        check_decisions([each.decision for each in (*standing, *news)])
    except BadDecision:
        for count, each in enumerate(news):
            refuse_contradiction([*standing, *news[:count]], each.decision)
        raise


def _time(text: str) -> datetime | None:
    """Return when a decision was made; a time without a zone is taken as UTC."""
    moment = datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
