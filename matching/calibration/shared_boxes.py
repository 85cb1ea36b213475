"""
Shared boxes: pairs of records of two providers that are one box for certain enough to compare the providers by.

What is said about companies rests on them: which are one customer, and which hold the boxes of many.
"""

from collections.abc import Iterable, Sequence

from matching.calibration.index import Index, PositionPair, unique_pairs
from matching.calibration.suppression import Suppression
from matching.model import Kind
from matching.policy import Policy
from matching.values.placeholders import is_generic_hostname


def shared_boxes(
    index: Index,
    by_guid: Sequence[PositionPair],
    by_serial: Iterable[PositionPair],
    suppression: Suppression,
    policy: Policy,
) -> Sequence[PositionPair]:
    """
    Return each pair of positions that a GUID, a serial, or a MAC beside an equal hostname joins uniquely, once.

    Only providers that the policy trusts across customers count: another one could copy values and so teach anything.

    Args:
        by_guid: The pairs that a GUID joins uniquely.
        by_serial: The pairs that a serial joins uniquely.
    """
    pairs = [*by_guid, *_others(index, by_serial, suppression)]
    if policy.trusted_across_customers is None:
        return pairs
    trusted = [provider in policy.trusted_across_customers for provider in index.providers]
    return [(left, right) for left, right in pairs if trusted[left] and trusted[right]]


def _others(index: Index, by_serial: Iterable[PositionPair], suppression: Suppression) -> set[PositionPair]:
    """The pairs that no GUID joins; few, because most pairs share one, and a record has one."""
    guids = _usable_guids(index, suppression)
    others = {(left, right) for left, right in by_serial if (guid := guids[left]) is None or guid != guids[right]}
    hostnames = [identity.hostname for identity in index.identities]
    for left, right in unique_pairs(index.providers, index.holders(Kind.MAC, suppression)):
        hostname = hostnames[left]
        if hostname is None or hostname != hostnames[right] or ((guid := guids[left]) and guid == guids[right]):
            continue
        if not is_generic_hostname(hostname):
            others.add((left, right))
    return others


def _usable_guids(index: Index, suppression: Suppression) -> list[str | None]:
    """The GUID of each position; None where there is none, or it is no evidence."""
    values, providers = suppression.values_of(Kind.BIOS_GUID), suppression.providers_of(Kind.BIOS_GUID)
    return [
        None if identity.guid in values or provider in providers else identity.guid
        for identity, provider in zip(index.identities, index.providers, strict=True)
    ]
