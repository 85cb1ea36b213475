"""The commands `match` and `evaluate`: what they say beside the files they write."""

import json
import sys
from pathlib import Path

import pytest

from tests.service.conftest import RECORDS, Run, ndjson

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_the_numbers_and_the_first_bad_lines_are_shown(run: Run, tmp_path: Path) -> None:
    """All of it on standard error; the results are in the files."""
    feed = ndjson(tmp_path / "mixed.ndjson", *RECORDS, "{broken")
    ran = run("match", feed, "--out", "matched", "--jobs", "1")

    assert (ran.code, ran.out) == (0, "")
    assert f"samebox: {feed}, line 4: not JSON" in ran.err
    assert "samebox: rejected lines: 1; all of them are listed in matched/rejected.ndjson\n" in ran.err
    assert ran.err.endswith("samebox: 3 records are 2 devices, with 0 reviews; the files are in matched\n")


def test_a_psa_that_names_no_company_is_told(run: Run, tmp_path: Path) -> None:
    """Thirty names equal thirty names of an agent and join nobody: a line and the summary say why, and what to do."""
    names = [f"acme-lt-{number:03}" for number in range(30)]
    psa = [{"provider": "cw_manage", "id": name, "name": name.upper()} for name in names]
    agent = [{"provider": "ninjaone", "id": name, "hostname": name, "company": "Acme"} for name in names]
    ran = run("match", ndjson(tmp_path / "feed.ndjson", *psa, *agent), "--out", "matched", "--jobs", "1")

    summary = json.loads((tmp_path / "matched" / "summary.json").read_text())
    [warning] = summary["warnings"]
    assert summary["devices"] == 60
    assert warning.startswith("cw_manage: none of 30 records names a company, so its hostnames join nobody: ")
    assert f"samebox: {warning}\n" in ran.err
    assert {name: kinds["company"] for name, kinds in summary["evidence_by_provider"].items()} == {
        "cw_manage": 0,
        "ninjaone": 30,
    }


def test_clusters_alone_say_nothing_of_reviews(run: Run, tmp_path: Path) -> None:
    """Reviews that were not looked for are not counted as none."""
    feed = ndjson(tmp_path / "fleet.ndjson", *RECORDS)
    ran = run("match", feed, "--out", "matched", "--jobs", "1", "--only", "clusters")

    assert ran.err.endswith("samebox: 3 records are 2 devices; the files are in matched\n")
    assert "--only" in run("match", feed, "--out", "matched", "--only", "reviews").err


FUTURE = [
    {"provider": "a", "id": "1", "serial": "SN-10001", "name": "odd", "last_seen": "9999-01-01T00:00:00Z"},
    {"provider": "a", "id": "1", "serial": "SN-10001", "name": "honest", "last_seen": "2026-10-30T08:00:00Z"},
    {"provider": "b", "id": "1", "serial": "SN-10001", "model": "Slate 2", "last_seen": "2026-11-03T00:00:00Z"},
    {"provider": "c", "id": "1", "serial": "SN-10001", "model": "Slate 3", "last_seen": "2026-10-29T08:00:00Z"},
]


@pytest.mark.parametrize(
    ("as_of", "name", "model", "last_seen"),
    [
        ([], "odd", "Slate 2", "9999-01-01T00:00:00Z"),
        (["--as-of", "2026-11-01"], "honest", "Slate 3", "2026-10-30T08:00:00Z"),
        (["--as-of", "2026-11-01T23:59:59"], "honest", "Slate 3", "2026-10-30T08:00:00Z"),
        (["--as-of", "2026-11-02T00:00:00Z"], "honest", "Slate 2", "2026-11-03T00:00:00Z"),
        (["--as-of", "2026-11-02T02:00:00+02:00"], "honest", "Slate 2", "2026-11-03T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_times_are_judged_only_where_it_is_said_when_the_records_came(  # noqa: PLR0917 - a case, and where
    run: Run, tmp_path: Path, as_of: list[str], name: str, model: str, last_seen: str, jobs: str
) -> None:
    """Which line stands for a key, which record is the most recent, and what the device's time is."""
    feed = ndjson(tmp_path / "fleet.ndjson", *FUTURE)
    ran = run("match", feed, "--out", "matched", "--jobs", jobs, *as_of)
    values = json.loads((tmp_path / "matched" / "devices.ndjson").read_text())["values"]

    assert ran.code == 0
    assert (values["name"], values["model"], values["last_seen"]) == (name, model, last_seen)


def test_a_time_that_cannot_be_read_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    """The message names the option."""
    ran = run("match", ndjson(tmp_path / "f.ndjson", *RECORDS), "--out", "matched", "--as-of", "tomorrow")

    assert ran.code == 2
    assert "--as-of" in ran.err


def test_matching_needs_neither_settings_nor_a_database(run: Run, tmp_path: Path) -> None:
    """A settings file that cannot be read does not matter, and no database is made."""
    (tmp_path / "appsettings.json").write_text("{broken")
    ran = run("match", ndjson(tmp_path / "fleet.ndjson", *RECORDS), "--out", "matched", "--jobs", "1")

    assert ran.code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"appsettings.json", "fleet.ndjson", "matched"}


def test_clusters_are_scored_as_they_were_written(run: Run, tmp_path: Path) -> None:
    """`evaluate` reads what `match` writes, and counts the records that the truth does not know."""
    run("match", ndjson(tmp_path / "fleet.ndjson", *RECORDS), "--out", "matched", "--jobs", "1")
    (tmp_path / "truth.csv").write_text("provider,id,device\ncw_manage,4711,laptop\nrmm_alpha,A-17,laptop\n")
    asked = ("evaluate", "--truth", "truth.csv", "--clusters", "matched/clusters.csv")
    as_json, table = run(*asked, "--json"), run(*asked)

    scores = json.loads(as_json.out)
    assert (scores["precision"], scores["recall"], scores["records"]) == (1, 1, 2)
    assert (scores["only_in_truth"], scores["only_in_clusters"]) == (0, 1)
    assert "pairwise precision" in table.out
    assert table.err == "samebox: 1 records are in matched/clusters.csv alone and were not scored\n"


def test_without_pyspark_the_sentence_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else of the command needs it, and no folder is left."""
    for package in ("pyspark", "pyarrow"):
        monkeypatch.setitem(sys.modules, package, None)

    ran = run("match", ndjson(tmp_path / "feed.ndjson", *RECORDS), "--out", "matched", "--engine", "spark")

    assert ran.code == 1
    assert "Spark needs pyspark, pyarrow" in ran.err
    assert "not installed here: pip install 'samebox[spark]'" in ran.err
    assert not (tmp_path / "matched").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--engine", "spark", "--jobs", "2"], "--jobs is for one machine"),
        (["--master", "local[2]"], "add --engine spark"),
        (["--scratch", "s3a://bucket/tmp"], "add --engine spark"),
    ],
)
def test_an_option_of_the_other_engine_is_refused(run: Run, tmp_path: Path, options: list[str], told: str) -> None:
    """It would have no effect."""
    ran = run("match", ndjson(tmp_path / "feed.ndjson", *RECORDS), "--out", "matched", *options)

    assert ran.code == 1
    assert told in ran.err
