"""The command `decide`: answer a review, decide about two records, take a decision back, or import decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from matching.model import Decision, Key, Verdict
from service.cli.commands import group
from service.cli.decisions import revocation
from service.cli.picking import pick_decided
from service.cli.previews import show_foreseen, show_outcome
from service.cli.reviews import Full
from service.cli.session import AsJson, login, session_of
from service.cli.terminal import say, show, show_json, show_text
from service.files.inputs import read_decisions
from service.stewardship import deciding
from service.stewardship.deciding import Decided
from service.stewardship.previewing import DeviceState, device_states, foresee
from service.stewardship.transfer import import_decisions
from service.store.world import World

decide_app = group()

Left = Annotated[
    str, typer.Argument(metavar="A", help="The number of a review; or a record, written provider:id, or a device.")
]
Right = Annotated[str | None, typer.Argument(metavar="B", help="Another record or device; none with a number.")]
WhyOrNumber = Annotated[
    str | None,
    typer.Option(
        "--why", metavar="TEXT", help="Give the reason, for people who ask later; needed without a review's number."
    ),
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Give the reason, for people who ask later.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Name who decides; default: your user name.")]
Try = Annotated[bool, typer.Option("--preview", help="Show what the decision would do, and store nothing.")]


@dataclass(frozen=True)
class _Wanted:
    """What a person wants decided, as the command says it."""

    verdict: Verdict
    left: str
    right: str | None
    why: str | None
    by: str

    def decision(self, world: World) -> Decision:
        """Return the decision that is meant; one that answers a review by its number needs no other reason."""
        pair = pick_decided(world, self.left, self.right)
        reason = f"answer to review {self.left}" if self.why is None else self.why
        return Decision(self.verdict, *pair, self.by, reason)


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

    Name a review by its number, or two records or devices. A decision holds until it is revoked, even if its records
    are removed and come back. A decision that contradicts others is refused, and the error names them.

    --import reads lines such as {"verdict":"same","left":"a:1","right":"b:2"}, optionally with "by", "why" and "at", as
    `samebox decisions --export` writes them. A decision about records that are not stored takes effect when they are.

    \b
    Examples:
      samebox decide same 17
      samebox decide different 17 --preview
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
        context.fail("say what to decide: same 17, different 17, same A B, different A B, revoke ID, or --import FILE")
    _import(context, file, by or login())


@decide_app.command("same")
def decide_same(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    left: Left,
    right: Right = None,
    why: WhyOrNumber = None,
    by: By = None,
    preview: Try = False,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """
    Decide that two records are one box.

    They are joined, whatever the evidence says, until the decision is revoked. With the number of a review, the
    decision answers it; a device stands for one of its records.

    \b
    Examples:
      samebox decide same 17
      samebox decide same 17 --preview
      samebox decide same cw_manage:4711 ninjaone:88 --why "same asset tag"
      samebox decide same NB-0231 ninjaone:88 --why "renamed" --preview
    """
    wanted = _Wanted(Verdict.SAME, left, right, why, by or login())
    _decide(context, wanted, is_preview=preview, full=full, as_json=as_json)


@decide_app.command("different")
def decide_different(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    left: Left,
    right: Right = None,
    why: WhyOrNumber = None,
    by: By = None,
    preview: Try = False,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """
    Decide that two records are two boxes.

    They are kept apart, whatever the evidence says, until the decision is revoked. With the number of a review, the
    decision answers it; a device stands for one of its records.

    \b
    Examples:
      samebox decide different 17
      samebox decide different cw_manage:4711 cw_rmm:A-17 --why "one dock"
    """
    wanted = _Wanted(Verdict.DIFFERENT, left, right, why, by or login())
    _decide(context, wanted, is_preview=preview, full=full, as_json=as_json)


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
        pair = deciding.find_decision(world, decision_id)
        keys = [Key.parse(pair.left), Key.parse(pair.right)]
        before = device_states(world, keys)
        taken = deciding.revoke(world, decision_id, by or login(), why)
        after = device_states(world, _records(before, keys))
    if as_json:
        show_json(_for_programs(taken))
        return
    if taken.is_new:
        show_text(f"Revoked by {taken.decision.revoked_by} ({taken.decision.revoked_why}): {_what(taken)}.")
        show_outcome(before, after)
    else:
        say(f"it was revoked by {taken.decision.revoked_by} already")


def _decide(context: typer.Context, wanted: _Wanted, *, is_preview: bool, full: bool, as_json: bool) -> None:
    if wanted.right is None and not wanted.left.isdecimal():
        context.fail("name the number of a review, or two records or devices")
    if wanted.right is not None and wanted.why is None and not is_preview:
        context.fail("Missing option '--why'.")
    with session_of(context).world() as world:
        decision = wanted.decision(world)
        if is_preview:
            foreseen = foresee(world, decision)
        else:
            before = device_states(world, [decision.left, decision.right])
            made = deciding.decide(world, decision)
            after = device_states(world, _records(before, [decision.left, decision.right]))
    if is_preview and as_json:
        show_json(foreseen.preview.model_dump(mode="json"))
    elif is_preview:
        show_foreseen(foreseen, full=full)
    elif as_json:
        show_json(_for_programs(made))
    else:
        _show_made(made, before, after)


def _show_made(made: Decided, before: Sequence[DeviceState], after: Sequence[DeviceState]) -> None:
    if not made.is_new:
        say(f"it stands already, by {made.decision.by}")
        return
    show_text(f"Decided by {made.decision.by}: {_what(made)}.")
    show_outcome(before, after)
    say(f"to take it back: {revocation(made.decision)}")


def _what(decided: Decided) -> str:
    each = decided.decision
    return f"{each.left} and {each.right}: {each.verdict.label} ({each.why})"


def _records(states: Iterable[DeviceState], pair: Sequence[Key]) -> list[Key]:
    """The records of some devices and of a decision."""
    return [*pair, *(Key.parse(record) for each in states for record in each.records)]


def _for_programs(decided: Decided) -> dict[str, Any]:
    changes = [each.model_dump(mode="json") for each in decided.changes]
    return {**decided.decision.model_dump(mode="json"), "changes": changes}


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
