"""What is told of a provider whose records say nothing of something."""

import pytest

from matching.evidence.counting import EvidenceCount
from service.ingest.evidence_warnings import MANY, evidence_warnings


def count(provider: str = "cw_manage", records: int = MANY, **kinds: int) -> EvidenceCount:
    """Count so many records; what is not given, none of them says."""
    return EvidenceCount(provider, records, **{name: kinds.get(name, 0) for name in EvidenceCount._fields[2:]})


def test_many_records_without_any_company_are_told_with_what_to_do() -> None:
    """For ConnectWise Manage the role is named, for any other provider its rows."""
    [psa] = evidence_warnings([count(hostname=3)])
    [other] = evidence_warnings([count("ninjaone", hostname=3)])

    assert psa.startswith(
        "cw_manage: none of 20 records names a company, so its hostnames join nobody: the security role"
    )
    assert "Company Maintenance" in psa
    assert other == (
        "ninjaone: none of 20 records names a company, so its hostnames join nobody: "
        "let its rows name the customer; a catch-all is none"
    )


def test_records_without_hostnames_lack_companies_all_the_same() -> None:
    """Companies keep boxes of two customers apart, too."""
    [told] = evidence_warnings([count(serial=3)])

    assert "names a company: " in told


@pytest.mark.parametrize("company", [0, 3])
def test_many_records_without_any_identifier_are_told(company: int) -> None:
    """They can join nobody, whatever company they name."""
    [told] = evidence_warnings([count(company=company)])

    assert told.startswith("cw_manage: none of 20 records gives any identifier")


@pytest.mark.parametrize("told", [count(records=MANY - 1), count(company=1, serial=1), count(records=0)])
def test_few_records_and_records_that_say_enough_are_not_told(told: EvidenceCount) -> None:
    """One company among many records is no empty field, and few records may lack one by chance."""
    assert evidence_warnings([told]) == []
