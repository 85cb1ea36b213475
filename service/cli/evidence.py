"""Show how many records of each provider say each kind of evidence, alike in every command."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from matching.evidence.counting import EvidenceCount
from matching.model import Kind
from service.cli.terminal import show_table
from service.syncs.syncing import SyncOutcome

TITLE = "Records that give a usable value of each kind"
COLUMNS = ("provider", "records", *(kind.label for kind in Kind), "company")


def show_evidence(counts: Sequence[EvidenceCount], title: str = TITLE) -> None:
    """Write a table of counts and shares, a row a provider; nothing where nothing was counted."""
    if counts:
        rows = [(each.provider, each.records, *(_share(said, each.records) for said in each[2:])) for each in counts]
        show_table(title, COLUMNS, rows)


def outcome_for_programs(outcome: SyncOutcome) -> dict[str, Any]:
    """Return what became of a sync or an import as JSON can say it."""
    return {**asdict(outcome), "evidence": evidence_for_programs(outcome.evidence)}


def evidence_for_programs(counts: Sequence[EvidenceCount]) -> list[Mapping[str, Any]]:
    """Return counts as JSON can say them: an object a provider."""
    return [each._asdict() for each in counts]


def _share(said: int, records: int) -> str:
    """A share that is not all or nothing is never written as 0 % or 100 %."""
    if not said:
        return "none"
    percent = round(100 * said / records)
    return f"{100 if said == records else min(max(percent, 1), 99)}% ({said:,})"
