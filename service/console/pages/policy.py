"""`/policy`: the rules of matching that are in force, what the records teach under them, and a trial of others."""

from collections.abc import Sequence
from threading import Lock
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from service.access.callers import Caller
from service.access.scopes import Scope
from service.api.http.context import CallerDep, Context, ContextDep
from service.console.forms import FormFields, own_fields
from service.console.rendering import page
from service.core.errors import SettingsError
from service.core.policy_file import environment_sets, policy_text, read_policy
from service.core.policy_settings import PolicySettings, as_json, setting_text
from service.core.sections import DEFAULT, POLICY, items
from service.core.settings import Settings, describe
from service.ingest.registry import policy_of
from service.server.turns import turn
from service.stewardship.learnt import learnt_in_force
from service.stewardship.policy_trial import PolicyTrial, try_policy
from service.stewardship.recalibrating import latest_recalibrations

router = APIRouter()

PAGE = "/policy"

TRY = "/policy/try"

LATEST = 10
"""How many of the things that people put in force are listed."""

SHOWN = 50
"""Devices of each kind that the page of a trial shows."""

RECORDS_A_SECOND = 5_000
"""Records that a trial takes in a second, about, beside other work: what the page says of the time goes by it."""

BUSY = (
    "Somebody else tries a policy now, and only one trial goes on at a time. Your text is kept below; send it again in"
    " a while."
)

TRYING = Lock()
"""Held by the one trial of this process: each takes a core, and memory for all records."""


class SettingInForce(NamedTuple):
    """A setting of the policy: its key without the section, what it means, its value, and who set it if anybody."""

    name: str
    meaning: str
    value: str
    source: str | None


@router.get(PAGE, dependencies=[Depends(turn, scope="function")])
def show_policy(request: Request, context: ContextDep, caller: CallerDep) -> Response:
    """Return the policy in force, and a form to try another one."""
    caller.require_unbound()
    return _page(request, context, caller)


@router.get(TRY)
def show_no_trial() -> Response:
    """Lead whoever comes back to a trial to the form: nothing of it is kept."""
    return RedirectResponse(PAGE, 303)


@router.post(TRY, dependencies=[Depends(turn, scope="function")])
def show_trial(
    request: Request, context: ContextDep, caller: CallerDep, fields: Annotated[FormFields, Depends(own_fields)]
) -> Response:
    """Return what the policy of a form would do, or the mistakes in it; nothing is stored."""
    caller.require([Scope.STEWARD])
    caller.require_unbound()
    text = fields.get("policy", "")
    try:
        candidate = context.settings.model_copy(update={"policy_settings": read_policy(text, "the text")})
    except SettingsError as error:
        return _page(request, context, caller, 422, text=text, wrong=str(error).splitlines())
    if not TRYING.acquire(blocking=False):
        return _page(request, context, caller, 503, text=text, wrong=[BUSY])
    try:
        trial = try_policy(context.world, context.world.policy_under(policy_of(candidate)), shown=SHOWN)
    finally:
        TRYING.release()
    return _page(request, context, caller, text=text, trial=trial)


def _page(  # noqa: PLR0913 - what the page shows
    request: Request,
    context: Context,
    caller: Caller,
    status: int = 200,
    *,
    text: str | None = None,
    wrong: Sequence[str] = (),
    trial: PolicyTrial | None = None,
) -> Response:
    learnt = learnt_in_force(context.world)
    present = context.settings.policy_settings
    return page(
        request,
        "policy.html",
        status,
        settings=_in_force(context.settings),
        learnt=learnt,
        trial=trial,
        text=policy_text(present) if text is None else text,
        wrong=wrong,
        seconds=round((learnt.records if learnt else 0) / RECORDS_A_SECOND),
        outweighing=environment_sets(context.settings),
        may_try=Scope.STEWARD in caller.granted,
        put_in_force=latest_recalibrations(context.world, LATEST),
    )


def _in_force(settings: Settings) -> list[SettingInForce]:
    sources = {key: source for key, _, source in describe(settings)}
    found = []
    for name, field, value in items(PolicySettings, settings.policy_settings):
        source = sources[f"{POLICY}:{name}"]
        text = setting_text(as_json(value))
        found.append(SettingInForce(name, field.description or "", text, None if source == DEFAULT else source))
    return found
