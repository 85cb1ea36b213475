"""The providers, the customers that their companies are, and the rows of theirs that could not be read."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.access.scopes import Scope
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, needs
from service.api.http.paging import LISTED, PAGED, Filter, PagingDep
from service.api.http.problems import responses
from service.core.paging import Page
from service.stewardship import customers
from service.stewardship.customers import CustomerView
from service.syncs import overview, quarantine
from service.syncs.overview import ProviderView
from service.syncs.quarantine import QuarantinedRow

router = APIRouter(tags=["providers"], dependencies=[needs(Scope.READ)])


@router.get("/providers", summary="List providers", responses={**responses(422, ProblemCode.UNKNOWN_CURSOR), **PAGED})
def list_providers(context: ContextDep, paging: PagingDep) -> Page[ProviderView]:
    """Return a page of who lists devices: how many records, and how the last sync went."""
    return paging.linked(overview.list_providers(context.world, paging.asked))


@router.get("/customers", summary="List customers", responses={**responses(422, ProblemCode.UNKNOWN_CURSOR), **PAGED})
def list_customers(context: ContextDep, paging: PagingDep) -> Page[CustomerView]:
    """
    Return a page of the customers: which companies of the providers are one, and why.

    They are as of the last calibration; a company that came since is not among them yet.
    """
    return paging.linked(customers.list_customers(context.world, paging.asked))


@router.get("/quarantine", summary="List rows in quarantine", responses={**responses(422, *LISTED), **PAGED})
def list_quarantine(
    *,
    context: ContextDep,
    paging: PagingDep,
    provider: Annotated[Filter, Query(description="Only rows of this provider.", examples=["ninjaone"])] = None,
) -> Page[QuarantinedRow]:
    """Return a page of the rows that could not be read or stored, with the reasons; secrets are left out of them."""
    return paging.linked(quarantine.quarantine_page(context.world, paging.asked, provider=provider))
