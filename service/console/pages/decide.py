"""`/decide`: whether two records are one box, said by a person who sees both and what each answer would change."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from matching.model import Decision, Key
from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep
from service.api.http.problems import sentence_of
from service.console.answers import previews_between
from service.console.comparing import compared
from service.console.forms import FormFields, own_fields, verdict_of
from service.console.pages.search import search
from service.console.rendering import page
from service.core.errors import Contradiction, NotFound
from service.devices import visible_answers as answers
from service.devices.answers import AnswerBody
from service.devices.explaining import explain
from service.devices.lookup import RecordView
from service.devices.projection import Expansion, Projection
from service.devices.searching import IdentifierQuery, LookupKind
from service.server.turns import turn
from service.stewardship import deciding
from service.stewardship.deciding import DecisionView
from service.store.world import World

router = APIRouter()

DECIDE = "/decide"

LONGEST_KEY = 1000
"""Characters of a record, as `provider:id`."""

MOST_LISTED = 20
"""Devices that are offered to be joined with a record."""

WITH_RECORDS = Projection(
    frozenset({Expansion.RECORDS, Expansion.DECISIONS}), frozenset({"name", "hostname", "company", "type", "active"})
)

RecordParam = Annotated[str, Query(max_length=LONGEST_KEY)]


class RecordSide(NamedTuple):
    """A record that is compared, and the device that it is of."""

    record: RecordView
    device: AnswerBody

    @property
    def decisions(self) -> Sequence[DecisionView]:
        """The decisions about records of the device."""
        found: Sequence[DecisionView] = self.device["decisions"]
        return found


@router.get(DECIDE, dependencies=[Depends(turn, scope="function")])
def show_decide(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    left: RecordParam = "",
    right: RecordParam = "",
    find: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Return two records side by side with a form that decides; without a second one, a search for it."""
    may_decide = Scope.STEWARD in caller.granted
    if left.strip() and right.strip():
        return _compare(request, context.world, Key.parse(left), Key.parse(right), caller.name, may_decide=may_decide)
    side = record_side(context.world, Key.parse(left)) if left.strip() else None
    found = _others(context.world, side, find.strip()) if side and find.strip() else None
    return page(request, "decide_choose.html", left=left.strip(), side=side, find=find.strip(), found=found)


@router.post(DECIDE, dependencies=[Depends(turn, scope="function")])
def decide(
    request: Request, context: ContextDep, caller: CallerDep, fields: Annotated[FormFields, Depends(own_fields)]
) -> Response:
    """Make a decision and lead to the device; where others that stand contradict it, name them."""
    caller.require([Scope.STEWARD])
    world, verdict = context.world, verdict_of(fields)
    left, right = Key.parse(fields.get("left", "")), Key.parse(fields.get("right", ""))
    why = fields.get("why", "").strip() or f"decided in the console: {verdict.label}"
    try:
        made = deciding.decide(world, Decision(verdict, left, right, caller.name, why))
    except Contradiction as error:
        return _compare(
            request, world, left, right, caller.name, may_decide=True, refusal=error, why=fields.get("why", "")
        )
    device_id = record_side(world, left).device["id"]
    return RedirectResponse(f"/devices/{device_id}?{urlencode({'decided': made.decision.id})}", 303)


def record_side(world: World, key: Key) -> RecordSide:
    """Return a record with its device. Raises: NotFound, also where it is not visible."""
    for device in answers.lookup(world, IdentifierQuery(str(key), LookupKind.RECORD), WITH_RECORDS)["data"]:
        for record in device["records"]:
            if (record.provider, record.id) == key:
                return RecordSide(record, device)
    raise NotFound(f"no record {str(key)[:200]!r}")


def _compare(  # noqa: PLR0913 - all of it is one request
    request: Request,
    world: World,
    left: Key,
    right: Key,
    by: str,
    *,
    may_decide: bool,
    refusal: Contradiction | None = None,
    why: str = "",
) -> Response:
    sides = [record_side(world, left), record_side(world, right)]
    pair = {str(left), str(right)}
    return page(
        request,
        "decide.html",
        refusal.status if refusal else 200,
        wrong=refusal and sentence_of(refusal),
        left=str(left),
        right=str(right),
        why=why,
        sides=sides,
        compared=compared([each.record for each in sides]),
        explained=explain(world, left, right),
        previews=previews_between(world, left, right, by),
        standing=[each for each in sides[0].decisions if {each.left, each.right} == pair and not each.revoked_at],
        may_decide=may_decide,
    )


def _others(world: World, side: RecordSide, text: str) -> list[AnswerBody]:
    """The devices that a text finds, but the one that is to be joined, each with its records."""
    found = search(world, text)
    ids = [each["id"] for each in (*found.holding, *found.named) if each["id"] != side.device["id"]]
    return [answers.device(world, each, WITH_RECORDS) for each in ids[:MOST_LISTED]]
