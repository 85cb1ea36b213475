"""
Show which companies of the providers are taken for one customer, and why.

Everything else rests on this: two records of two customers are rarely joined, and two companies that are one customer
by mistake show one customer's devices to the other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

import orjson
from pydantic import Field

from matching.calibration.companies import Alignment, CompanyMap, Ground
from matching.evidence.identity import company_of
from matching.model import Record
from matching.policy import Policy
from service.reports.context import ReportContext
from service.reports.definition import Made, Report, ReportFilter
from service.store.resolved import calibrations, device_companies
from service.store.resolved.device_companies import CompanyOfRecord
from service.store.stewardship import policy_entries

WEAKEST_FIRST = (
    Ground.HARDWARE_ALONE,
    Ground.BRANCH,
    Ground.INITIALS,
    Ground.LIKE_NAMES,
    Ground.EQUAL_NAMES,
    Ground.OPERATOR,
)
"""The grounds in the order in which somebody should look at them."""


@dataclass(slots=True)
class CompanyRow:
    """One company as one provider lists it."""

    customer: Annotated[
        str, Field(title="Customer", description="What the customer is called first.", examples=["Acme Inc."])
    ]
    company: Annotated[str | None, Field(title="Company", description="What the provider calls it.", examples=["ACME"])]
    provider: Annotated[str, Field(title="Provider", description="Who lists it.", examples=["cw_rmm"])]
    company_id: Annotated[str, Field(title="Company id", description="Its id there, or its name.", examples=["a-1"])]
    ground: Annotated[
        Ground | None,
        Field(
            title="Why",
            description="Why it is one customer with another company; the weakest reason where there are several.",
        ),
    ]
    boxes: Annotated[
        int | None,
        Field(title="Shared boxes", description="Devices that both list, where that is the reason.", examples=[12]),
    ]
    aligned_with: Annotated[
        str | None,
        Field(
            title="Same customer as",
            description="The companies that it was aligned with, each with the reason.",
            examples=["Acme Inc. (cw_manage:250): 12 shared boxes, like names"],
        ),
    ]
    check: Annotated[
        str | None,
        Field(
            title="Look at",
            description="What somebody should make sure of.",
            examples=["aligned by shared devices alone, and the names are not alike"],
        ),
    ]
    kept_apart: Annotated[
        str | None,
        Field(
            title="Kept apart from",
            description="The customers that the operator says are others (`Policy:DifferentCompanies`).",
            examples=["Acme Holding (cw_manage:251)"],
        ),
    ]
    devices: Annotated[
        int, Field(title="Devices", description="Devices that the provider lists under it.", examples=[110])
    ]
    customer_devices: Annotated[
        int, Field(title="Devices of customer", description="Devices of the whole customer.", examples=[120])
    ]
    customer_id: Annotated[
        str,
        Field(
            title="Customer id", description="The smallest id of the customer's companies.", examples=["cw_manage:250"]
        ),
    ]


@dataclass
class CompanyTotals:
    """The customers of the calibration in force."""

    calibrated_at: Annotated[
        datetime | None,
        Field(description="When it was learnt; null before the first calibration.", examples=["2026-11-20T02:00:00Z"]),
    ]
    companies: Annotated[int, Field(description="Companies of all providers.", examples=[400])]
    customers: Annotated[int, Field(description="Customers that they are.", examples=[210])]
    aligned: Annotated[int, Field(description="Customers that are several companies.", examples=[180])]
    by_hardware_alone: Annotated[
        int, Field(description="Customers of which two companies are one by shared devices alone.", examples=[2])
    ]
    catch_alls: Annotated[
        int, Field(description="Companies under which devices of many customers are listed.", examples=[1])
    ]
    kept_apart: Annotated[int, Field(description="Pairs of customers that the operator says are two.", examples=[3])]
    undivided: Annotated[
        int, Field(description="Pairs of customers that one provider lists apart and another as one.", examples=[1])
    ]


def companies(context: ReportContext) -> Made[CompanyRow, CompanyTotals]:
    """Return the companies of customers that are several or to be looked at; what to look at comes first."""
    found = calibrations.in_force(context.connection)
    learnt = found[1].companies if found else CompanyMap()
    pairs = {learnt.customer[each.left] for each in learnt.why if each.ground is Ground.HARDWARE_ALONE}
    sizes = Counter(learnt.customer.values())
    totals = CompanyTotals(
        calibrated_at=found[0].at if found else None,
        companies=len(learnt.customer),
        customers=len(sizes),
        aligned=sum(size > 1 for size in sizes.values()),
        by_hardware_alone=len(pairs),
        catch_alls=len(learnt.catch_alls),
        kept_apart=len(learnt.different),
        undivided=len(learnt.undivided),
    )
    return Made(_rows(context, learnt), lambda: totals)


def _rows(context: ReportContext, learnt: CompanyMap) -> Iterator[CompanyRow]:
    """The customers are some hundreds, so that all are held, whatever is wanted."""
    if not learnt.customer:
        return
    listing = _Listing(context, learnt)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for company, customer in sorted(learnt.customer.items()):
        members[customer].append(company)
    customers = [[listing.row(company) for company in own] for _, own in sorted(members.items())]
    wanted = [rows for rows in customers if context.wanted.all or len(rows) > 1 or any(_is_work(row) for row in rows)]
    for rows in sorted(wanted, key=_order):
        if _is_wanted(rows, context):
            yield from rows


class _Listing:
    """What is known of the companies of a calibration, for their rows."""

    def __init__(self, context: ReportContext, learnt: CompanyMap) -> None:
        self.learnt = learnt
        self.people = policy_entries.grounds(context.connection)
        self.of_company, self.of_customer = _device_counts(context, learnt)
        self.why: defaultdict[str, list[Alignment]] = defaultdict(list)
        for each in learnt.why:
            self.why[each.left].append(each)
            self.why[each.right].append(each)
        self.different, self.undivided = _partners(learnt.different), _partners(learnt.undivided)

    def row(self, company: str) -> CompanyRow:
        """Return the row of a company."""
        provider, _, company_id = company.partition(":")
        customer = self.learnt.customer[company]
        why = sorted(self.why[company], key=lambda pair: WEAKEST_FIRST.index(pair.ground))
        return CompanyRow(
            customer=self.learnt.names.get(customer) or customer,
            company=self.learnt.names.get(company) or None,
            provider=provider,
            company_id=company_id,
            ground=why[0].ground if why else None,
            boxes=why[0].boxes or None if why else None,
            aligned_with="; ".join(f"{self.named(_other(each, company))}: {self.people.sentence(each)}" for each in why)
            or None,
            check="; ".join(self._checks(company, why)) or None,
            kept_apart=", ".join(map(self.named, self.different.get(customer, ()))) or None,
            devices=self.of_company[company],
            customer_devices=self.of_customer[customer],
            customer_id=customer,
        )

    def _reason(self, pair: Alignment, company: str) -> str:
        return f"{self.named(_other(pair, company))}: {self.people.sentence(pair)}"

    def named(self, company: str) -> str:
        """Return a company by name and id."""
        name = self.learnt.names.get(company)
        return f"{name} ({company})" if name else company

    def _checks(self, company: str, why: Iterable[Alignment]) -> Iterator[str]:
        if any(each.ground is Ground.HARDWARE_ALONE for each in why):
            yield "one customer by shared devices alone, and the names are not alike"
        if company in self.learnt.catch_alls:
            yield "devices of many customers are listed under it"
        for other in self.undivided.get(self.learnt.customer[company], ()):
            yield f"another provider lists it and {self.named(other)} as one company"


def _device_counts(context: ReportContext, learnt: CompanyMap) -> tuple[Counter[str], Counter[str]]:
    """Count the devices of each company and of each customer; one that several records list counts once."""
    of_company, of_customer = Counter[str](), Counter[str]()
    for device in device_companies.by_device(context.connection):
        own = {company for each in device if (company := _company(each, context.policy)) in learnt.customer}
        of_company.update(own)
        of_customer.update({learnt.customer[company] for company in own})
    return of_company, of_customer


def _company(each: CompanyOfRecord, policy: Policy) -> str:
    if each.payload is None:
        return f"{each.provider}:{each.company_id}"
    return company_of(cast(Record, orjson.loads(each.payload)), policy) or ""


def _partners(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for left, right in sorted(pairs):
        found[left].append(right)
        found[right].append(left)
    return found


def _other(pair: Alignment, company: str) -> str:
    return pair.right if pair.left == company else pair.left


def _is_work(row: CompanyRow) -> bool:
    return row.check is not None or row.kept_apart is not None


def _is_wanted(rows: list[CompanyRow], context: ReportContext) -> bool:
    """A customer is shown whole, also where one of its companies alone has the name or is of the provider."""
    wanted = context.wanted
    names = {(row.company or "").casefold() for row in rows}
    return (wanted.company is None or wanted.company.casefold() in names) and (
        wanted.provider is None or wanted.provider in {row.provider for row in rows}
    )


def _order(rows: list[CompanyRow]) -> tuple[bool, bool, int, str, str]:
    weakest = min((WEAKEST_FIRST.index(row.ground) for row in rows if row.ground), default=len(WEAKEST_FIRST))
    is_checked, is_apart = any(row.check for row in rows), any(row.kept_apart for row in rows)
    return not is_checked, not is_apart, weakest, rows[0].customer.casefold(), rows[0].customer_id


COMPANIES = Report(
    name="companies",
    title="Companies",
    description="Which companies of the providers are taken for one customer, and why.",
    explanation=(
        "Each row is a company as one provider lists it; those with the same Customer are taken for one. Where the"
        " column Look at says something, make sure of it first. Two companies that are one, or are not, can be said in"
        " `Policy:CompanyMap` and `Policy:DifferentCompanies`."
    ),
    row=CompanyRow,
    totals=CompanyTotals,
    make=companies,
    main_columns=("customer", "company", "provider", "ground", "check", "devices"),
    filters=frozenset({ReportFilter.COMPANY, ReportFilter.PROVIDER}),
    has_more="also the customers that are one company of one provider",
    answers_bound_keys=False,
)
