"""The command `report` writes files and streams, whole or not at all."""

import json
from pathlib import Path

import openpyxl
import pytest

from service.reports.catalogue import REPORTS
from tests.service.conftest import Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_report_goes_to_standard_output_or_a_file(fleet: Run, tmp_path: Path) -> None:
    """The same bytes, and nothing else on standard output."""
    shown = fleet("report", "duplicates")
    written = fleet("report", "duplicates", "--out", "duplicates.csv")
    as_json = fleet("report", "coverage", "--format", "json")

    assert (shown.code, written.code, written.out) == (0, 0, "")
    assert (tmp_path / "duplicates.csv").read_bytes().decode() == shown.out
    assert shown.out.startswith("company,hostname,")
    assert json.loads(as_json.out)["report"] == "coverage"


def test_a_report_that_cannot_be_written_leaves_nothing_behind(fleet: Run, tmp_path: Path) -> None:
    """Neither a half file nor a temporary one."""
    ran = fleet("report", "duplicates", "--out", "no/such/folder.csv")

    assert ran.code == 1
    assert ran.err == "samebox: no/such/folder.csv cannot be written: No such file or directory\n"
    assert not (tmp_path / "no").exists()


def test_without_a_name_the_reports_are_listed(fleet: Run) -> None:
    """Each with what it lists."""
    listed = fleet("report")

    assert listed.code == 0
    assert [name for name in REPORTS if name not in listed.out] == []


def test_the_name_of_the_file_says_the_format(fleet: Run, tmp_path: Path) -> None:
    """A workbook can be opened, a JSON document be read."""
    for name in ("coverage.xlsx", "coverage.json"):
        assert fleet("report", "coverage", "--out", name).code == 0

    assert openpyxl.load_workbook(tmp_path / "coverage.xlsx").sheetnames == ["About", "Rows"]
    assert json.loads((tmp_path / "coverage.json").read_text())["report"] == "coverage"


def test_suggestions_are_written_for_coverage_alone(fleet: Run, tmp_path: Path) -> None:
    """Rows without identifiers, with the command that decides; another report has none, and says so."""
    row = {"provider": "cw_manage", "id": "77", "name": "Reception PC", "company": "Acme Inc."}
    agent = {
        "provider": "cw_rmm",
        "id": "R-1",
        "hostname": "RECEPTION-01",
        "serial": "5CG8888KLM",
        "company": "Acme Inc.",
    }
    (tmp_path / "more.ndjson").write_text("".join(json.dumps(each) + "\n" for each in (row, agent)))
    assert fleet("import", "more.ndjson").code == 0

    shown = fleet("report", "coverage", "--suggest", "--format", "json")
    refused = fleet("report", "duplicates", "--suggest")

    rows = {each["name"]: each for each in json.loads(shown.out)["rows"]}
    assert rows["Reception PC"]["decide"] == "samebox decide same cw_manage:77 cw_rmm:R-1"
    assert refused.code == 2
    assert "the report duplicates has no option suggest" in " ".join(refused.err.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "duplicate"], "did you mean 'duplicates'?"),
        (["report", "duplicates", "--company", "acne"], "did you mean 'acme inc.'?"),
        (["report", "duplicates", "--since", "yesterday"], "write a day as 2026-11-01"),
        (["report", "duplicates", "--since", "2026-11-01"], "no filter since"),
    ],
)
def test_what_is_not_known_is_wrong_usage(fleet: Run, arguments: list[str], said: str) -> None:
    """The nearest is named, and nothing is written."""
    ran = fleet(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


def test_counts_are_laid_beside_a_file(fleet: Run, tmp_path: Path) -> None:
    """What cannot be read is told on standard error as well; a file that is not there is wrong usage."""
    (tmp_path / "invoice.csv").write_bytes("\ufeffCustomer;Item;Qty\r\nAcme;Laptop;4\r\nAcme;Server;?\r\n".encode())

    ran = fleet("report", "counts", "--billed", "invoice.csv", "--format", "json")
    missing = fleet("report", "counts", "--billed", "bill.csv")
    other = fleet("report", "duplicates", "--billed", "invoice.csv")

    assert (ran.code, "lines of the billed list that cannot be read: 1" in ran.err) == (0, True)
    assert {row["product"]: row["billed"] for row in json.loads(ran.out)["rows"] if row["billed"]} == {"Laptop": 4.0}
    assert (missing.code, "bill.csv cannot be read: No such file or directory" in " ".join(missing.err.split())) == (
        2,
        True,
    )
    assert (other.code, "the report duplicates has no option billed" in " ".join(other.err.split())) == (2, True)


@on_both
def test_all_reports_are_a_folder(fleet: Run, tmp_path: Path) -> None:
    """Each in every format; where one was there before, it is replaced. What is not found new again is old."""
    first = fleet("report", "all", "--out", "weekly", "--name", "weekly")
    again = fleet("report", "all", "--out", "weekly", "--name", "weekly")

    assert (first.code, again.code, first.out) == (0, 0, "")
    assert "samebox: duplicates: 3 of 3 files\n" in first.err
    assert f"{len(REPORTS)} reports are in weekly; begin with weekly/summary.html" in first.err
    assert {f"{name}.{form}" for name in REPORTS for form in ("csv", "json", "xlsx")} < {
        file.name for file in (tmp_path / "weekly").iterdir()
    }
    assert json.loads((tmp_path / "weekly" / "new.json").read_text())["totals"]["new"] == 0
    assert json.loads(fleet("report", "new", "--format", "json", "--name", "weekly").out)["rows"] == []
    assert len(json.loads(fleet("report", "new", "--format", "json").out)["rows"]) == 2


def test_a_batch_takes_what_is_billed(fleet: Run, tmp_path: Path) -> None:
    """Its report `counts` is laid beside it; a line that cannot be read is told there, and is no feed."""
    (tmp_path / "invoice.csv").write_text("company,product,quantity\nAcme Inc.,*,7\nAcme Inc.,*,?\n")

    ran = fleet("report", "all", "--out", "all", "--billed", "invoice.csv")

    assert ran.code == 0
    assert "cannot be read: 1" in ran.err
    rows = json.loads((tmp_path / "all" / "counts.json").read_text())["rows"]
    assert [row["billed"] for row in rows if row["billed"]] == [7]
    assert "cannot be read: 1" in (tmp_path / "all" / "summary.html").read_text()


def test_a_batch_from_a_feed_that_cannot_be_relied_on_has_a_code_of_its_own(run: Run, tmp_path: Path) -> None:
    """A scheduler mails it with a word of care, or not at all."""
    assert run("import", ndjson(tmp_path / "none.ndjson")).code == 0

    ran = run("report", "all", "--out", "reports")

    assert ran.code == 3
    assert "nothing is stored: no feed was ever read" in ran.err
    assert (tmp_path / "reports" / "summary.html").exists()


def test_a_batch_that_cannot_be_written_is_a_failure(fleet: Run, tmp_path: Path) -> None:
    """The folder holds what somebody keeps there."""
    ran = fleet("report", "all", "--out", ".")

    assert ran.code == 1
    assert "fleet.ndjson, which was not written there: name a folder of its own" in ran.err
    assert (tmp_path / "fleet.ndjson").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["--out", "x", "--company", "Acme Inc."], ["--out", "x", "--format", "csv"], ["--out", "x", "--all"]],
)
def test_a_batch_is_whole(fleet: Run, tmp_path: Path, arguments: list[str]) -> None:
    """What it is narrowed by would not be heeded."""
    assert fleet("report", "all", *arguments).code == 2
    assert not (tmp_path / "x").exists()
