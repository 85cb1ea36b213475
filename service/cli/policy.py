"""The commands `policy`: try a policy before it is put in force, and show what people added to it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.cli.blocks import Labelled, TextBlock
from service.cli.calibrate import show_learnt
from service.cli.cards import counted
from service.cli.commands import group
from service.cli.policy_entries import list_entries, revoke_entry
from service.cli.previews import value_text
from service.cli.session import AsJson, session_of
from service.cli.terminal import (
    progress,
    say,
    show,
    show_blocks,
    show_fields,
    show_json,
    show_table,
    show_text,
    show_title,
)
from service.core.policy_file import environment_sets, read_policy_file
from service.core.settings import Settings
from service.core.workers import worker_pool
from service.devices.naming import device_name, records_named
from service.ingest.registry import policy_of
from service.resolution.impact import MOST_SHOWN
from service.stewardship.policy_trial import SHOWN, PolicyTrial, try_policy
from service.stewardship.previewing import DeviceState
from service.stewardship.trial_rows import DeviceMerge, DeviceSplit, DeviceValues, TrialReason

policy_app = group()
policy_app.command("entries")(list_entries)
policy_app.command("revoke")(revoke_entry)


@policy_app.callback()
def policy() -> None:
    """
    Try a policy, and show what people added to it.

    \b
    Examples:
      samebox policy try appsettings.new.json
      samebox policy entries
    """


@policy_app.command("try")
def try_file(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A settings file, of which only the section Policy is read; or it alone."),
    ],
    full: Annotated[
        bool, typer.Option("--full", help=f"Show all devices, not the first {SHOWN} of each kind, and all ids.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """
    Show what another policy would do, and change nothing.

    FILE holds the whole policy: what it does not say has its default. It is compared with the policy in force, over the
    same stored records, each with what these records teach under it. So a calibration that is out of date does not
    count as an effect of FILE; it is mentioned.

    Shown are the settings that differ, what the records would teach differently, and the devices that would merge,
    split, or have other values, with the reason. To put the policy in force, set it in your settings, then run
    `samebox calibrate`.

    \b
    Examples:
      samebox policy try appsettings.new.json
      samebox policy try policy.json --full
      samebox policy try policy.json --json | jq '.splits[].device'
    """
    session = session_of(context)
    candidate = session.settings.model_copy(update={"policy_settings": read_policy_file(file)})
    with worker_pool() as pool, session.world() as world, progress("steps") as report:
        shown = None if full else SHOWN
        trial = try_policy(world, world.policy_under(policy_of(candidate)), shown=shown, pool=pool, progress=report)
    if as_json:
        show_json(asdict(trial))
    else:
        _show(trial, full=full)
    _tell(trial, session.settings, file)


def _tell(trial: PolicyTrial, settings: Settings, file: Path) -> None:
    for variable, key in environment_sets(settings):
        say(f"{variable} in the environment sets {key}, which outweighs {file} when that is put in force")
    if not trial.is_calibrated:
        say(
            f"the calibration in force is not what the records teach now: {counted(trial.behind, 'device')} will have"
            " other records without any change of the policy; run: samebox calibrate"
        )
    say("this was a trial; nothing is stored")


def _show(trial: PolicyTrial, *, full: bool) -> None:
    if not trial.settings:
        show_text("No setting differs from the policy in force.")
    for each in trial.settings:
        show_fields(each.key, [Labelled(*said) for said in each.said()])
    show_learnt(trial.learnt, MOST_SHOWN if full else SHOWN)
    counts = [(name, getattr(trial.now, name), getattr(trial.then, name)) for name in ("devices", "reviews")]
    show_table(f"What the policies make of {counted(trial.records, 'record')}", ("", "now", "then"), counts)
    became = f", into {trial.merged:,}" if trial.merged else ""
    merges = [_merge(each, full) for each in trial.merges]
    _show_kind(f"Devices that would merge: {trial.merging:,}{became}", trial.merged, merges)
    _show_kind(f"Devices that would split: {trial.split:,}", trial.split, [_split(each, full) for each in trial.splits])
    _show_kind(
        f"Devices of the same records that would have other values: {trial.changed:,}",
        trial.changed,
        [_values(each, full) for each in trial.changes],
    )


def _show_kind(title: str, total: int, blocks: Sequence[TextBlock]) -> None:
    show_title(title)
    show()
    if blocks:
        show_blocks(blocks)
        show()
    if total > len(blocks):
        show_text(f"These are the first {len(blocks):,}; --full shows all.")
        show()


def _merge(row: DeviceMerge, full: bool) -> TextBlock:
    names = " and ".join(map(_called, row.devices))
    fields = [Labelled("device", _device(each, full)) for each in row.devices]
    return TextBlock(f"{names} would be one device", fields=[*fields, *_reasons(row.why)])


def _split(row: DeviceSplit, full: bool) -> TextBlock:
    fields = [Labelled("part", _device(each, full)) for each in row.parts]
    return TextBlock(f"{_called(row.device)} would be {len(row.parts):,} devices", fields=[*fields, *_reasons(row.why)])


def _values(row: DeviceValues, full: bool) -> TextBlock:
    fields = [
        Labelled(name, f"{value_text(values['from'])} -> {value_text(values['to'])}")
        for name, values in row.fields.items()
    ]
    return TextBlock(_called(row.device), fields=[Labelled("device", _device(row.device, full)), *fields])


def _reasons(why: Sequence[TrialReason]) -> Iterator[Labelled]:
    for each in why:
        yield Labelled("now", each.now)
        yield Labelled("then", each.then)


def _called(device: DeviceState) -> str:
    return device_name(device.values, device.records)


def _device(device: DeviceState, full: bool) -> str:
    """A device in a line: its name, customer and records."""
    named = ", ".join(filter(None, (_called(device), str(device.values.get("company") or ""))))
    own = f" [{device.id}]" if full and device.id else ""
    return f"{named}: {records_named(device.records, full=full)}{own}"
