"""
Summary of a run over files as a JSON object: counts, calibration, over-shared values; not when or where it ran.

`evidence_by_provider` counts the records that give a usable value of each kind, before calibration suppresses any, and
`warnings` are sentences on what no record of a provider with many says.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import company_names
from matching.clustering.partition import Partition
from matching.evidence.counting import count_evidence
from matching.model import SharedValue
from service.files.gathering import Gathered
from service.files.linking import Linked
from service.ingest.evidence_warnings import evidence_warnings

MOST_HOLDERS = 20
"""Holders of an over-shared value that are named; all are counted."""


def summarise(gathered: Gathered, partition: Partition, linked: Linked) -> dict[str, Any]:
    """Return the summary; a function of the set of records, policy and decisions."""
    evidence = count_evidence(gathered.identities)
    providers = Counter(identity.key.provider for identity in partition.identities)
    sizes = Counter(len(positions) for positions in linked.members.values())
    sizes[1] = linked.devices - len(linked.members)
    return {
        "records": len(partition.identities),
        "records_by_provider": dict(sorted(providers.items())),
        "evidence_by_provider": {each.provider: each.kinds() for each in evidence},
        "warnings": evidence_warnings(evidence),
        "repeated_lines": gathered.repeated,
        "rejected_lines": len(gathered.rejected),
        "devices": linked.devices,
        "devices_by_records": {str(size): count for size, count in sorted(sizes.items()) if count},
        "reviews": len(linked.reviews),
        "reviews_by_reason": dict(sorted(Counter(reason for reason, _ in linked.reviews).items())),
        "calibration": _calibration(partition.calibration, company_names(partition.identities)),
        "over_shared": [_shared(value) for value in partition.calibration.shared],
    }


def _calibration(calibration: Calibration, names: Mapping[str, str]) -> dict[str, Any]:
    companies = calibration.companies
    return {
        "companies_aligned": [
            {
                "left": pair.left,
                "right": pair.right,
                "names": [names[pair.left], names[pair.right]],
                "ground": str(pair.ground),
                "why": pair.sentence,
            }
            for pair in companies.why
        ],
        "catch_all_companies": sorted(companies.catch_alls),
        "complete_adapters": sorted(calibration.complete),
        "ambiguous_name_prefixes": [
            {"customer": customer, "prefix": start} for customer, start in sorted(calibration.ambiguous_prefixes)
        ],
        "untrusted_fields": [
            {
                "provider": trust.provider,
                "kind": str(trust.kind),
                "pairs": trust.pairs,
                "agreeing": trust.agreeing,
                "why": trust.sentence,
            }
            for trust in calibration.untrusted
        ],
    }


def _shared(value: SharedValue) -> dict[str, Any]:
    return {
        "kind": str(value.kind),
        "value": value.value,
        "reason": value.reason,
        "holder_count": len(value.holders),
        "holders": [str(key) for key in sorted(value.holders)[:MOST_HOLDERS]],
    }
