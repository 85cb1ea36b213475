"""Logistic regression in plain Python, with a small penalty and weights that may be held to a sign."""

from collections.abc import Mapping, Sequence
from math import exp
from typing import NamedTuple

RIDGE = 1.0
"""Penalty on the square of each weight: what was hardly ever seen stays near 0."""

STEPS = 25
"""Newton's method stops after these at the latest; it needs about eight."""

ENOUGH = 1e-6
"""A step that changes no weight by more than this is the last one."""

Matrix = list[list[float]]


class Example(NamedTuple):
    """What was measured of one question, and whether the answer is yes."""

    found: Mapping[str, float]
    is_yes: bool


class Model(NamedTuple):
    """Adds to the bias the weight of all that is there; the logistic function of the sum is the chance of a yes."""

    bias: float
    weights: dict[str, float]


def fit(examples: Sequence[Example], signs: Mapping[str, int]) -> Model:
    """
    Return the likeliest model in which each weight has the sign that it is held to, or is 0.

    Args:
        signs: Name -> 1 or -1; what has none may weigh either way.
    """
    left_out: set[str] = set()
    while True:
        model = _newton(examples, left_out)
        wrong = {name for name, weight in model.weights.items() if weight * signs.get(name, 0) < 0}
        if not wrong:
            return Model(model.bias, {**model.weights, **dict.fromkeys(left_out, 0.0)})
        left_out |= wrong


def _newton(examples: Sequence[Example], left_out: set[str]) -> Model:
    names = sorted({name for example in examples for name in example.found} - left_out)
    place = {name: number for number, name in enumerate(names, 1)}
    rows = [
        ([(0, 1.0), *((place[name], share) for name, share in found.items() if name in place)], float(is_yes))
        for found, is_yes in examples
    ]
    weights = [0.0] * (len(names) + 1)
    for _ in range(STEPS):
        step = _step(rows, weights)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < ENOUGH:
            break
    return Model(weights[0], dict(zip(names, weights[1:], strict=True)))


def _step(rows: Sequence[tuple[Sequence[tuple[int, float]], float]], weights: Sequence[float]) -> list[float]:
    size = len(weights)
    gradient = [0.0, *(-RIDGE * weight for weight in weights[1:])]
    curvature = [[RIDGE if one == other and one else 0.0 for other in range(size)] for one in range(size)]
    for row, answer in rows:
        chance = 1 / (1 + exp(-sum(weights[place] * share for place, share in row)))
        for one, share in row:
            gradient[one] += (answer - chance) * share
            for other, its_share in row:
                curvature[one][other] += chance * (1 - chance) * share * its_share
    return _solved(curvature, gradient)


def _solved(matrix: Matrix, right: Sequence[float]) -> list[float]:
    """The solution of a system of linear equations whose matrix is positive definite, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for pivot in range(size):
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [mine - factor * above for mine, above in zip(rows[below], rows[pivot], strict=True)]
    solution = [0.0] * size
    for place in reversed(range(size)):
        known = sum(rows[place][other] * solution[other] for other in range(place + 1, size))
        solution[place] = (rows[place][size] - known) / rows[place][place]
    return solution
