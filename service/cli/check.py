"""The command `check`: is everything set up, and if not, what is the one thing to look at next."""

import asyncio
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from matching.evidence.counting import EvidenceCount
from matching.records import PROVIDER_RULE, is_provider_name
from service.access.keys import keys_before_scopes
from service.cli.blocks import Labelled
from service.cli.calibrate import tell_waiting
from service.cli.evidence import evidence_for_programs, show_evidence
from service.cli.session import AsJson, Session, session_of
from service.cli.sync import ProviderNames
from service.cli.terminal import say, show, show_fields, show_json, show_text, show_title
from service.core.errors import BadRequest, ServiceError
from service.core.sections import DEFAULT
from service.core.settings import Settings, describe
from service.ingest.checking import examine
from service.ingest.evidence_warnings import evidence_warnings
from service.ingest.registry import SETTINGS, adapters, policy_of
from service.reports.stored_evidence import stored_evidence
from service.reports.summary import Summary, summary
from service.resolution.recalibration import waiting
from service.store.engine import Store
from service.store.ingested.syncs import SyncStatus
from service.syncs.synclog import SyncView, held_back, latest_runs

READ_NOW = "Records that were read now, with a usable value of each kind"
STORED = "Stored records (the first of each provider), with a usable value of each kind"


@dataclass
class Checked:
    """One part of the set-up: what is known of it; what is wrong, None when nothing is; what is missing in its rows."""

    part: str
    facts: list[tuple[str, str]]
    error: str | None = None
    warnings: Sequence[str] = ()


@dataclass
class ProviderCheck(Checked):
    """A provider: whether it is configured, and what its records say that were read now."""

    configured: bool = True
    evidence: Sequence[EvidenceCount] = ()


@dataclass
class StoreCheck(Checked):
    """The store: what it holds, and what its records say; no summary where it cannot be asked."""

    evidence: Sequence[EvidenceCount] = ()
    summary: Summary | None = None
    runs: Sequence[SyncView] = ()
    calibration_waits: bool = False


