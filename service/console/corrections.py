"""What the pages have in common on which people correct the policy: what a correction would change, and making it."""

from dataclasses import dataclass

from fastapi import Request, Response

from matching.model import Kind
from matching.policy import Policy, PolicyEntry, PolicyEntryKind
from service.access.callers import Caller
from service.access.scopes import Scope
from service.api.http.context import Context
from service.api.http.problems import sentence_of
from service.console.forms import FormFields
from service.console.pages.policy import RECORDS_A_SECOND, TRYING
from service.console.pages.recalibration import begun
from service.console.rendering import page
from service.core.errors import Conflict
from service.reports.summary import summary
from service.stewardship.correcting import company_names, correction, policy_with
from service.stewardship.entry_contradictions import shown_value
from service.stewardship.policy_trial import PolicyTrial, try_policy
from service.store.world import World

AT_ONCE = 20_000
"""Records up to which a page shows what a correction would change without being asked: it takes some seconds."""

SHOWN = 5
"""Devices of each kind that a page shows."""

BUSY = "Somebody else is trying a policy now, and one trial goes on at a time. Reload the page in a while."


@dataclass(frozen=True)
class ShownTrial:
    """What a policy would change; without it, why that is not shown, or in how many seconds it could be."""

    found: PolicyTrial | None = None
    refused: str | None = None
    seconds: int = 0


def may_correct(caller: Caller) -> bool:
    """Whether a caller may correct the policy, which concerns all customers."""
    return Scope.ADMIN in caller.granted


def trial_of(world: World, policy: Policy, *, is_wanted: bool) -> ShownTrial:
    """Return what a policy would change: at once where there are few records, else if it is wanted."""
    records = summary(world).records
    seconds = round(records / RECORDS_A_SECOND)
    if records > AT_ONCE and not is_wanted:
        return ShownTrial(seconds=seconds)
    if not TRYING.acquire(blocking=False):
        return ShownTrial(refused=BUSY, seconds=seconds)
    try:
        return ShownTrial(try_policy(world, policy, shown=SHOWN), seconds=seconds)
    finally:
        TRYING.release()


def asked_correction(request: Request, world: World, entry: PolicyEntry, back: str, *, is_tried: bool) -> Response:
    """Return the page that shows what an entry would change and asks for a reason, or why it cannot be made."""
    trial, wrong = None, None
    try:
        trial = trial_of(world, policy_with(world, [entry]), is_wanted=is_tried)
    except Conflict as error:
        wrong = sentence_of(error)
    query = request.query_params
    return page(
        request,
        "correction.html",
        409 if wrong else 200,
        entry=entry,
        names=company_names(world),
        heading=_heading(entry),
        fields=dict(query),
        trial=trial,
        wrong=wrong,
        back=back,
        tried=f"{request.url.path}?{query}&tried=true",
    )


def corrected(context: Context, caller: Caller, entry: PolicyEntry, fields: FormFields, back: str) -> Response:
    """Begin to put an entry in force, and lead to where that is followed, and from there to where it came from."""
    return begun(context, correction(context.world, entry, caller.name, fields.get("why", "")), back)


def _heading(entry: PolicyEntry) -> str:
    if entry.kind.is_of_companies:
        return "One customer?" if entry.kind is PolicyEntryKind.SAME_CUSTOMER else "Different customers?"
    verb = "Allow" if entry.kind is PolicyEntryKind.ALLOW else "Deny"
    return f"{verb} {Kind(entry.subject).label} {shown_value(entry)}?"
