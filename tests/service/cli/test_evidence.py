"""Counts of evidence as a person and as a program see them."""

import json

import pytest

from matching.evidence.counting import EvidenceCount
from service.cli.evidence import evidence_for_programs, outcome_for_programs, show_evidence
from service.syncs.syncing import SyncOutcome

COUNT = EvidenceCount("ninjaone", 1000, 1, 1000, 0, 999, 4, 500)


def test_a_share_is_never_rounded_to_all_or_to_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """One record in a thousand is no empty field, and one that lacks a value is seen."""
    show_evidence([COUNT])

    [line] = [line for line in capsys.readouterr().out.splitlines() if "ninjaone" in line]
    assert line.split() == [
        *("ninjaone", "1,000", "1%", "(1)", "100%", "(1,000)", "none"),
        *("99%", "(999)", "1%", "(4)", "50%", "(500)"),
    ]


def test_nothing_counted_is_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    """An incremental sync counts nothing."""
    show_evidence([])

    assert capsys.readouterr().out == ""


def test_a_program_gets_numbers_by_name() -> None:
    """JSON knows no tuples with names."""
    outcome = outcome_for_programs(SyncOutcome("ninjaone", evidence=[COUNT], warnings=["w"]))

    assert json.loads(json.dumps(outcome))["evidence"] == evidence_for_programs([COUNT])
    assert evidence_for_programs([COUNT]) == [
        {
            **{"provider": "ninjaone", "records": 1000, "bios_guid": 1, "serial": 1000, "link": 0},
            **{"mac": 999, "hostname": 4, "company": 500},
        }
    ]
