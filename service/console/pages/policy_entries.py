"""`/policy-entries`: revoke what people added to the policy, after a look at what that would change."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep, needs
from service.console.corrections import trial_of
from service.console.forms import FormFields, own_fields
from service.console.pages.recalibration import begun
from service.console.rendering import page
from service.core.errors import NotFound
from service.server.turns import turn
from service.stewardship.correcting import company_names, list_entries, policy_without, revocation

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
    """Begin to take the entry back, and lead to where that is followed, and from there to the list that it is in."""
    caller.require([Scope.ADMIN])
    is_of_companies = any(each.id == entry_id and each.kind.is_of_companies for each in list_entries(context.world))
    wanted = revocation(context.world, entry_id, caller.name, fields.get("why", ""))
    return begun(context, wanted, _back(is_of_companies=is_of_companies))


def _back(*, is_of_companies: bool) -> str:
    return "/customers" if is_of_companies else "/shared-identifiers"
