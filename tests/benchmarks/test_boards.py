"""The comparison of both settings of `BoardReplacement` as a command, on fleets small enough for a test."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from benchmarks import boards
from benchmarks.boards import Compared, compare, show


def test_each_fleet_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Both settings, side by side, for each seed of each edition."""
    assert boards.main(["--editions", "1", "2", "--seeds", "3", "4", "--records", "400"]) == 0

    printed = capsys.readouterr()
    fleets = [line.partition(":")[0] for line in printed.err.splitlines()]
    assert fleets == [f"edition {edition}, seed {seed}" for edition in (1, 2) for seed in (3, 4)]
    assert "of 4 fleets" in printed.out


def test_the_settings_differ_where_a_board_was_replaced() -> None:
    """`join` leaves fewer devices of replaced boards in pieces, so it was the policy that the two runs differ in."""
    compared = compare(edition=1, seed=1, records=12_000)
    review, join = (each.pathologies["board_replaced"] for each in (compared.review, compared.join))

    assert compared.review.contender != compared.join.contender
    assert join.split < review.split


def test_fleets_on_which_join_is_worse_are_counted() -> None:
    """One device more that is merged wrongly is enough; fewer or as many is not."""
    one = compare(edition=1, seed=1, records=400)
    worse = replace(one.join, scores=replace(one.join.scores, over_merged=one.review.scores.over_merged + 1))
    console = Console(record=True, width=160, file=io.StringIO())
    show([one, Compared(1, 2, one.review, worse), Compared(1, 3, worse, one.review)], console)

    assert "on 1 of 3 fleets" in console.export_text()
