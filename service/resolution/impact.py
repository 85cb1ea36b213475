"""Compute what another calibration would change: what counts as evidence, and which records are one device."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import CompanyMap, Ground, company_names
from matching.calibration.suppression import Suppression
from matching.clustering.partition import Partition
from matching.evidence.identity import Identity
from matching.values.spelling import shown
from service.store.resolved import devices

MOST_SHOWN = 100
"""Lines of one kind in a report; it says how many there are."""


def differences(before: Calibration, after: Calibration) -> dict[str, Any]:
    """Return what is learnt anew and what no longer holds; what is the same is left out."""
    old, new = before.suppression, after.suppression
    found = {
        "companies_aligned": _aligned(after.companies, before.companies),
        "companies_parted": _aligned(before.companies, after.companies),
        "catch_alls": after.companies.catch_alls - before.companies.catch_alls,
        "no_longer_catch_alls": before.companies.catch_alls - after.companies.catch_alls,
        "fields_untrusted": _fields(new) - _fields(old),
        "fields_trusted_again": _fields(old) - _fields(new),
        "values_over_shared": _values(new) - _values(old),
        "values_no_longer_over_shared": _values(old) - _values(new),
        "prefixes_ambiguous": _prefixes(after) - _prefixes(before),
        "prefixes_no_longer_ambiguous": _prefixes(before) - _prefixes(after),
        "providers_complete": after.complete - before.complete,
        "providers_no_longer_complete": before.complete - after.complete,
    }
    return {name: _first(lines) for name, lines in found.items() if lines}


def aligned_by_hardware_alone(calibration: Calibration, identities: Sequence[Identity]) -> dict[str, Any]:
    """Return the companies that are one customer by their boxes, in spite of their names: a person may know better."""
    pairs = [pair for pair in calibration.companies.why if pair.ground is Ground.HARDWARE_ALONE]
    refs = {ref for pair in pairs for ref in pair[:2]}
    names = company_names(identity for identity in identities if identity.company in refs) if refs else {}
    return _first(
        f"{pair.left} ({names.get(pair.left)}) = {pair.right} ({names.get(pair.right)}): {pair.boxes} shared boxes"
        for pair in pairs
    )


def effect(connection: Connection, whole: Partition) -> dict[str, Any]:
    """Return how many devices there are, how many would have other records, and what would become of the first."""
    homes = dict(devices.homes(connection))
    sizes = Counter(homes.values())
    own = [homes.get(identity.key) for identity in whole.identities]
    parts = [0] * len(own)
    unchanged = set()
    for number, positions in enumerate(whole.devices()):
        former = {own[position] for position in positions}
        home = former.pop()
        if not former and home and sizes[home] == len(positions):
            unchanged.add(home)
        for position in positions:
            parts[position] = number
    changed = sorted(home for home in sizes if home not in unchanged)
    first = dict(_becoming(whole, own, parts, changed[:MOST_SHOWN]))
    return {"devices": len(sizes), "devices_changed": len(changed), "first_changed": first}


def _becoming(
    whole: Partition, own: list[str | None], parts: list[int], chosen: Iterable[str]
) -> Iterator[tuple[str, list[list[str]]]]:
    """Device -> the records of each device that would have some of its records."""
    wanted = set(chosen)
    heirs: defaultdict[str, set[int]] = defaultdict(set)
    for home, number in zip(own, parts, strict=True):
        if home in wanted:
            heirs[str(home)].add(number)
    numbers = set().union(*heirs.values())
    keys: defaultdict[int, list[str]] = defaultdict(list)
    for identity, number in zip(whole.identities, parts, strict=True):
        if number in numbers:
            keys[number].append(str(identity.key))
    yield from ((home, sorted(keys[number] for number in heirs[home])) for home in sorted(wanted))


def _values(suppression: Suppression) -> set[str]:
    return {f"{kind} {shown(kind, value)}" for kind, value in suppression.values}


def _fields(suppression: Suppression) -> set[str]:
    return {f"{provider} {kind}" for provider, kind in suppression.fields}


def _prefixes(calibration: Calibration) -> set[str]:
    return {f"{prefix}... at {customer}" for customer, prefix in calibration.ambiguous_prefixes}


def _aligned(one: CompanyMap, other: CompanyMap) -> set[str]:
    """Companies that are one customer in the first map and not in the other."""
    return {
        f"{customer} = {company}"
        for company, customer in one.customer.items()
        if company != customer and other.customer.get(company, company) != other.customer.get(customer, customer)
    }


def _first(lines: Iterable[str]) -> dict[str, Any]:
    found = sorted(lines)
    return {"count": len(found), "first": found[:MOST_SHOWN]}
