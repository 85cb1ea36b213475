"""The command `import`."""

import gzip
import io
import json
import re
from pathlib import Path

import pytest

from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_lines_that_are_no_record_are_listed_and_the_others_stored(run: Run, tmp_path: Path) -> None:
    """Bad lines are counted, told with number and reason, and written down; the good ones go in."""
    feed = ndjson(tmp_path / "mixed.ndjson", RECORDS[0], "{broken", RECORDS[2], '{"provider":"x"}')
    ran = run("import", feed, "--json")

    outcome = json.loads(ran.out)
    listed = [json.loads(line) for line in (tmp_path / "samebox-rejected.ndjson").read_text().splitlines()]
    assert ran.code == 0
    assert (outcome["new"], outcome["quarantined"]) == (2, 2)
    assert [(line["file"], line["line"]) for line in listed] == [(feed, 2), (feed, 4)]
    assert listed == outcome["rejected"]
    assert f"samebox: {feed}, line 2: not JSON" in ran.err


def test_an_import_of_nothing_but_rejected_lines_fails(run: Run, tmp_path: Path) -> None:
    """A file of another kind is a mistake, not an import."""
    ran = run("import", ndjson(tmp_path / "page.html", "<html>", "</html>"))

    assert ran.code == 1
    assert ran.out == "Nothing is stored: all 2 lines were rejected.\n"
    assert "page.html, line 1: not JSON" in ran.err
    assert "rejected lines: 2" in ran.err


def test_an_import_of_which_some_lines_were_rejected_says_both_numbers(run: Run, tmp_path: Path) -> None:
    """Before the table; where no line was rejected, the table says all."""
    mixed = run("import", ndjson(tmp_path / "mixed.ndjson", RECORDS[0], "{broken", RECORDS[2]))
    good = run("import", ndjson(tmp_path / "good.ndjson", RECORDS[0]))

    assert mixed.out.startswith("2 of 3 lines are stored; rejected: 1.\n")
    assert good.out.startswith("Records\n")


def test_gzip_and_standard_input_come_in_together(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, plain or compressed, and `-`; one transaction, so the count is of all of them."""
    (tmp_path / "a.gz").write_bytes(gzip.compress(json.dumps(RECORDS[0]).encode()))
    stdin = gzip.compress("".join(f"{json.dumps(record)}\n" for record in RECORDS[1:]).encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    ran = run("import", "a.gz", "-", "--json")

    assert ran.code == 0
    assert json.loads(ran.out)["new"] == 3


def test_what_standard_input_held_is_kept_when_lines_are_rejected(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listing has only the beginning of a line, and a pipe cannot be read again."""
    content = f"{json.dumps(RECORDS[0])}\nnot a record\n".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    ran = run("import", "-")

    assert ran.code == 0
    assert (tmp_path / "samebox-rejected.stdin").read_bytes() == content


def test_a_file_cut_off_stops_the_import_with_nothing_stored(run: Run, tmp_path: Path) -> None:
    """Half an export must not look like a whole one."""
    whole = gzip.compress("".join(f"{json.dumps(record)}\n" for record in RECORDS).encode())
    (tmp_path / "cut.gz").write_bytes(whole[:-12])
    ran = run("import", "cut.gz")
    found = run("lookup", "5CG1234ABC")

    assert ran.code == 1
    assert ran.err.startswith("samebox: cut.gz: the gzip stream is cut off or damaged")
    assert found.code == 1


@on_both
def test_a_second_import_changes_nothing(fleet: Run, tmp_path: Path) -> None:
    """The same records again are the same records."""
    ran = fleet("import", str(tmp_path / "fleet.ndjson"), "--json")

    outcome = json.loads(ran.out)
    assert (outcome["new"], outcome["changed"], outcome["same"]) == (0, 0, 3)


def test_an_import_counts_what_its_records_say_and_warns_of_what_none_says(run: Run, tmp_path: Path) -> None:
    """Counts and shares a provider; a PSA that names no company in any of many rows is told with what to do."""
    rows = [{"provider": "cw_manage", "id": str(n), "name": f"ACME-LT-{n:03}"} for n in range(30)]
    feed = ndjson(tmp_path / "feed.ndjson", *rows, {**RECORDS[1], "macs": []})
    ran, as_json = run("import", feed), run("import", feed, "--json")

    outcome = json.loads(as_json.out)
    counts = {count.pop("provider"): count for count in outcome["evidence"]}
    assert (ran.code, as_json.code) == (0, 0)
    assert counts["cw_manage"] == {
        **{"records": 30, "bios_guid": 0, "serial": 0, "link": 0, "mac": 0},
        **{"hostname": 30, "company": 0},
    }
    assert (counts["rmm_alpha"]["serial"], counts["rmm_alpha"]["mac"]) == (1, 0)
    assert re.search(r"^ *cw_manage +30 +none +none +none +none +100% \(30\) +none *$", ran.out, re.M)
    [warning] = outcome["warnings"]
    assert warning.startswith("cw_manage: none of 30 records names a company, so its hostnames join nobody: ")
    assert f"samebox: {warning}" in ran.err.splitlines()
