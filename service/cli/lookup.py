"""The commands `lookup` and `explain`, which read the store."""

from collections.abc import Sequence
from typing import Annotated

import typer

from matching.model import Explanation, Key
from service.api.schemas.explanations import ExplanationView
from service.cli import completion
from service.cli.session import AsJson, session_of
from service.cli.terminal import show, show_json, show_table
from service.core.errors import NotFound
from service.devices.explaining import explain
from service.devices.inspecting import Inspected, inspect
from service.devices.lookup import DeviceView, lookup
from service.devices.searching import LookupKind
from service.stewardship.claims import ClaimView


def look_up(
    context: typer.Context,
    value: Annotated[
        str,
        typer.Argument(
            metavar="VALUE", help="BIOS GUID, serial, MAC, hostname, ConnectWise id, tag, IP or provider:id."
        ),
    ],
    kind: Annotated[
        LookupKind | None,
        typer.Option(
            metavar="KIND", autocompletion=completion.kinds, help=f"{', '.join(LookupKind)}; default: detected."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Find the devices that hold an identifier.

    Any notation of it is understood. Each device is shown with its open reviews and with the decisions in force about
    it; JSON shows the devices alone. The exit code is 1 if no device holds the identifier.

    \b
    Examples:
      samebox lookup 00-15-5d-01-02-03
      samebox lookup "{4C4C4544-0051-3010-8056-B7C04F4A3232}"
      samebox lookup 4711 --kind cw_manage_device_id
      samebox lookup "5cg 1234 abc" --json | jq '.[].values.hostname'
    """
    with session_of(context).world() as world:
        found = lookup(world, value, kind)
        shown = [] if as_json else [inspect(world, device.id) for device in found]
    if as_json:
        show_json([device.model_dump(mode="json") for device in found])
    for each in shown:
        _show_device(each.device)
        _show_questions(each)
    if not found:
        raise NotFound(f"no device in {world.store.name} holds {value[:100]!r}")


def explain_pair(
    context: typer.Context,
    left: Annotated[str, typer.Argument(metavar="A", help="A record, written provider:id.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Another record, written provider:id.")],
    as_json: AsJson = False,
) -> None:
    """
    Explain why two records are one device, or why not.

    The explanation shows what the two records agree on, what speaks against joining them, how the devices came about,
    and what would change the answer.

    \b
    Example:
      samebox explain cw_manage:4711 ninjaone:88
    """
    pair = Key.parse(left), Key.parse(right)
    with session_of(context).world() as world:
        explanation = explain(world, *pair)
    if as_json:
        show_json(ExplanationView.of(explanation).model_dump(mode="json"))
    else:
        _show_explanation(explanation)


def _show_device(device: DeviceView) -> None:
    values = [(field, _text(value), *_source(device, field)) for field, value in device.values.items()]
    show_table(f"Device {device.id}", ("field", "value", "from", "other values"), values)
    records = [(f"{each.provider}:{each.id}", each.payload.get("name"), each.seen_at) for each in device.records]
    show_table("Its records", ("record", "name", "last seen"), records)
    suppressed = [
        (f"{each.provider}:{each.id}", value.kind, value.value, value.reason)
        for each in device.records
        for value in each.suppressed
    ]
    if suppressed:
        show_table("Suppressed values", ("record", "kind", "value", "why"), suppressed)


def _show_questions(found: Inspected) -> None:
    if found.reviews:
        show_table(
            "Open reviews",
            ("reason", "question", "proposed answer"),
            [
                (each.reason.label, each.sentence, each.proposal.sentence if each.proposal else "")
                for each in found.reviews
            ],
        )
    if found.decisions:
        columns = ("id", "verdict", "left", "right", "by", "why")
        decisions = [[getattr(each, column) for column in columns] for each in found.decisions]
        show_table("Decisions", columns, decisions)


def _source(device: DeviceView, field: str) -> tuple[str, str]:
    """Where a golden value came from, and those that lost; lists of every record's values have no one source."""
    source = device.provenance.get(field)
    if source is None:
        return "", ""
    return f"{source.provider}:{source.record_id}", ", ".join(other for other, _ in source.others)


def _show_explanation(explanation: Explanation) -> None:
    show(explanation.sentence)
    view = ExplanationView.of(explanation)
    for title, claims in (("Joined by", view.path), ("Both say", view.shared), ("Against it", view.against)):
        if claims:
            _show_claims(title, claims)
    for title, sentences in (("How it came about", view.steps), ("What would change it", view.would_change)):
        if sentences:
            show_table(title, ("",), [(sentence,) for sentence in sentences])


def _show_claims(title: str, claims: Sequence[ClaimView]) -> None:
    columns = ("kind", "outcome", "value", "left", "right", "note")
    show_table(title, columns, [[getattr(claim, column) for column in columns] for claim in claims])


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
