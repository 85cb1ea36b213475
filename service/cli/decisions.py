"""The command `decisions`: what people decided."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

from service.cli.blocks import Labelled, TextBlock
from service.cli.files import write_file
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show_blocks, show_json
from service.core.paging import all_items
from service.stewardship.deciding import DecisionView
from service.stewardship.deciding import list_decisions as decisions_page
from service.stewardship.transfer import exported


def list_decisions(
    context: typer.Context,
    revoked: Annotated[bool, typer.Option("--all", help="List revoked decisions as well.")] = False,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write those in force as NDJSON, for `samebox decide --import`."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    List the decisions in force, or export them.

    Each ends with the command that takes it back. Times are UTC.

    \b
    Examples:
      samebox decisions
      samebox decisions --all --json
      samebox decisions --export decided.ndjson
    """
    with session_of(context).world() as world:
        lines = exported(world) if export else []
        found = [] if export else list(all_items(partial(decisions_page, world, revoked=revoked)))
    if export:
        write_file(export, b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))
        say(f"{len(lines):,} decisions are in {export}")
    elif as_json:
        show_json([each.model_dump(mode="json") for each in found])
    elif found:
        show_decisions(found)
    else:
        say("nothing is decided; `samebox reviews` shows what is open")


def show_decisions(found: Sequence[DecisionView]) -> None:
    """Write decisions as blocks, each with the command that takes it back while it stands."""
    show_blocks(map(_block, found))


def revocation(each: DecisionView) -> str:
    """Return the command that takes a decision back."""
    return f"samebox decide revoke {each.id} --why TEXT"


def _block(each: DecisionView) -> TextBlock:
    fields = [Labelled("by", f"{each.by}, {each.at:%Y-%m-%d %H:%M}"), Labelled("why", each.why)]
    heading = f"{each.verdict.label}: {each.left} and {each.right}"
    if each.revoked_at is None:
        return TextBlock(heading, fields=fields, commands=[revocation(each)])
    revoked = f"{each.revoked_at:%Y-%m-%d %H:%M} by {each.revoked_by}: {each.revoked_why}"
    return TextBlock(heading, fields=[*fields, Labelled("revoked", revoked), Labelled("id", each.id)])
