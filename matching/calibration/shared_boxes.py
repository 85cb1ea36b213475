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
    trusted = [policy.trusts_across_customers(provider) for provider in index.providers]
    for left, right in _pairs(index, suppression):
        if trusted[left] and trusted[right]:
            yield left, right


def _pairs(index: Index, suppression: Suppression) -> Iterator[tuple[int, int]]:
    yield from unique_pairs(index.providers, index.holders(Kind.BIOS_GUID, suppression))
    others = set[tuple[int, int]]()  # few: most pairs share a GUID as well, and a record has one
    for pair in unique_pairs(index.providers, index.holders(Kind.SERIAL, suppression)):
        if not _share_guid(index, pair, suppression):
            others.add(pair)
    for pair in unique_pairs(index.providers, index.holders(Kind.MAC, suppression)):
        if _share_hostname(index, pair) and not _share_guid(index, pair, suppression):
            others.add(pair)
    yield from others


def _share_guid(index: Index, pair: tuple[int, int], suppression: Suppression) -> bool:
    """Whether both records say one GUID, and it is evidence."""
    left, right = pair
    guid = index.identities[left].guid
    if guid is None or guid != index.identities[right].guid or (Kind.BIOS_GUID, guid) in suppression.values:
        return False
    return suppression.providers_of(Kind.BIOS_GUID).isdisjoint((index.providers[left], index.providers[right]))


def _share_hostname(index: Index, pair: tuple[int, int]) -> bool:
    left, right = pair
    hostname = index.identities[left].hostname
    same = hostname is not None and hostname == index.identities[right].hostname
    return same and not is_generic_hostname(hostname or "")
