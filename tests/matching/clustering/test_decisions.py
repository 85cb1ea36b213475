"""Decisions bind, and two that contradict each other are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.clustering.decisions import check_decisions, joined_by, parted_by
from matching.errors import BadDecision
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from matching.results.resolution import resolve_records
from tests.matching.fleets import decisions
from tests.matching.stories import different, same


@given(st.lists(decisions))
def test_different_parts_both_ways_and_same_does_not(verdicts: list[Decision]) -> None:
    """Each record knows those that it is not."""
    parted = parted_by(verdicts)

    for verdict in verdicts:
        if verdict.verdict is Verdict.DIFFERENT:
            assert verdict.right in parted[verdict.left]
            assert verdict.left in parted[verdict.right]
    assert len(joined_by(verdicts)) == sum(verdict.verdict is Verdict.SAME for verdict in verdicts)


def test_decisions_that_contradict_each_other_are_refused_with_both_named() -> None:
    """A chain of *same* and a *different* across it cannot both bind."""
    a, b, c = (Key("alpha", name) for name in "abc")
    verdicts = [
        Decision(Verdict.SAME, a, b),
        Decision(Verdict.SAME, b, c),
        Decision(Verdict.DIFFERENT, c, a),
    ]

    with pytest.raises(BadDecision, match=r"alpha:c and alpha:a .* alpha:a = alpha:b, alpha:b = alpha:c"):
        resolve_records([], Policy(), verdicts)


def test_decisions_about_other_records_do_not_contradict() -> None:
    """Two chains that do not meet may be different from each other, and one may be said twice."""
    check_decisions([same("a:1", "a:2"), same("a:2", "a:1"), same("b:1", "b:2"), different("a:1", "b:2")])


def test_a_record_cannot_differ_from_itself() -> None:
    """That is a contradiction with nobody else's help."""
    with pytest.raises(BadDecision):
        check_decisions([different("a:1", "a:1")])
