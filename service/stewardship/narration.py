"""
Describe a change in a sentence: what happened, on what evidence, and at whose request.

Pure. Names and values are a provider's or a person's own words; the code that shows a sentence must sanitise it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from matching.model import Kind, Verdict
from service.resolution.joining import DECISION
from service.store.resolved.changes import CauseKind, Change, ChangeKind

MOST_LISTED = 10
"""Records, fields or pieces of evidence that one sentence names; the rest is counted."""

LONGEST_VALUE = 100
"""Characters of a value that a sentence repeats."""

Detail = Mapping[str, Any]


def sentence(change: Change) -> str:
    """Return what a change says, in words."""
    detail = change.detail
    parts = [
        _HAPPENED[change.what](detail),
        _evidence(detail.get("evidence", ())),
        _listed(parting["sentence"] for parting in detail.get("parted", ())),
        _cause(detail.get("because")),
    ]
    return " ".join(_sentence(each) for each in parts if each)


def _created(detail: Detail) -> str:
    return f"created from {_listed(detail['records'])}"


def _split(detail: Detail) -> str:
    return f"split off from {_listed(detail['from'])}, with {_listed(detail['records'])}"


def _merged(detail: Detail) -> str:
    return "; ".join([f"merged with {_listed(detail['absorbed'])}", *_differences(detail)])


def _changed(detail: Detail) -> str:
    return "; ".join(_differences(detail))


def _retired(detail: Detail) -> str:
    goes_on = "; its history goes on there" if detail["successor"] else ""
    return f"retired: {detail['why']}{goes_on}"


_HAPPENED: Mapping[str, Callable[[Detail], str]] = {
    ChangeKind.CREATED: _created,
    ChangeKind.SPLIT: _split,
    ChangeKind.MERGED: _merged,
    ChangeKind.CHANGED: _changed,
    ChangeKind.RETIRED: _retired,
}


def _differences(detail: Detail) -> Iterator[str]:
    for name, what in (("added", "joined"), ("removed", "left")):
        if name in detail:
            yield f"{_listed(detail[name])} {what}"
    if fields := detail.get("fields"):
        yield _listed(
            f"{name} is now {_value(values['to'])} (was {_value(values['from'])})" for name, values in fields.items()
        )


def _evidence(joins: Sequence[Mapping[str, str]]) -> str:
    return _listed(_join(join) for join in joins)


def _join(join: Mapping[str, str]) -> str:
    left, right, kind = join["left"], join["right"], join["kind"]
    if kind == DECISION:
        return f"{left} and {right} are the same box by a person's word"
    if kind == "link":
        return f"{left} and {right} are linked by a provider"
    return f"{left} and {right} agree on {Kind(kind).label} {join['value']}"


def _cause(because: Mapping[str, Any] | None) -> str:
    said = ""
    match because:
        case {"decision": _, "verdict": verdict, "by": by, "why": why}:
            said = f"by a decision of {by}: {Verdict(verdict).label}{_reason(why)}"
        case {"revoked": _, "verdict": verdict, "by": by, "why": why}:
            said = f"by {by}, who revoked the decision: {Verdict(verdict).label}{_reason(why)}"
        case {"corrected": _, "entry": entry, "by": by, "why": why}:
            said = f"by a correction of {by}: {entry}{_reason(why)}"
        case {"uncorrected": _, "entry": entry, "by": by, "why": why}:
            said = f"by {by}, who revoked the correction: {entry}{_reason(why)}"
        case {"imported": count, "by": by}:
            said = f"by {count} decisions that {by} imported"
        case {"sync": run, "provider": provider, **more}:
            said = f"by sync {run} of {provider}" + (f": the record {more['gone']}" if "gone" in more else "")
        case {"forgotten": _}:
            said = "by the removal of a last user's name"
        case {"rules_changed": _}:
            said = f"by an upgrade of Samebox: {CauseKind.RULES_CHANGED.label}"
    return said


def _reason(why: str) -> str:
    return f" ({why})" if why else ""


def _value(value: object) -> str:
    if value is None or value == []:
        return "empty"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _listed(texts: Iterable[str]) -> str:
    all_of_them = list(texts)
    named = ", ".join(all_of_them[:MOST_LISTED])
    more = len(all_of_them) - MOST_LISTED
    return f"{named} and {more:,} more" if more > 0 else named


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text.startswith("by ") else f"{text}."
