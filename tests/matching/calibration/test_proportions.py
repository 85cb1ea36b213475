"""Proportions are judged as statistics has it, and samples do not depend on order."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.calibration import proportions
from matching.calibration.proportions import lower_bound, rules_out_half, sample


@pytest.mark.parametrize(
    ("agreeing", "pairs", "out"), [(0, 6, False), (0, 7, True), (500, 1000, False), (900, 2000, True)]
)
def test_half_is_ruled_out_at_one_per_cent(agreeing: int, pairs: int, out: bool) -> None:
    """The bound of the design, in small and in large numbers."""
    assert rules_out_half(agreeing, pairs) is out


@given(st.integers(1, 3000), st.data())
def test_more_that_agree_never_rule_out_half(pairs: int, data: st.DataObject) -> None:
    """With each pair that agrees the case against the field is weaker."""
    agreeing = data.draw(st.integers(0, pairs - 1))

    assert rules_out_half(agreeing, pairs) >= rules_out_half(agreeing + 1, pairs)


def test_the_exact_test_and_its_approximation_meet() -> None:
    """From 1,000 to 1,001 pairs the limit moves by no more than one pair."""
    limits = [max(k for k in range(pairs) if rules_out_half(k, pairs)) for pairs in (1000, 1001)]

    assert limits[0] <= limits[1] <= limits[0] + 1


@given(st.integers(1, 1000), st.data())
def test_a_lower_bound_is_below_the_share_and_rises_with_it(trials: int, data: st.DataObject) -> None:
    """Few trials prove little: one of one is far from certain."""
    successes = data.draw(st.integers(0, trials))

    assert -1e-9 <= lower_bound(successes, trials) <= successes / trials + 1e-9
    assert successes == 0 or lower_bound(successes - 1, trials) < lower_bound(successes, trials)
    assert lower_bound(1, 1) < 0.5


def test_a_sample_is_the_same_in_any_order() -> None:
    """Large lists are sampled by name, small ones taken whole."""
    items = [str(number) for number in range(3 * proportions.SAMPLE)]
    shuffled = Random(1).sample(items, len(items))
    chosen = set(sample(items, str))

    assert chosen == set(sample(shuffled, str))
    assert proportions.SAMPLE / 2 < len(chosen) < proportions.SAMPLE
    assert list(sample(items[:9], str)) == items[:9]
