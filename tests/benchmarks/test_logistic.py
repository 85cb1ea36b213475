"""The regression finds the odds that the examples have, and holds weights to their signs."""

from math import exp

import pytest

from benchmarks.logistic import Example, fit


def examples(found: dict[str, float], yes: int, no: int) -> list[Example]:
    """Return examples of one kind."""
    return [Example(found, True)] * yes + [Example(found, False)] * no


def test_the_chances_are_the_shares_of_the_examples() -> None:
    """With many examples the penalty is not felt."""
    model = fit([*examples({}, 3000, 1000), *examples({"a": 1.0}, 1000, 3000)], {})

    assert 1 / (1 + exp(-model.bias)) == pytest.approx(0.75, abs=0.005)
    assert 1 / (1 + exp(-model.bias - model.weights["a"])) == pytest.approx(0.25, abs=0.005)


def test_a_weight_of_the_wrong_sign_is_left_out() -> None:
    """What it would have said is shared among the others."""
    rows = [*examples({"a": 1.0}, 10, 30), *examples({"b": 1.0}, 30, 10), *examples({}, 20, 20)]

    free, held = fit(rows, {}), fit(rows, {"a": 1, "b": 1})

    assert free.weights["a"] < 0 < free.weights["b"]
    assert held.weights["a"] == 0 < held.weights["b"]


def test_what_was_always_so_gets_no_endless_weight() -> None:
    """Ten examples of one answer are no proof."""
    model = fit([*examples({"a": 1.0}, 10, 0), *examples({}, 10, 10)], {})

    assert 1 < model.weights["a"] < 4
