"""The benchmark of proposed answers, on fleets small enough for a test."""

from pathlib import Path

import pytest

from benchmarks import proposals
from matching.clustering import proposal_weights
from matching.clustering.proposals import FEATURES
from matching.model import ReviewReason


def test_the_command_prints_how_good_the_proposals_are(capsys: pytest.CaptureFixture[str]) -> None:
    """By ground beside the commonest answer, by certainty, and the scores when they are the answers."""
    assert proposals.main(["--seed", "1", "--records", "3000"]) == 0

    printed = capsys.readouterr().out
    assert "commonest answer" in printed
    assert "serial_mistyped" in printed
    assert "sure from, per cent" in printed
    assert "default, as proposed" in printed


def test_weights_are_learnt_and_written_as_a_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One command rewrites the constants: every piece of evidence and every ground has its weight."""
    target = tmp_path / "proposal_weights.py"
    monkeypatch.setattr(proposal_weights, "__file__", str(target))

    assert proposals.main(["--learn", "--seeds", "2", "--records", "6000"]) == 0

    written: dict[str, object] = {}
    exec(target.read_text(), written)
    weights = written["WEIGHTS"]
    assert isinstance(weights, dict)
    assert list(weights) == [*FEATURES, *map(str, ReviewReason)]
    assert weights["hostnames_agree"] > 0 > weights["rivals"]
    assert written["__doc__"] == proposal_weights.__doc__
