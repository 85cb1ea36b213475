"""The customers as the calibration in force has them: which companies of the providers are one customer, and why."""

from collections import defaultdict

from pydantic import BaseModel, Field

from matching.calibration.companies import CompanyMap, Ground
from service.core.paging import FIRST_PAGE, Page, PageRequest
from service.store.resolved import calibrations
from service.store.stewardship import policy_entries
from service.store.stewardship.policy_entries import GroundsOfPeople
from service.store.world import World

CUSTOMERS = "customers"
"""The list of them, in cursors."""


class CompanyView(BaseModel):
    """A company as one provider lists it."""

    id: str = Field(
        description="`provider:company`, by the company's id where the provider gives one.", examples=["cw_manage:250"]
    )
    provider: str = Field(description="Who lists it.", examples=["cw_manage"])
    name: str | None = Field(
        description="Its most frequent name; null until the next calibration after an upgrade from 0.1.",
        examples=["Acme Inc."],
    )
    is_catch_all: bool = Field(description="Whether devices of many customers are listed under it.")


class AlignmentView(BaseModel):
    """Why two companies are one customer."""

    left: str = Field(description="The id of one company.", examples=["cw_manage:250"])
    right: str = Field(description="The id of the other.", examples=["rmm_alpha:acme"])
    ground: Ground = Field(description="Why they are one.", examples=["equal_names"])
    boxes: int = Field(description="Devices that both list; 0 where names or people say so.", examples=[12])
    sentence: str = Field(description="The reason in words.", examples=["their names are equal"])


class CustomerView(BaseModel):
    """A customer: the companies that are one."""

    id: str = Field(description="The smallest id of its companies.", examples=["cw_manage:250"])
    companies: list[CompanyView] = Field(description="Its companies, in order of id.")
    alignments: list[AlignmentView] = Field(description="Why they are one; empty where there is one company alone.")
    is_by_hardware_alone: bool = Field(
        description="Whether two of them are one by shared devices alone, with names that are not alike: look at it."
    )


def list_customers(world: World, page: PageRequest = FIRST_PAGE) -> Page[CustomerView]:
    """
    Return a page of the customers of the calibration in force, in order of id; none before the first calibration.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
    """
    [after] = page.after(CUSTOMERS, str) or [""]
    with world.store.reading() as connection:
        found = calibrations.in_force(connection)
        people = policy_entries.grounds(connection)
    companies = found[1].companies if found else CompanyMap()
    members = defaultdict(list)
    for company, customer in sorted(companies.customer.items()):
        members[customer].append(company)
    ids = sorted(customer for customer in members if customer > after)
    shown = [_view(customer, members[customer], companies, people) for customer in ids[: page.limit]]
    return page.page(CUSTOMERS, shown, lambda view: (view.id,), is_last=len(ids) <= page.limit)


def _view(customer: str, members: list[str], companies: CompanyMap, people: GroundsOfPeople) -> CustomerView:
    why = [pair for pair in companies.why if companies.customer.get(pair.left) == customer]
    return CustomerView(
        id=customer,
        companies=[
            CompanyView(
                id=company,
                provider=company.partition(":")[0],
                name=companies.names.get(company) or None,
                is_catch_all=company in companies.catch_alls,
            )
            for company in members
        ],
        alignments=[
            AlignmentView(
                left=pair.left, right=pair.right, ground=pair.ground, boxes=pair.boxes, sentence=people.sentence(pair)
            )
            for pair in why
        ],
        is_by_hardware_alone=any(pair.ground is Ground.HARDWARE_ALONE for pair in why),
    )
