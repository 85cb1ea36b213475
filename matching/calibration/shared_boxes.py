"""
Shared boxes: pairs of records of two providers that are one box for certain enough to compare the providers by.

What is said about companies rests on them: which are one customer, and which hold the boxes of many.
"""

from collections.abc import Iterator

from matching.calibration.index import Index, unique_pairs
from matching.calibration.suppression import Suppression
from matching.model import Kind
from matching.policy import Policy
from matching.values.placeholders import is_generic_hostname


def shared_boxes(index: Index, suppression: Suppression, policy: Policy) -> Iterator[tuple[int, int]]:
    """
    Yield each pair of positions that a GUID, a serial, or a MAC beside an equal hostname joins uniquely, once.

    Only providers that the policy trusts across customers count: another one could copy values and so teach anything.
    """
    pairs = _pairs(index, suppression)
    if policy.trusted_across_customers is None:
        return pairs
    trusted = [provider in policy.trusted_across_customers for provider in index.providers]
    return ((left, right) for left, right in pairs if trusted[left] and trusted[right])


def _pairs(index: Index, suppression: Suppression) -> Iterator[tuple[int, int]]:
    yield from unique_pairs(index.providers, index.holders(Kind.BIOS_GUID, suppression))
    guids = _usable_guids(index, suppression)
    others = set[tuple[int, int]]()  # few: most pairs share a GUID as well, and a record has one
    for left, right in unique_pairs(index.providers, index.holders(Kind.SERIAL, suppression)):
        if (guid := guids[left]) is None or guid != guids[right]:
            others.add((left, right))
    hostnames = [identity.hostname for identity in index.identities]
    for left, right in unique_pairs(index.providers, index.holders(Kind.MAC, suppression)):
        hostname = hostnames[left]
        if hostname is None or hostname != hostnames[right] or ((guid := guids[left]) and guid == guids[right]):
            continue
        if not is_generic_hostname(hostname):
            others.add((left, right))
    yield from others


def _usable_guids(index: Index, suppression: Suppression) -> list[str | None]:
    """The GUID of each position; None where there is none, or it is no evidence."""
    values, providers = suppression.values_of(Kind.BIOS_GUID), suppression.providers_of(Kind.BIOS_GUID)
    return [
        None if identity.guid in values or provider in providers else identity.guid
        for identity, provider in zip(index.identities, index.providers, strict=True)
    ]
