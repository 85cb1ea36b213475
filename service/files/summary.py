"""
Summary of a run over files as a JSON object: counts, calibration, over-shared values; not when or where it ran.

`evidence_by_provider` counts the records that give a usable value of each kind, before calibration suppresses any, and
`warnings` are sentences on what no record of a provider with many says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.calibration.calibrate import Calibration
from matching.evidence.counting import EvidenceCount
from matching.model import SharedValue
from service.ingest.evidence_warnings import evidence_warnings

MOST_HOLDERS = 20
"""Holders of an over-shared value that are named; all are counted."""


@dataclass(frozen=True)
class Counted:
    """
    What a run found, in numbers.

    `device_sizes` is the number of records of a device -> how many devices have it, `review_reasons` the reason -> how
    many reviews give it, `company_names` the name of each company by provider and id.
    """

    evidence: Sequence[EvidenceCount]
    repeated_lines: int
    rejected_lines: int
    device_sizes: Mapping[int, int]
    review_reasons: Mapping[str, int]
    calibration: Calibration
    company_names: Mapping[str, str]


def summarise(counted: Counted) -> dict[str, Any]:
    """Return the summary; a function of the set of records, policy and decisions."""
    return {
        "records": sum(each.records for each in counted.evidence),
        "records_by_provider": {each.provider: each.records for each in counted.evidence},
        "evidence_by_provider": {each.provider: each.kinds() for each in counted.evidence},
        "warnings": evidence_warnings(counted.evidence),
        "repeated_lines": counted.repeated_lines,
        "rejected_lines": counted.rejected_lines,
        "devices": sum(counted.device_sizes.values()),
        "devices_by_records": {str(size): count for size, count in sorted(counted.device_sizes.items()) if count},
        "reviews": sum(counted.review_reasons.values()),
        "reviews_by_reason": dict(sorted(counted.review_reasons.items())),
        "calibration": _calibration(counted.calibration, counted.company_names),
        "over_shared": [_shared(value) for value in counted.calibration.shared],
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
