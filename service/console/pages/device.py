"""`/devices/{id}`: what is known of a device, why it is one, and what happened to it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from matching.model import Kind
from matching.results.golden import GOLDEN_FIELDS
from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep
from service.console.comparing import FIELDS, compared, label_of, readable
from service.console.drawing import draw, kind_label
from service.console.rendering import page
from service.devices import visible_answers as answers
from service.devices.evidence_graph import EdgeState, evidence_graph
from service.devices.lookup import ProvenanceView, RecordView
from service.devices.projection import Expansion, Projection
from service.reports.catalogue.suggestions import suggestions_about
from service.server.turns import turn
from service.stewardship.deciding import find_decision
from service.stewardship.feed import ChangeView, history
from service.store.world import World

router = APIRouter()

EVERYTHING = Projection(frozenset(Expansion), frozenset(GOLDEN_FIELDS))
"""All that is known of a device."""

MOST_CHANGES = 100
"""Changes that the page shows, the latest ones."""

HEAD = ("company", "type", "serial", "last_seen", "last_user", "os")
"""Golden fields that stand below the name."""


class GoldenField(NamedTuple):
    """A golden value as a page shows it, with where it came from."""

    name: str
    label: str
    value: Any
    source: ProvenanceView | None


class SuppressedRow(NamedTuple):
    """A value of a record that is no evidence, and why."""

    record: str
    kind: str
    value: str
    reason: str


@router.get("/devices/{device_id}", dependencies=[Depends(turn, scope="function")])
def show_device(
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    device_id: Annotated[str, Path(max_length=100)],
    decided: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Return the page of a device; a retired id leads to its successor."""
    world = context.world
    found = answers.device(world, device_id, EVERYTHING)
    records: Sequence[RecordView] = found["records"]
    changes, is_cut = _history(world, device_id)
    evidence = evidence_graph(world, device_id)
    return page(
        request,
        "device.html",
        device=found,
        values=found["values"],
        names=[_key(each) for each in records],
        head=[(label_of(field), field, found["values"][field]) for field in HEAD if field in found["values"]],
        doubts=list(_doubts(found["values"])),
        golden=golden_fields(found["values"], found["provenance"]),
        records=records,
        compared=compared(records),
        evidence=evidence,
        drawing=draw(evidence),
        states=list(EdgeState),
        kind_label=kind_label,
        suppressed=list(suppressed_values(records)),
        reviews=found["reviews"],
        decisions=found["decisions"],
        decided=find_decision(world, decided) if decided else None,
        suggestions=suggestions_about(world, context.report_rules, device_id),
        may_decide=Scope.STEWARD in caller.granted,
        changes=changes,
        is_cut=is_cut,
    )


def golden_fields(values: Mapping[str, Any], provenance: Mapping[str, ProvenanceView]) -> list[GoldenField]:
    """Return the golden values in the order in which people look for them."""
    names = [*(name for name in FIELDS if name in values), *sorted(values.keys() - FIELDS.keys())]
    return [GoldenField(name, label_of(name), _value(name, values[name]), provenance.get(name)) for name in names]


def suppressed_values(records: Sequence[RecordView]) -> Iterator[SuppressedRow]:
    """Yield the values of some records that are no evidence."""
    for record in records:
        for each in record.suppressed:
            shown = each.model_dump()
            kind = Kind(each.kind).label if each.kind in set(Kind) else label_of(each.kind)
            yield SuppressedRow(_key(record), kind, shown["value"], each.reason)


def _history(world: World, device_id: str) -> tuple[list[ChangeView], bool]:
    """The latest changes, the newest first, and whether there were more before."""
    found = history(world, device_id)
    return found.data[: -MOST_CHANGES - 1 : -1], found.is_cut or len(found.data) > MOST_CHANGES


def _doubts(values: Mapping[str, Any]) -> Iterator[str]:
    """What a person should know before all else."""
    if differing := values.get("conflicts"):
        yield f"Its records differ on {' and '.join(Kind(kind).label for kind in differing)}."
    if not values["active"]:
        yield "No record says that it is in use."


def _value(name: str, value: Any) -> Any:
    if name == "conflicts":
        return [Kind(kind).label for kind in value]
    return readable(value)


def _key(record: RecordView) -> str:
    return f"{record.provider}:{record.id}"
