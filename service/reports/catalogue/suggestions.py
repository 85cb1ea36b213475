"""
Suggest devices for the PSA's rows without any identifier: `Reception PC`, of which no rule can say which box it is.

Candidates are devices in use of the same customer that have no row in the PSA at all. Which companies are one customer
is what the company map in force says; for a caller who may see some records it is made of these alone, by equal names
and by the policy. A suggestion has its reasons and the command by which a person settles it, and joins nothing.
"""

import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from matching.calibration.companies import CompanyMap, align, count_names
from matching.evidence.identity import company_of, identify
from matching.model import Kind
from matching.results.suggestions import MOST_SUGGESTIONS, Candidates
from matching.results.traits import Traits, traits_of
from service.reports.context import ReportContext, ReportRequest
from service.reports.devices import ReportedDevice, ReportedRecord, device_by_id, devices
from service.reports.rules import FeedRole, ReportRules
from service.store.resolved import calibrations
from service.store.world import World


@dataclass(frozen=True)
class Suggestion:
    """A device that a row of the PSA may be about; `why` are the reasons in words, `points` what they weigh."""

    psa_record: str
    device_id: str
    name: str
    record: str
    why: str
    points: float

    @property
    def command(self) -> str:
        """The command by which a person says that the two are one box."""
        return f"samebox decide same {shlex.quote(self.psa_record)} {shlex.quote(self.record)}"


def says_nothing(device: ReportedDevice, context: ReportContext) -> bool:
    """
    Whether a device is in the PSA alone, in use, and none of its rows has an identifier by which a rule could join it.

    A display name is none: people call a device there as they like. Neither is a value that is suppressed.
    """
    if any(context.rules.role(each.provider) is not FeedRole.PSA for each in device.records):
        return False
    return bool(device.live(context)) and not any(_has_identifier(each, context) for each in device.records)


def suggestions_about(world: World, rules: ReportRules, device_id: str) -> list[Suggestion] | None:
    """
    Return what a device may be that says nothing, the likeliest first; None for one with an identifier.

    Also None where no such device is visible.
    """
    with world.store.reading() as connection:
        context = ReportContext(
            connection, world.policy_in(connection), rules, world.now(), ReportRequest(), world.visibility
        )
        device = device_by_id(context, device_id)
        if device is None or not says_nothing(device, context):
            return None
        return suggestions_for(context, device)


def suggestions_for(context: ReportContext, device: ReportedDevice) -> list[Suggestion]:
    """Return what one device may be, the likeliest first; nothing for one with an identifier. Reads its customer."""
    finder = SuggestionFinder(context)
    if not finder.add(device):
        return []
    seen = {device.id}
    for name in finder.names_of_customer(device):
        for each in devices(replace(context, wanted=ReportRequest(company=name))):
            if each.id not in seen:
                seen.add(each.id)
                finder.add(each)
    return finder.suggestions_for(device.id)


class _Described(NamedTuple):
    """A device: how a person finds it, one record of it in use, its customers, and what it says."""

    name: str
    record: str
    device_id: str
    customers: tuple[str, ...]
    traits: Traits


class SuggestionFinder:
    """Is given devices one at a time, and then says of those that say nothing which of the others they may be."""

    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._companies = _companies(context)
        self._silent: dict[str, _Described] = {}
        self._listed: defaultdict[str, list[_Described]] = defaultdict(list)
        self._made: dict[str, Candidates] = {}

    def add(self, device: ReportedDevice) -> bool:
        """Take a device; return whether it says nothing. Else it is a candidate, if in use and without a PSA row."""
        is_silent = says_nothing(device, self._context)
        if is_silent:
            self._silent[device.id] = self._described(device)
        elif not _is_in_psa(device, self._context) and device.live(self._context):
            described = self._described(device)
            for customer in described.customers:
                self._listed[customer].append(described)
        return is_silent

    def suggestions_for(self, device_id: str) -> list[Suggestion]:
        """Return what a device may be, the likeliest first; one of two customers is looked for at both."""
        row = self._silent[device_id]
        found = {}
        for customer in row.customers:
            for suggested in self._candidates(customer).suggest(row.traits):
                other = self._listed[customer][suggested.position]
                why = "; ".join(each.sentence for each in suggested.reasons)
                found[other.device_id] = Suggestion(
                    row.record, other.device_id, other.name, other.record, why, suggested.points
                )
        ordered = sorted(found.values(), key=lambda each: (-each.points, each.name.casefold(), each.record))
        return ordered[:MOST_SUGGESTIONS]

    def names_of_customer(self, device: ReportedDevice) -> list[str]:
        """Return the names under which providers list the customer of a device, in order."""
        own = set(self._customers(device))
        refs = {company for company, customer in self._companies.customer.items() if customer in own} | own
        return sorted({self._companies.names.get(ref) or ref.partition(":")[2] for ref in refs})

    def _described(self, device: ReportedDevice) -> _Described:
        record = device.live(self._context)[0].name
        name = device.text("hostname") or device.text("name") or record
        return _Described(
            name, record, device.id, self._customers(device), traits_of(each.record for each in device.records)
        )

    def _customers(self, device: ReportedDevice) -> tuple[str, ...]:
        found = (self._companies.of(company_of(each.record, self._context.policy)) for each in device.records)
        return tuple(sorted({customer for customer in found if customer}))

    def _candidates(self, customer: str) -> Candidates:
        if customer not in self._made:
            self._listed[customer].sort(key=lambda each: (each.name.casefold(), each.record))
            self._made[customer] = Candidates([each.traits for each in self._listed[customer]])
        return self._made[customer]


def _is_in_psa(device: ReportedDevice, context: ReportContext) -> bool:
    return any(context.rules.role(each.provider) is FeedRole.PSA for each in device.records)


def _has_identifier(each: ReportedRecord, context: ReportContext) -> bool:
    said = identify(each.record, context.policy)
    values = {value for value in said.values() if value[0] is not Kind.HOSTNAME or said.has_hostname_field}
    return bool(said.links or values - each.suppressed)


def _companies(context: ReportContext) -> CompanyMap:
    """What a bound caller is told must not follow from the records of others."""
    known = calibrations.in_force(context.connection) if context.visibility is None else None
    if known:
        return known[1].companies
    records = (each.record for device in devices(replace(context, wanted=ReportRequest())) for each in device.records)
    return align(count_names(identify(record, context.policy) for record in records), {}, context.policy)
