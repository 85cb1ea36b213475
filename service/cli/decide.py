"""The commands `decide` and `decisions`."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import orjson
import typer

from matching.model import Decision, Key, Verdict
from service.cli.commands import group
from service.cli.files import write_file
from service.cli.session import AsJson, login, session_of
from service.cli.terminal import say, show, show_json, show_table
from service.core.paging import all_items
from service.files.inputs import read_decisions
from service.stewardship import deciding
from service.stewardship.deciding import Decided, DecisionView, Preview
from service.stewardship.transfer import exported, import_decisions

decide_app = group()

Left = Annotated[str, typer.Argument(metavar="A", help="A record, written provider:id.")]
Right = Annotated[str, typer.Argument(metavar="B", help="Another record, written provider:id.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Give the reason, for people who ask later.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Name who decides; default: your user name.")]
Try = Annotated[bool, typer.Option("--preview", help="Show what the decision would do, and store nothing.")]


@decide_app.callback(invoke_without_command=True)
def decide(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Make all decisions of this NDJSON file, or none.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name who decides, where the file does not; default: your user name."),
    ] = None,
) -> None:
    """
    Decide that two records are one box, or two boxes.

    A decision holds until it is revoked, even if its records are removed and come back. A decision that contradicts
    others is refused, and the error names them.

    --import reads lines such as {"verdict":"same","left":"a:1","right":"b:2"}, optionally with "by", "why" and "at", as
    `samebox decisions --export` writes them. A decision about records that are not stored takes effect when they are.

    \b
    Examples:
      samebox decide same cw_manage:4711 ninjaone:88 --why "same asset tag"
      samebox decide different cw_manage:4711 cw_rmm:A-17 --why "one dock"
      samebox decide revoke DECISION-ID --why "was the wrong room"
      samebox decide --import decided.ndjson
    """
    if context.invoked_subcommand is not None:
        if file is not None or by is not None:
            context.fail("--import and --by before a command go with no command")
        return
    if file is None:
        context.fail("say what to decide: same A B, different A B, revoke ID, or --import FILE")
    _import(context, file, by or login())


@decide_app.command("same")
def decide_same(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    left: Left,
    right: Right,
    why: Why,
    by: By = None,
    preview: Try = False,
    as_json: AsJson = False,
) -> None:
    """
    Decide that two records are one box.

    They are joined, whatever the evidence says, until the decision is revoked.

    \b
    Examples:
      samebox decide same cw_manage:4711 ninjaone:88 --why "same asset tag"
      samebox decide same cw_manage:4711 ninjaone:88 --why "a test" --preview
    """
    wanted = Decision(Verdict.SAME, Key.parse(left), Key.parse(right), by or login(), why)
    _decide(context, wanted, preview, as_json)


@decide_app.command("different")
def decide_different(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    left: Left,
    right: Right,
    why: Why,
    by: By = None,
    preview: Try = False,
    as_json: AsJson = False,
) -> None:
    """
    Decide that two records are two boxes.

    They are kept apart, whatever the evidence says, until the decision is revoked.

    \b
    Example:
      samebox decide different cw_manage:4711 cw_rmm:A-17 --why "one dock"
    """
    wanted = Decision(Verdict.DIFFERENT, Key.parse(left), Key.parse(right), by or login(), why)
    _decide(context, wanted, preview, as_json)


@decide_app.command("revoke")
def revoke(
    context: typer.Context,
    decision_id: Annotated[
        str, typer.Argument(metavar="ID", help="The id of the decision; `samebox decisions` lists it.")
    ],
    why: Why,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """
    Revoke a decision.

    The devices are then what they would be without it. The decision is kept, with who revoked it, when and why.

    \b
    Example:
      samebox decide revoke 0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47 \\
        --why "was the wrong room"
    """
    with session_of(context).world() as world:
        taken = deciding.revoke(world, decision_id, by or login(), why)
    _show(taken, as_json)
    say("it is revoked" if taken.is_new else f"it was revoked by {taken.decision.revoked_by} already")


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

    \b
    Examples:
      samebox decisions
      samebox decisions --all --json
      samebox decisions --export decided.ndjson
    """
    with session_of(context).world() as world:
        lines = exported(world) if export else []
        found = [] if export else list(all_items(partial(deciding.list_decisions, world, revoked=revoked)))
    if export:
        write_file(export, b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))
        say(f"{len(lines):,} decisions are in {export}")
    elif as_json:
        show_json([each.model_dump(mode="json") for each in found])
    elif found:
        _show_decisions(found)
    else:
        say("nothing is decided; `samebox reviews` shows what is open")


def _decide(context: typer.Context, wanted: Decision, is_preview: bool, as_json: bool) -> None:
    with session_of(context).world() as world:
        if is_preview:
            _show_preview(deciding.preview(world, wanted), as_json)
            return
        made = deciding.decide(world, wanted)
    _show(made, as_json)
    if made.is_new:
        say(f"decided; to take it back: samebox decide revoke {made.decision.id} --why TEXT")
    else:
        say(f"it stands already, by {made.decision.by}")


def _import(context: typer.Context, file: Path, by: str) -> None:
    wanted = [
        replace(each, by=each.by.strip() or by, why=each.why.strip() or f"imported from {file.name}")
        for each in read_decisions(file)
    ]
    with session_of(context).world(create=True) as world:
        done = import_decisions(world, wanted)
    show(f"{done.new:,} decisions are new, {done.known:,} stood already")
    if done.waiting:
        say(f"{done.waiting:,} of the new ones are about records that are not stored; they bind when these come")


def _show(decided: Decided, as_json: bool) -> None:
    if as_json:
        changes = [each.model_dump(mode="json") for each in decided.changes]
        show_json({**decided.decision.model_dump(mode="json"), "changes": changes})
    else:
        _show_decisions([decided.decision])
        for each in decided.changes:
            show(f"{each.device_id}: {each.sentence}")


def _show_preview(foreseen: Preview, as_json: bool) -> None:
    if as_json:
        show_json(foreseen.model_dump(mode="json"))
        return
    for sentence in foreseen.sentences:
        show(sentence)
    say("this is a preview; nothing is stored")


def _show_decisions(found: Sequence[DecisionView]) -> None:
    columns = ("id", "verdict", "A", "B", "by", "when", "why", "revoked")
    rows = [
        (each.id, each.verdict, each.left, each.right, each.by, each.at, each.why, _revoked(each)) for each in found
    ]
    show_table("Decisions", columns, rows)


def _revoked(each: DecisionView) -> str | None:
    if each.revoked_at is None:
        return None
    return f"{each.revoked_at:%Y-%m-%d %H:%M} by {each.revoked_by}: {each.revoked_why}"
