"""The command `explain`."""

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from matching.model import ClaimOutcome, Key
from service.api.schemas.explanations import ExplanationView
from service.cli.cards import columns
from service.cli.layout import hanging, line_width
from service.cli.picking import pick_records
from service.cli.session import AsJson, session_of
from service.cli.terminal import show, show_json, show_text, show_title
from service.core.harmless import harmless
from service.devices.explaining import explain
from service.devices.finding import find, listed
from service.devices.naming import device_name
from service.stewardship.claims import ClaimView
from service.store.world import World

NAMED = "A device by its name, hostname or any identifier, or a record, written provider:id."


def explain_pair(
    context: typer.Context,
    left: Annotated[str, typer.Argument(metavar="A", help=NAMED)],
    right: Annotated[
        str | None, typer.Argument(metavar="B", help="Another one; default: another record of the same device.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Explain why two records are one device, or why not.

    The explanation shows what the two records agree on, what speaks against joining them, how the devices came about,
    and what would change the answer. Of a device, the record that says most is explained, and the first lines say which
    it is. With A alone, it explains why the records of a device are one.

    \b
    Examples:
      samebox explain cw_manage:4711 ninjaone:88
      samebox explain FNO-FILES01
      samebox explain FNO-FILES01 cw_manage:4835
      samebox explain 5CG0784KGP 5CG0784KG5
    """
    with session_of(context).world() as world:
        pair = pick_records(world, left, right)
        found = ExplanationView.of(explain(world, *pair))
        named = [(letter, *_named(world, key)) for letter, key in zip("AB", pair, strict=True)]
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    for line in columns(named, ""):
        show(line)
    show()
    show_text(found.sentence)
    for title, items in _parts(found):
        _show_items(title, items)


def _named(world: World, key: Key) -> tuple[object, ...]:
    """The name and the customer of a record's device, and the record."""
    [device] = listed(world, find(world, str(key)).device_ids)
    return device_name(device.values, [str(key)]), device.values.get("company"), str(key)


def _parts(found: ExplanationView) -> Iterator[tuple[str, list[str]]]:
    asked = {found.left, found.right}
    for title, claims in (("Joined by", found.path), ("Both say", found.shared), ("Against it", found.against)):
        yield title, [_claim(each, asked) for each in claims]
    yield "How it came about", found.steps
    yield "What would change it", found.would_change


def _claim(claim: ClaimView, asked: set[str]) -> str:
    """Evidence in a line; whose it is only where it is of other records than those that are asked about."""
    text = f"{claim.kind.label} {claim.value}"
    if claim.note:
        text += f" ({claim.note})"
    elif claim.outcome is ClaimOutcome.NOT_COUNTED:
        text += f" ({claim.outcome.label})"
    return text if {claim.left, claim.right} == asked else f"{text}: {claim.left} and {claim.right}"


def _show_items(title: str, items: Iterable[str]) -> None:
    lines = [line for item in items for line in hanging(f"  {harmless(item)}", line_width(sys.stdout))]
    if lines:
        show()
        show_title(title)
    for line in lines:
        show(line)
