"""`/policy-entries`: revoke what people added to the policy, after a look at what that would change."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep, needs
from service.console.corrections import trial_of
from service.console.forms import FormFields, own_fields
from service.console.rendering import page
from service.core.errors import NotFound
from service.server.turns import turn
from service.stewardship.correcting import company_names, list_entries, policy_without, revoke_entry

router = APIRouter(dependencies=[needs(Scope.READ)])

ENTRY = "/policy-entries/{entry_id}"

EntryId = Annotated[str, Path(max_length=100)]


@router.get(ENTRY, dependencies=[Depends(turn, scope="function")])
def show_entry(
    *, request: Request, context: ContextDep, caller: CallerDep, entry_id: EntryId, tried: bool = False
) -> Response:
    """Return an entry, and what would change without it."""
    caller.require([Scope.ADMIN])
    world = context.world
    found = [each for each in list_entries(world) if each.id == entry_id]
    if not found:
        raise NotFound(f"no entry of the policy {entry_id!r}")
    [view] = found
    return page(
        request,
        "policy_entry.html",
        view=view,
        names=company_names(world),
        trial=None if view.revoked_at else trial_of(world, policy_without(world, entry_id), is_wanted=tried),
        tried=f"{request.url.path}?tried=true",
        back=_back(is_of_companies=view.kind.is_of_companies),
    )


@router.post(ENTRY, dependencies=[Depends(turn, scope="function")])
def revoke(
    context: ContextDep, caller: CallerDep, entry_id: EntryId, fields: Annotated[FormFields, Depends(own_fields)]
) -> Response:
    """Revoke the entry, and lead to the list that it is in."""
    caller.require([Scope.ADMIN])
    done = revoke_entry(context.world, entry_id, caller.name, fields.get("why", ""))
    back = _back(is_of_companies=done.entries[0].kind.is_of_companies)
    return RedirectResponse(f"{back}?said=correction-revoked&changed={done.devices_changed}", 303)


def _back(*, is_of_companies: bool) -> str:
    return "/customers" if is_of_companies else "/shared-identifiers"
