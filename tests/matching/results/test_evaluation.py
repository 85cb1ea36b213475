"""Scores agree with counting every pair by hand."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import Key
from matching.results.evaluation import score

labels = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=12)


def maps(pairs: list[tuple[str, str]]) -> tuple[dict[Key, str], dict[Key, str]]:
    keys = [Key("p", str(n)) for n in range(len(pairs))]
    return dict(zip(keys, (t for t, _ in pairs), strict=True)), dict(zip(keys, (c for _, c in pairs), strict=True))


@given(labels)
def test_scores_are_those_of_the_pairs(pairs: list[tuple[str, str]]) -> None:
    """Pairwise by enumeration, B-cubed record by record."""
    scores = score(*maps(pairs))
    both = list(combinations(pairs, 2))
    right = sum(a[0] == b[0] and a[1] == b[1] for a, b in both)
    found = sum(a[1] == b[1] for a, b in both)
    true = sum(a[0] == b[0] for a, b in both)

    assert scores.precision == pytest.approx(right / found if found else 1)
    assert scores.recall == pytest.approx(right / true if true else 1)
    if pairs:
        shares = [sum(o == p for o in pairs) / sum(o[1] == p[1] for o in pairs) for p in pairs]
        assert scores.bcubed_precision == pytest.approx(sum(shares) / len(pairs))


def test_over_merged_and_split_devices_are_counted() -> None:
    """One resolved device with two true ones in it; one true device in two resolved ones."""
    scores = score(*maps([("a", "x"), ("b", "x"), ("c", "y"), ("c", "z")]))

    assert (scores.over_merged, scores.split) == (1, 1)


def test_records_that_only_one_side_names_are_left_out() -> None:
    """The truth may be of a part."""
    assert score({Key("p", "1"): "a"}, {Key("p", "2"): "x"}).records == 0
