"""What each answer to a review, each decision, and the revoking of one would change, before anybody does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matching.model import Decision, Key, Verdict
from service.api.http.problems import sentence_of
from service.core.errors import BadRequest, Conflict, Contradiction, WriterBusy
from service.resolution.recalibration import follows_policy
from service.stewardship import visible_preview
from service.stewardship.alike_preview import SumOfChanges, foresee_alike
from service.stewardship.deciding import DecisionView
from service.stewardship.previewing import DeviceState, Preview, foresee, foresee_revoking
from service.stewardship.reviewing import ReviewView
from service.store.world import World

PATIENCE = 300
"""Milliseconds that a page waits for another writer: a preview is tried where decisions are made."""

BUSY = "A sync or somebody else is writing now. Reload the page to see what this answer would change."

OTHER_POLICY = (
    "The settings of matching have changed since the devices were resolved. What this answer would change is shown when"
    " they are in force: samebox calibrate, or the next sync, does that."
)

NO_TEXT = "preview"


@dataclass(frozen=True)
class AnswerPreview:
    """
    What an answer would change: the devices before and after it, and all of it in words.

    A caller who is bound to customers is shown words alone. `refused` says why nothing can be shown, and
    `against` are the decisions that it would contradict, as far as the caller may see them, in JSON.
    """

    verdict: Verdict
    before: Sequence[DeviceState] = ()
    after: Sequence[DeviceState] = ()
    preview: Preview | None = None
    refused: str | None = None
    against: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class SumPreview:
    """What an answer to several reviews would change in all; `refused` says why nothing can be shown."""

    verdict: Verdict
    found: SumOfChanges | None = None
    refused: str | None = None


def previews(world: World, review: ReviewView, by: str) -> list[AnswerPreview]:
    """Return what each answer to a review would change."""
    return previews_between(world, Key.parse(review.left.records[0]), Key.parse(review.right.records[0]), by)


def previews_between(world: World, left: Key, right: Key, by: str) -> list[AnswerPreview]:
    """
    Return what each decision about two records would change.

    Raises:
        Unprocessable: Both records are one.
        NotFound: A record is not stored, or not visible.
    """
    if not follows_policy(world):
        return [AnswerPreview(verdict, refused=OTHER_POLICY) for verdict in Verdict]
    return [_preview(_quick(world), Decision(verdict, left, right, by, NO_TEXT)) for verdict in Verdict]


def preview_revoking(world: World, decision: DecisionView) -> AnswerPreview:
    """Return what the revoking of a decision would change. Raises: NotFound."""
    if not follows_policy(world):
        return AnswerPreview(decision.verdict, refused=OTHER_POLICY)
    try:
        if world.visibility is not None:
            return AnswerPreview(decision.verdict, preview=visible_preview.preview_revoking(_quick(world), decision.id))
        found = foresee_revoking(_quick(world), decision.id)
    except WriterBusy:
        return AnswerPreview(decision.verdict, refused=BUSY)
    return AnswerPreview(decision.verdict, found.before, found.after, found.preview)


def _quick(world: World) -> World:
    return replace(world, store=replace(world.store, patience=PATIENCE))


def sums(world: World, review_ids: Sequence[str], by: str) -> list[SumPreview]:
    """Return what each answer to several reviews would change in all."""
    if not follows_policy(world):
        return [SumPreview(verdict, refused=OTHER_POLICY) for verdict in Verdict]
    return [_sum(_quick(world), review_ids, verdict, by) for verdict in Verdict]


def _sum(world: World, review_ids: Sequence[str], verdict: Verdict, by: str) -> SumPreview:
    try:
        return SumPreview(verdict, foresee_alike(world, review_ids, verdict, by))
    except WriterBusy:
        return SumPreview(verdict, refused=BUSY)
    except (BadRequest, Conflict) as error:
        return SumPreview(verdict, refused=sentence_of(error))


def _preview(world: World, wanted: Decision) -> AnswerPreview:
    try:
        if world.visibility is not None:
            return AnswerPreview(wanted.verdict, preview=visible_preview.preview(world, wanted))
        found = foresee(world, wanted)
    except WriterBusy:
        return AnswerPreview(wanted.verdict, refused=BUSY)
    except Contradiction as error:
        return AnswerPreview(wanted.verdict, refused=str(error), against=error.members.get("decisions", ()))
    return AnswerPreview(wanted.verdict, found.before, found.after, found.preview)
