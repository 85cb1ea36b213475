"""The commands `calibrate` and `rebuild`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from service.cli.session import AsJson, session_of
from service.cli.terminal import progress, say, show, show_json, show_table
from service.core.workers import worker_pool
from service.resolution.applying import Applied
from service.resolution.applying import rebuild as rebuild_all
from service.resolution.recalibration import Recalibration, RecalibrationOutcome, accept, drop, recalibrate, waiting
from service.store.resolved.changes import CauseKind
from service.store.world import World

NEW_RULES = {
    RecalibrationOutcome.UNCHANGED: "the rules of this version change no device's records",
    RecalibrationOutcome.IN_FORCE: "the rules of this version are in force; they changed {changed:,} of {devices:,} "
    "devices",
    RecalibrationOutcome.HELD: "the rules of this version are held: they would change {changed:,} of {devices:,} "
    "devices. Look at it, then: samebox calibrate --accept, or --drop to be asked no more for now",
    RecalibrationOutcome.DROPPED: "the rules of this version are put off, not dropped: this program has no others. "
    "Devices stay as they are, but for those whose records say something new; samebox calibrate shows it again. To "
    "keep the rules before, go back a version: samebox db downgrade",
}
"""What is said where the rules of a new version are among what was measured."""

SENTENCES = {
    RecalibrationOutcome.UNCHANGED: "the records teach nothing new",
    RecalibrationOutcome.IN_FORCE: "calibration {version} is in force",
    RecalibrationOutcome.HELD: "calibration {version} is held: it would change {changed:,} of {devices:,} devices. "
    "Look at it, then: samebox calibrate --accept, or --drop",
    RecalibrationOutcome.DROPPED: "calibration {version} is dropped; samebox calibrate shows it again",
}
SHOWN = 10  # lines of each kind; --json has more


def calibrate(
    context: typer.Context,
    accepted: Annotated[bool, typer.Option("--accept", help="Put the held calibration into effect.")] = False,
    dropped: Annotated[bool, typer.Option("--drop", help="Drop the held calibration.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Learn from all stored records which evidence to trust.

    A calibration learns which companies are one customer, which fields and values are no evidence, and which providers
    list every network adapter. It takes effect at once, unless it would change more devices than Calibration:MaxChange
    allows: then it is held and shown, nothing changes, and it waits for --accept or --drop. Each full sync and each
    import calibrates as well. The rules of a new version are held in the same way; they can be put off, not dropped.

    \b
    Examples:
      samebox calibrate
      samebox calibrate --accept
      samebox calibrate --json | jq .report.first_changed
    """
    if accepted and dropped:
        raise typer.BadParameter("--accept and --drop exclude each other")
    session = session_of(context)
    most = session.settings.calibration.max_change
    with session.world(create=True) as world:
        if dropped:
            done = drop(world)
        elif accepted:
            done = accept(world)
        else:
            done = recalibrate(world, max_change=most, asked=True)
    if as_json:
        show_json(asdict(done))
    else:
        show_measured(done)


def rebuild(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Compute all devices again and show what differs.

    The devices are computed from the stored records and decisions, and keep their ids. Nothing should differ; any
    difference is corrected.

    \b
    Examples:
      samebox rebuild --dry-run
      samebox rebuild
    """
    with worker_pool() as pool, session_of(context).world(create=True) as world, progress() as report:
        done = rebuild_all(world, dry_run=dry_run, pool=pool, progress=report)
    changes = [{"device": each.device_id, "what": each.what, "detail": each.detail} for each in done.changes]
    if as_json:
        show_json({"rows": dict(done.rows), "changes": changes, "written": not dry_run})
    else:
        _tell_rebuilt(done, changes, "would differ" if dry_run else "differed and are right now")


def _tell_rebuilt(done: Applied, changes: list[dict[str, Any]], verb: str) -> None:
    if not done.rows.total():
        show("nothing differs")
        return
    show_table(f"Rows that {verb}", ("of", "rows"), [row for row in sorted(done.rows.items()) if row[1]])
    show_table("Devices", ("device", "what"), [(each["device"], each["what"]) for each in changes[:SHOWN]])
    if len(changes) > SHOWN:
        say(f"and {len(changes) - SHOWN:,} more; --json has them")


def tell_waiting(world: World) -> None:
    """Say so, if a calibration waits for a person."""
    if held := waiting(world):
        say(_sentence(held))


def show_measured(done: Recalibration) -> None:
    """Write what came of measuring all records."""
    report = dict(done.report)
    by_hardware = report.pop("aligned_by_hardware_alone", {})
    if done.outcome is not RecalibrationOutcome.UNCHANGED:
        _show_report(report)
    _show_aligned_by_hardware(by_hardware)
    show(_sentence(done))


def _show_aligned_by_hardware(lines: Mapping[str, Any]) -> None:
    if lines.get("count"):
        title = f"One customer by their boxes alone, for their names are not alike: {lines['count']:,}"
        show_table(title, ("",), [(line,) for line in lines["first"][:SHOWN]])
        say("if two of them are two customers, put them into Policy:DifferentCompanies")


def _sentence(done: Recalibration) -> str:
    counts = {"changed": done.report.get("devices_changed", 0), "devices": done.report.get("devices", 0)}
    sentences = NEW_RULES if CauseKind.RULES_CHANGED in done.report else SENTENCES
    return sentences[done.outcome].format(version=done.version, **counts)


def show_learnt(report: Mapping[str, Any], most: int = SHOWN) -> None:
    """Write what is learnt anew and what no longer holds (`impact.differences`), so many lines of each kind."""
    for name, lines in report.items():
        if isinstance(lines, Mapping) and "count" in lines:
            title = f"{name.replace('_', ' ').capitalize()}: {lines['count']:,}"
            show_table(title, ("",), [(line,) for line in lines["first"][:most]])


def _show_report(report: Mapping[str, Any]) -> None:
    show_learnt(report)
    becoming = report.get("first_changed", {})
    if becoming:
        rows = [(device, " | ".join(", ".join(keys) for keys in parts)) for device, parts in becoming.items()]
        show_table(
            "Devices that have other records by it", ("device", "its records, a bar between devices"), rows[:SHOWN]
        )
