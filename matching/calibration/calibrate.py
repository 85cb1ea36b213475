"""
Calibration: everything that is learnt from all records at once, as one value.

Resolution is a function of one component and the calibration. That is why components can be resolved independently: in
a batch, after a change of one record, in another process.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from matching.calibration.adapters import adapter_lists, complete_by
from matching.calibration.companies import CompanyMap, align, count_names, count_shared_boxes
from matching.calibration.index import build_index, unique_pairs
from matching.calibration.over_shared import over_shared
from matching.calibration.shared_boxes import shared_boxes
from matching.calibration.suppression import Suppression
from matching.calibration.truncated_names import NamePrefix, ambiguous_prefixes
from matching.calibration.trust import HARDWARE, UntrustedField, agreements, untrusted_by
from matching.evidence.identity import Identity
from matching.model import Kind, SharedValue
from matching.policy import Policy


@dataclass(frozen=True)
class Calibration:
    """
    What is learnt from all records at once, and nothing else.

    `complete` are the providers that list every adapter of a box, `ambiguous_prefixes` the prefixes of 15 characters
    that several longer hostnames of a customer share.
    """

    shared: tuple[SharedValue, ...] = ()
    untrusted: tuple[UntrustedField, ...] = ()
    companies: CompanyMap = field(default_factory=CompanyMap)
    complete: frozenset[str] = frozenset()
    ambiguous_prefixes: frozenset[NamePrefix] = frozenset()

    @cached_property
    def suppression(self) -> Suppression:
        """The values and fields that are no evidence."""
        return Suppression(frozenset(self.value_reasons), frozenset(self.field_reasons))

    @cached_property
    def value_reasons(self) -> Mapping[tuple[Kind, str], str]:
        """Over-shared value -> why it is suppressed."""
        return {(value.kind, value.value): f"over-shared: {value.reason}" for value in self.shared}

    @cached_property
    def field_reasons(self) -> Mapping[tuple[str, Kind], str]:
        """Provider and kind of an untrusted field -> why its values are suppressed."""
        return {(field.provider, field.kind): field.sentence for field in self.untrusted}


def calibrate(identities: Iterable[Identity], policy: Policy) -> Calibration:
    """Return the calibration of all records, in any order."""
    index = build_index(identities)
    shared = over_shared(index, policy)
    untrusted = untrusted_by(agreements(index, Calibration(shared).suppression), policy)
    suppression = Calibration(shared, untrusted).suppression
    by_guid, by_serial = (list(unique_pairs(index.providers, index.holders(kind, suppression))) for kind in HARDWARE)
    boxes = shared_boxes(index, by_guid, by_serial, suppression, policy)
    companies = align(count_names(index.identities), count_shared_boxes(index.identities, boxes), policy)
    customers = [companies.of(identity.company) for identity in index.identities]
    prefixes = ambiguous_prefixes(index.identities, customers, policy)
    complete = complete_by(adapter_lists(index, [*by_guid, *by_serial], suppression), policy)
    return Calibration(shared, untrusted, companies, complete, prefixes)
