"""The command `policy try`: what another policy would do, and nothing is stored."""

import json
from pathlib import Path

import pytest

from tests.service.conftest import Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")

RENAMED = [
    {"provider": "alpha", "id": "1", "hostname": "old-name", "macs": ["3C:52:82:00:00:01"], "company": "Acme Inc."},
    {"provider": "beta", "id": "1", "hostname": "new-name", "macs": ["3C:52:82:00:00:01"], "company": "Acme Inc."},
]
SAME_SERIAL = [
    {"provider": "alpha", "id": "2", "hostname": "pc2", "serial": "5CG1234ABC", "company": "Acme Inc."},
    {"provider": "beta", "id": "2", "hostname": "pc2-new", "serial": "5CG1234ABC", "company": "Acme Inc."},
]
ONE_EACH = {"MacAgainstName": "join", "Deny": {"serial": ["5CG1234ABC"]}}
"""A policy under which one pair of them merges, and one splits."""


@pytest.fixture
def pairs(run: Run, tmp_path: Path) -> Run:
    """Run commands over a store of these records."""
    assert run("import", ndjson(tmp_path / "pairs.ndjson", *RENAMED, *SAME_SERIAL)).code == 0
    return run


@on_both
def test_what_would_merge_and_split_is_shown_names_first_with_the_reason(pairs: Run) -> None:
    """Before them, the settings that differ; after them, that nothing is stored."""
    before = pairs("devices", "--json").out
    Path("new.json").write_text(json.dumps({"Policy": ONE_EACH}))

    ran = pairs("policy", "try", "new.json")

    text = " ".join(ran.out.split())
    assert ran.code == 0
    assert "Policy:MacAgainstName now review then join" in text
    assert "Devices that would merge: 2, into 1 old-name and new-name would be one device" in text
    assert "device old-name, Acme Inc.: alpha:1 device new-name, Acme Inc.: beta:1 now" in text
    assert "then beta:1 and alpha:1 are one device: beta:1 and alpha:1 share MAC 3C:52:82:00:00:01." in text
    assert "Devices that would split: 1 pc2 would be 2 devices part pc2, Acme Inc.: alpha:2" in text
    assert "all they share is serial 5CG1234ABC, which is no evidence" in text
    assert ran.err.endswith("samebox: this was a trial; nothing is stored\n")
    assert pairs("devices", "--json").out == before


def test_a_program_reads_the_same_as_json(pairs: Run) -> None:
    """Counts, settings, and rows with the records and values of each device."""
    Path("policy.json").write_text(json.dumps(ONE_EACH))

    trial = json.loads(pairs("policy", "try", "policy.json", "--json").out)

    assert (trial["records"], trial["merged"], trial["merging"], trial["split"]) == (4, 1, 2, 1)
    assert [each["key"] for each in trial["settings"]] == ["Policy:MacAgainstName", "Policy:Deny"]
    assert trial["merges"][0]["records"] == ["alpha:1", "beta:1"]
    assert [each["records"] for each in trial["splits"][0]["parts"]] == [["alpha:2"], ["beta:2"]]


def test_the_first_rows_are_shown_and_all_of_them_with_full(run: Run, tmp_path: Path) -> None:
    """Records, too, are whole then."""
    rows = [
        {"provider": provider, "id": f"{n}-{'x' * 30}", "hostname": f"{provider}-{n}", "serial": f"5CG00{n:05}"}
        for n in range(12)
        for provider in ("alpha", "beta")
    ]
    run("import", ndjson(tmp_path / "many.ndjson", *rows))
    Path("policy.json").write_text('{"Trust": {"beta": {"serial": "never"}}}')

    short, full = run("policy", "try", "policy.json").out, run("policy", "try", "policy.json", "--full").out

    assert "Devices that would split: 12\n" in short
    assert (short.count("would be 2 devices"), full.count("would be 2 devices")) == (10, 12)
    assert "These are the first 10; --full shows all." in short
    assert (rows[0]["id"] in short, rows[0]["id"] in full) == (True, True)
    assert ("alpha:0-xxxxxx.." in short, "alpha:0-xxxxxx.." in full) == (True, False)


def test_mistakes_are_said_all_at_once_with_the_name_of_the_file(pairs: Run) -> None:
    """And nothing is tried."""
    Path("new.json").write_text('{"Policy": {"MaxHolders": 1, "MacAgainstName": "maybe"}}')

    ran = pairs("policy", "try", "new.json")

    assert (ran.code, ran.out) == (1, "")
    assert "Policy:MaxHolders (new.json): is 1; it should be at least 2" in ran.err
    assert "Policy:MacAgainstName (new.json): is 'maybe'" in ran.err


def test_a_variable_that_would_outweigh_the_file_is_named(pairs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial goes by the file alone, and the environment is above every file."""
    monkeypatch.setenv("Policy__MacAgainstName", "join")
    Path("new.json").write_text("{}")

    ran = pairs("policy", "try", "new.json")

    assert "Policy__MacAgainstName in the environment sets Policy:MacAgainstName, which outweighs new.json" in ran.err
    assert "Policy:MacAgainstName\n  now   join\n  then  review\n" in ran.out


def test_a_calibration_that_is_out_of_date_is_mentioned(pairs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy in force was changed since: its own effect is not one of the file."""
    monkeypatch.setenv("Policy__MacAgainstName", "join")
    Path("new.json").write_text('{"MacAgainstName": "join"}')

    ran = pairs("policy", "try", "new.json")

    assert "No setting differs from the policy in force." in ran.out
    assert "not what the records teach now: 2 devices will have other records without any change" in ran.err
    assert "Devices that would merge: 0\n" in ran.out


def test_a_store_is_not_made(run: Run) -> None:
    """In the wrong folder it would be an empty one."""
    Path("new.json").write_text("{}")

    ran = run("policy", "try", "new.json")

    assert ran.code == 1
    assert "there is no store" in ran.err
