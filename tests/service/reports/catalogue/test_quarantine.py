"""Rows of which no record could be made, as a table that nobody is harmed by."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from service.core.errors import NeedsUnboundKey
from service.ingest.protocol import Quarantined
from service.reports.context import ReportRequest
from service.store.access.visibility import Customer, Visibility
from tests.service.reports.fleets import NOW, report
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


def test_the_latest_rows_of_each_provider_come_first(tmp_path: Path) -> None:
    """With their number, as a whole and by provider."""
    clock = iter(NOW + timedelta(hours=hour) for hour in range(99))
    world = Sandbox(tmp_path, now=lambda: next(clock))
    world.take_in(quarantined=[Quarantined("b", "1", "no id", {"id": 1}), Quarantined("a", "", "no id", {})])
    world.take_in(quarantined=[Quarantined("b", "2", "no provider", {"id": 2})])

    whole = json.loads(report("quarantine", world))

    assert [(row["provider"], row["record_id"], row["reason"], row["excerpt"]) for row in whole["rows"]] == [
        ("a", None, "no id", "{}"),
        ("b", "2", "no provider", '{"id":2}'),
        ("b", "1", "no id", '{"id":1}'),
    ]
    assert whole["totals"] == {
        "rows": 3,
        "providers": [{"provider": "a", "rows": 1}, {"provider": "b", "rows": 2}],
    }


def test_it_is_narrowed_by_provider_and_time(tmp_path: Path) -> None:
    """What came at that time or later."""
    clock = iter(NOW + timedelta(days=day) for day in range(99))
    world = Sandbox(tmp_path, now=lambda: next(clock))
    for number in range(2):
        world.take_in(quarantined=[Quarantined(name, str(number), "no id", {}) for name in "ab"])
    times = [row["since"] for row in json.loads(report("quarantine", world))["rows"]]
    [late, _] = sorted(set(times), reverse=True)

    of_a = json.loads(report("quarantine", world, wanted=ReportRequest(provider="a")))
    lately = json.loads(report("quarantine", world, wanted=ReportRequest(since=NOW + timedelta(days=3))))

    assert [row["record_id"] for row in of_a["rows"]] == ["1", "0"]
    assert {row["since"] for row in lately["rows"]} <= {late}
    assert lately["totals"]["rows"] == len(lately["rows"])


def test_a_hostile_row_is_harmless(tmp_path: Path) -> None:
    """Neither a formula, nor another line, nor a text that is read backwards, nor one without an end."""
    world = Sandbox(tmp_path)
    hostile = "=1+1\n\x1b[31m\u202egnp.exe;=2+2"
    world.take_in(quarantined=[Quarantined("a", hostile, hostile, {"name": "x" * 10_000, "z": hostile})])

    text = report("quarantine", world, "csv").decode()
    [row] = csv.DictReader(io.StringIO(text, newline=""))

    assert text.count("\r\n") == 2
    assert text.replace("\r\n", "").isprintable()
    assert row["record_id"] == row["reason"] == "'=1+1 [31m gnp.exe;'=2+2"
    assert len(row["excerpt"]) == 300


def test_a_bound_key_gets_none(tmp_path: Path) -> None:
    """A row that could not be read has no customer."""
    world = Sandbox(tmp_path).acting(None, Visibility(frozenset({Customer("a", "7")})))

    with pytest.raises(NeedsUnboundKey):
        report("quarantine", world)