def check(
    context: typer.Context,
    providers: ProviderNames = None,
    every: Annotated[bool, typer.Option("--all", help="Show all settings, also those that nobody set.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Check the settings, the providers and the store.

    The first line is the one thing to look at next; below it is all that is wrong or worth a warning. Then come the
    settings that differ from the default, with secrets hidden, and what each provider and the store say.

    The check asks each provider for its state and for the number of its records, and reads its first pages as a sync
    would, with the same fields, conditions and page size; so it fails where a sync would. It counts how many of these
    records give each kind of evidence, and what the store holds. It shows everything even if something is wrong; the
    exit code is then 1.

    \b
    Examples:
      samebox check
      samebox check cw_manage
      samebox check --all                 what are all the settings?
      samebox check --json | jq -r .next
    """
    session = session_of(context)
    known = describe(session.settings)
    checked = [_check_provider(session.settings, name, named=bool(providers)) for name in providers or SETTINGS]
    store = _check_store(session)
    store.evidence, missing = _of_others(store.evidence, checked, providers)
    store.warnings = [*store.warnings, *missing]
    parts: list[Checked] = [*checked, store]
    step = next(_steps(checked, store))
    if as_json:
        show_json(_for_programs(known, checked, store, step))
        for line in _wrong(parts):
            say(line)
    else:
        _show_wrong(step, _wrong(parts))
        _show_settings(known, every=every)
        _show_parts(checked, store)
        show_evidence([count for part in checked for count in part.evidence], READ_NOW)
        show_evidence(store.evidence, STORED)
    if any(part.error for part in parts):
        raise typer.Exit(1)


def _wrong(parts: Iterable[Checked]) -> list[str]:
    """All that is wrong, then all that is worth a warning."""
    found = list(parts)
    errors = [line for part in found if part.error for line in part.error.splitlines()]
    return [*errors, *(line for part in found for line in part.warnings)]


def _show_wrong(step: str, wrong: Sequence[str]) -> None:
    """The next step leads; what is wrong besides follows, each thing once."""
    show_text(f"Next: {step}")
    show()
    if others := [line for line in wrong if line != step]:
        show_title("What is wrong, too" if len(others) < len(wrong) else "What is wrong")
        for line in others:
            show_text(line, indent=2)
        show()


def _show_settings(known: Sequence[tuple[str, str, str]], *, every: bool) -> None:
    """The settings in force below where they come from, those that nobody set last, if at all."""
    places: dict[str, list[Labelled]] = {}
    for key, value, source in known:
        place = "the environment" if source.startswith("environment ") else source
        places.setdefault(place, []).append(Labelled(key, value))
    defaults = places.pop(DEFAULT, [])
    for place, fields in places.items():
        show_fields(f"Settings from {place}", fields)
    if every:
        show_fields("Settings that nobody set", defaults)
    else:
        show_text(f"Settings that nobody set: {len(defaults):,}; --all lists them")
        show()


def _show_parts(checked: Sequence[ProviderCheck], store: StoreCheck) -> None:
    """What providers and the store say; those that are not configured in one line."""
    for part in (*(each for each in checked if each.configured and each.facts), store):
        if part.facts:
            show_fields(part.part, [Labelled(*fact) for fact in part.facts])
    if absent := [each.part for each in checked if not each.configured]:
        show_text(f"Providers that are not configured: {', '.join(absent)}")
        show()


def _check_provider(settings: Settings, name: str, *, named: bool) -> ProviderCheck:
    try:
        [adapter] = adapters(settings, [name])
        found = asyncio.run(examine(adapter, policy_of(settings)))
        return ProviderCheck(name, [*found.facts], warnings=found.warnings, evidence=found.evidence)
    except BadRequest as error:
        return ProviderCheck(name, [("state", "not configured")], str(error) if named else None, configured=False)
    except ServiceError as error:
        return ProviderCheck(name, [], str(error))


def _check_store(session: Session) -> StoreCheck:
    try:
        with session.world(create=True) as world:
            found, runs = summary(world), latest_runs(world)
            facts = [(f"records of {each.provider}", f"{each.records:,}") for each in found.providers]
            counted = ("devices", "quarantined", "reviews", "shared_values")
            facts += [(name.replace("_", " "), f"{getattr(found, name):,}") for name in counted]
            tell_waiting(world)
            facts += [("untrusted field", field) for field in found.untrusted_fields]
            facts += [(f"last sync of {run.provider}", _ended(run)) for run in runs]
            held = [str(run.error) for run in held_back(world)]
            old = (keys_before_scopes(world), _names_before_rule([each.provider for each in found.providers]))
            checked = StoreCheck(
                "store",
                [("database", world.store.name), *facts],
                "\n".join(held) or None,
                warnings=[each for each in old if each],
                evidence=stored_evidence(world),
                summary=found,
                runs=runs,
                calibration_waits=waiting(world) is not None,
            )
    except ServiceError as error:
        return StoreCheck("store", [], str(error))
    # now that it is closed, only files that other processes use are beside it
    checked.warnings = [*checked.warnings, *_readable(world.store)]
    return checked


def _readable(store: Store) -> list[str]:
    """What mends that other users of this machine can read the database."""
    files = store.readable_by_others()
    if not files:
        return []
    return [f"other users of this machine can read {store.name}; run: chmod 600 {shlex.join(map(str, files))}"]


def _names_before_rule(providers: Sequence[str]) -> str | None:
    """Which stored providers have names that no new record may have."""
    names = [repr(name) for name in providers if not is_provider_name(name)]
    if not names:
        return None
    return (
        f"records are stored under names of providers that new records may not have: {', '.join(names)};"
        f" {PROVIDER_RULE}. They can be read and deleted: DELETE /v1/records/NAME/ID, both percent-encoded"
    )


def _ended(run: SyncView) -> str:
    """A run in a line."""
    rows = f"{run.read:,} rows" if run.expected is None else f"{run.read:,} of {run.expected:,} rows"
    return f"{run.status.label}, {run.mode.label}, begun {run.started_at:%Y-%m-%d %H:%M:%S} UTC, {rows}"


def _of_others(
    stored: Sequence[EvidenceCount], checked: Sequence[ProviderCheck], named: Sequence[str] | None
) -> tuple[list[EvidenceCount], list[str]]:
    """What the store says of providers that were not read now, and what is missing there."""
    read_now = {part.part for part in checked if part.evidence}
    others = [count for count in stored if count.provider not in read_now and (not named or count.provider in named)]
    return others, evidence_warnings(others)


def _steps(checked: Sequence[ProviderCheck], store: StoreCheck) -> Iterator[str]:
    """Yield what to look at, the most pressing first; the last one says that nothing is left."""
    for part in (*checked, store):
        if part.error:
            yield part.error.partition("\n")[0]
    configured = [part.part for part in checked if part.configured]
    found = store.summary
    if not configured and not (found and found.records):
        sections = ", ".join(SETTINGS[part.part] for part in checked)
        yield f"no provider is configured; set one of {sections}, or `samebox import` a file"
    for part in (*checked, store):
        yield from part.warnings
    synced = {run.provider: run for run in store.runs}
    if new := [name for name in configured if name not in synced]:
        yield f"`samebox sync {' '.join(new)}` reads {'it' if len(new) == 1 else 'them'} for the first time"
    for name in configured:
        if name in synced and synced[name].status == SyncStatus.FAILED:
            yield f"the last sync of {name} failed; `samebox sync {name}` tries again: {synced[name].error}"
    if store.calibration_waits:
        yield "`samebox calibrate` shows what the calibration would change that waits for a person"
    if found and found.quarantined:
        yield f"`samebox quarantine` lists the rows that could not be read ({found.quarantined:,}), with the reason"
    if found and found.reviews:
        yield f"`samebox reviews` lists the open questions ({found.reviews:,}), the most worthwhile first"
    yield "all is well; run `samebox sync` from a timer"


def _for_programs(
    known: Sequence[tuple[str, str, str]], checked: Sequence[ProviderCheck], store: StoreCheck, step: str
) -> dict[str, Any]:
    names = ("part", "facts", "error", "warnings")
    parts = [{name: getattr(part, name) for name in names} for part in (*checked, store)]
    read_now = [count for part in checked for count in part.evidence]
    evidence = [
        {"source": source, **count}
        for source, counts in (("read now", read_now), ("stored", store.evidence))
        for count in evidence_for_programs(counts)
    ]
    settings = [{"key": key, "value": value, "source": source} for key, value, source in known]
    return {"settings": settings, "parts": parts, "evidence": evidence, "next": step}
