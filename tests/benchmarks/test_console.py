"""The console's benchmark as a command, on a fleet small enough for a test."""

import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import api, console
from benchmarks.console import LOOKUP, ConsoleFigures, PageTimes, show
from service.console.rendering import NAVIGATION

PAGES = {LOOKUP, "home", "search, one hit", "search, many hits", "search, no hit", "device", "device of many records"}


def test_every_page_is_asked_for_beside_the_look_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure is there for a program, each from pages that were really answered."""
    assert console.main("--records 400 --rounds 2 --json".split()) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["at_rest"].keys() >= PAGES | {name.lower() for _, name in NAVIGATION}
    assert told["beside"].keys() <= told["at_rest"].keys()
    for each in told["at_rest"].values():
        assert each["answers"] == 2
        assert 0 < each["median"] <= each["slowest"]
        assert 0 < each["begins"] <= each["first"]
        assert each["size"] > 0
    assert (told["records"] >= 400, told["devices"] > 0) == (True, True)


def test_a_store_that_is_given_is_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written to it, not even the key with which the client signs in."""
    filled = api.fill(tmp_path, 300, 1)
    given = tmp_path / "given.db"
    shutil.copyfile(tmp_path / "samebox.db", given)
    before = given.read_bytes()

    assert console.main(["--store", str(given), "--rounds", "1", "--no-beside", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["beside"]) == (filled.records, {})
    assert given.read_bytes() == before


def test_a_median_that_misses_its_bar_is_marked() -> None:
    """At the bar is not missed, and the slowest answer has none."""
    written = Console(record=True, width=160, file=io.StringIO())
    quick, slow = PageTimes(11, 0.1, 2.0, 0.5, 3.0, 2000), PageTimes(11, 0.1, 2.0, 0.501, 3.0, 2000)
    busy, stuck = PageTimes(5, 0.1, 2.0, 1.0, 9.0, 2000), PageTimes(5, 0.1, 2.0, 1.001, 9.0, 2000)
    show(ConsoleFigures(10, 4, {"home": quick, "slow": slow}, {"home": busy, "slow": stuck}), written)

    told = written.export_text()
    assert told.count("missed") == 2
    assert "501 missed" in told
    assert "1,001 missed" in told
