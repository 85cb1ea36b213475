"""The summary of a batch is one page that needs nothing else."""

import json
import re
from datetime import timedelta
from pathlib import Path

from service.core.whole_folder import LIST
from service.reports.batch import write_batch
from service.reports.overview import SUMMARY
from service.reports.rules import ReportRules
from tests.service.reports.fleets import NOW, record, world_of
from tests.service.sandbox import Sandbox

ATTACK = "<img src=x onerror=alert(1)>\"'&"


def page(tmp_path: Path, *records: dict[str, object], rules: ReportRules | None = None) -> str:
    """Return the summary over some records."""
    write_batch(world_of(tmp_path, *records), rules or ReportRules(), tmp_path / "reports", "all")
    return (tmp_path / "reports" / SUMMARY).read_text()


def test_it_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    """No script, no address but those of the files beside it, which are there."""
    shown = page(tmp_path, record("cw_manage", "1", serial="SN-10001"))
    links = set(re.findall(r'(?:href|src)="([^"#]+)"', shown))

    assert links == {file.name for file in (tmp_path / "reports").iterdir()} - {SUMMARY, LIST}
    assert "<script" not in shown
    assert {*re.findall(r"https?://[^\"' ]+", shown)} <= {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in shown
    assert "@media print" in shown


def test_what_providers_write_is_text(tmp_path: Path) -> None:
    """Also where it looks like markup."""
    old = (NOW - timedelta(days=60)).isoformat()
    shown = page(tmp_path, record("cw_rmm", "1", serial="SN-10001", hostname=ATTACK, name=ATTACK, last_seen=old))

    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_totals_and_first_rows_of_each_report_are_shown(tmp_path: Path) -> None:
    """The rest is in the files."""
    twelve = [record("cw_rmm", f"{n}", serial=f"SN-1000{n}", hostname=f"box-{n:02}") for n in range(12)]
    shown = page(tmp_path, *twelve, record("cw_manage", "other", hostname="box-12"))
    section = shown[shown.index('<section id="new">') :]

    assert "The first 10 of 13 rows" in section
    assert section.count("<td>box-") == 10
    assert shown.count("<svg") == 2
    assert "<figcaption>Which feeds see how many devices</figcaption>" in shown
    assert '<td class="number">13</td><td>Devices that came since then.</td>' in section
    assert json.loads((tmp_path / "reports" / "new.json").read_text())["totals"]["new"] == 13


def test_what_cannot_be_relied_on_comes_first(tmp_path: Path) -> None:
    """Before any number; a report without rows says so."""
    world = Sandbox(tmp_path)
    world.sync("cw_rmm")
    world.push({"provider": "cw_manage", "id": "1", "serial": "SN-10001"})
    write_batch(world, ReportRules(), tmp_path / "reports", "all")
    shown = (tmp_path / "reports" / SUMMARY).read_text()

    assert "<li>cw_rmm is empty: " in shown
    assert shown.index("Take care") < shown.index("<nav>")
    assert "Nothing asks for anything." in shown
