"""`/customers`: which companies are one customer, why, and what people have corrected."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from matching.policy import PolicyEntry, PolicyEntryKind
from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep, needs
from service.console.corrections import asked_correction, corrected, may_correct
from service.console.forms import FormFields, own_fields
from service.console.rendering import page
from service.core.errors import Unprocessable
from service.core.paging import all_items
from service.server.turns import turn
from service.stewardship.correcting import list_entries, of_companies
from service.stewardship.customers import CustomerView, list_customers

router = APIRouter(dependencies=[needs(Scope.READ)])

CUSTOMERS = "/customers"

CORRECT = "/customers/correct"

A_PAGE = 100
"""Customers of one page."""

MOST_OFFERED = 1000
"""Companies that a form offers while somebody types; any other can be typed in full."""

CompanyQuery = Annotated[str, Query(max_length=500)]


@router.get(CUSTOMERS, dependencies=[Depends(turn, scope="function")])
def show_customers(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    text: Annotated[str, Query(max_length=200)] = "",
    one: CompanyQuery = "",
    skip: Annotated[int, Query(ge=0, le=10**6)] = 0,
    changed: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Return the customers, those that are one by their hardware alone first, and what people have corrected."""
    world = context.world
    every = list(all_items(lambda page: list_customers(world, page)))
    found = sorted((each for each in every if _has(each, text.casefold())), key=_order)
    companies = [company for each in every for company in each.companies]
    return page(
        request,
        "customers.html",
        found=found[skip : skip + A_PAGE],
        total=len(found),
        following=skip + A_PAGE if skip + A_PAGE < len(found) else None,
        text=text,
        one=one,
        changed=changed,
        by_hardware=sum(each.is_by_hardware_alone for each in every),
        entries=[each for each in list_entries(world) if each.kind.is_of_companies],
        names={company.id: company.name for company in companies},
        offered=companies[:MOST_OFFERED],
        may_correct=may_correct(caller),
    )


@router.get(CORRECT, dependencies=[Depends(turn, scope="function")])
def ask_for_companies(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    kind: PolicyEntryKind,
    one: CompanyQuery,
    other: CompanyQuery,
    tried: bool = False,
) -> Response:
    """Return what would change if two companies were one customer, or were two, and the form that makes it so."""
    caller.require([Scope.ADMIN])
    return asked_correction(request, context.world, _entry(kind, one, other), CUSTOMERS, is_tried=tried)


@router.post(CORRECT, dependencies=[Depends(turn, scope="function")])
def correct_companies(  # noqa: PLR0913 - a parameter a part of the question
    *,
    context: ContextDep,
    caller: CallerDep,
    kind: PolicyEntryKind,
    one: CompanyQuery,
    other: CompanyQuery,
    fields: Annotated[FormFields, Depends(own_fields)],
) -> Response:
    """Begin to put the correction in force, and lead to where that is followed."""
    caller.require([Scope.ADMIN])
    return corrected(context, caller, _entry(kind, one, other), fields, CUSTOMERS)


def _entry(kind: PolicyEntryKind, one: str, other: str) -> PolicyEntry:
    if not kind.is_of_companies:
        raise Unprocessable("two companies are one customer, or they are two")
    return of_companies(kind, one.strip(), other.strip())


def _has(customer: CustomerView, wanted: str) -> bool:
    return any(wanted in f"{each.id} {each.name or ''}".casefold() for each in customer.companies)


def _order(customer: CustomerView) -> tuple[bool, str]:
    return not customer.is_by_hardware_alone, (customer.companies[0].name or customer.id).casefold()
