"""
Whose a name is: the customers as matching has them, by cleaned names and the company map in force.

A name that is only like another is never taken for it: the nearest is named, and a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from matching.calibration.companies import CompanyMap
from matching.calibration.company_names import clean
from matching.evidence.identity import company_of
from matching.policy import Policy
from service.reports.context import ReportContext
from service.store.resolved import calibrations

BILLED = "billed"
"""What stands for the list of billed quantities in `Policy:CompanyMap`, where providers stand else."""

MOST_HINTS = 500
"""Names of a report for which the nearest is looked for."""

ALIKE = 60.0
"""Likeness (0 to 100) from which a name is worth naming; chance pairs rarely have it."""


class CustomerNames:
    """
    Finds the customer that a name is of: by the name as it is written, in any case, else by the cleaned name.

    A customer is named by what `CompanyMap` calls it. One that the map does not have, or has twice under this name, is
    named by its cleaned name.
    """

    def __init__(self, companies: CompanyMap, policy: Policy) -> None:
        self._policy = policy
        self._companies = companies
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        caught = set()
        for ref, name in companies.names.items():
            if ref in companies.catch_alls:
                caught.add(clean(name))
                continue
            for spelling in {_written(name), clean(name)}:
                self._by_name[spelling].add(companies.customer.get(ref, ref))
        self._catch_alls = caught - set(self._by_name)
        self._aliases: dict[str, str] = {}
        self._aliases = dict(self._said())

    @property
    def known(self) -> set[str]:
        """The customers that the company map has."""
        return set().union(*self._by_name.values())

    def of(self, name: str | None) -> str | None:
        """Return the customer of a name; None without a name, and for a catch-all's."""
        if not name or company_of({"provider": "-", "id": "-", "company": name}, self._policy) is None:
            return None
        written, cleaned = _written(name), clean(name) or _written(name)
        if cleaned in self._catch_alls:
            return None
        if written in self._aliases:
            return self._aliases[written]
        alone = (each for each in (self._by_name.get(written, ()), self._by_name.get(cleaned, ())) if len(each) == 1)
        return next((customer for each in alone for customer in each), f"={cleaned}")

    def of_company(self, ref: str, name: str) -> str | None:
        """Return the customer of a company, `provider:company_id`; of one that is not known yet, that of its name."""
        if ref in self._companies.catch_alls:
            return None
        if ref in self._companies.names and _written(name) not in self._aliases:
            return self._companies.customer.get(ref, ref)
        return self.of(name)

    def _said(self) -> Iterable[tuple[str, str]]:
        """The names of `billed:` in the operator's map, each with the customer of another company there."""
        for group in self._policy.company_map:
            named = sorted(each.partition(":")[::2] for each in group)
            others = [(provider, name) for provider, name in named if provider != BILLED]
            for provider, name in named:
                if provider == BILLED and others:
                    yield _written(name), self._of_company(*others[0])

    def _of_company(self, provider: str, name: str) -> str:
        """The customer of a company that the operator names by its id or its name."""
        said = f"{provider}:{name}"
        named = (ref for ref, each in self._companies.names.items() if said in {ref, f"{ref.partition(':')[0]}:{each}"})
        ref = next(named, None)
        return (self._companies.customer.get(ref, ref) if ref else self.of(name)) or said


def customers_of(context: ReportContext) -> CustomerNames:
    """
    Return the customers.

    Whoever may see some records gets them by their names alone: the company map is learnt from all records.
    """
    found = calibrations.in_force(context.connection) if context.visibility is None else None
    return CustomerNames(found[1].companies if found else CompanyMap(), context.policy)


class NearestNames:
    """Names what is nearest to a name, for so many names as a person reads: a hostile list would take minutes."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = {name: clean(name) for name in sorted(known)}
        self._left = MOST_HINTS

    def of(self, name: str) -> str | None:
        """Return the known name that is most like one; None where none is, and for all after many."""
        if not self._left:
            return None
        self._left -= 1
        found = process.extractOne(clean(name), self._known, scorer=fuzz.WRatio, score_cutoff=ALIKE)
        return found[2] if found else None


def _written(name: str) -> str:
    """A name in whatever case and with whatever blanks; the dot keeps it apart from a cleaned one."""
    return f".{' '.join(name.casefold().split())}"
