"""The commands `sync` and `quarantine`."""

import json
from pathlib import Path

import pytest

from service.demo.connectwise.faults import not_permitted
from tests.service.cli.examples import ninjaone
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.ingest.virtual import SECRETS
from tests.service.psa import running_psa
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_a_provider_that_fails_does_not_stop_the_others(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One clear line, exit code 1, and the other provider's records are in."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    monkeypatch.setenv("Providers__ConnectWiseRmm__Folder", str(tmp_path / "missing"))
    ran = run("sync", "--json")

    outcomes = {each["provider"]: each for each in json.loads(ran.out)}
    assert ran.code == 1
    assert outcomes["ninjaone"]["new"] == 2
    assert outcomes["cw_rmm"]["error"]
    assert [line for line in ran.err.splitlines() if "cw_rmm" in line and "missing" in line]


@on_both
def test_agreements_that_cannot_be_read_are_told_and_cost_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1, one line that names the permission, and counts that say that nothing is known of what is billed."""
    with running_psa() as psa:
        psa.fill(3)
        psa.agree(1)
        psa.bill(1, 11, "Server", quantity=5.0)
        keys = {"CompanyId": "acme", "BaseUrl": psa.base_url, "Agreements": "true"}
        keys |= {f"Api{name.removeprefix('api_').title().replace('_', '')}": key for name, key in SECRETS.items()}
        for name, value in keys.items():
            monkeypatch.setenv(f"Providers__ConnectWiseManage__{name}", value)
        psa.plan(not_permitted(), path="/finance/agreements")
        refused, unknown = run("sync", "--json"), json.loads(run("report", "counts", "--format", "json").out)
        read, known = run("sync"), run("report", "counts", "--format", "json")

    [outcome] = json.loads(refused.out)
    assert (refused.code, outcome["status"], outcome["new"], outcome["error"]) == (1, "succeeded", 3, None)
    [line] = [line for line in refused.err.splitlines() if "agreements" in line.casefold()]
    assert "Inquire: All on Finance > Agreements" in line
    assert "hush" not in refused.out + refused.err
    assert unknown["totals"]["billed"] is None
    assert any("what is billed is not known" in warning for warning in unknown["warnings"])
    assert (read.code, json.loads(known.out)["totals"]["billed"]) == (0, 5.0)
    assert "cw_manage: active agreements read: 1" in read.err
    assert "billed quantities are of the active agreements of cw_manage (1)" in known.err


@on_both
def test_a_second_sync_changes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it says so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    first, second = run("sync", "ninjaone"), run("sync", "--json")

    [outcome] = json.loads(second.out)
    assert (first.code, second.code) == (0, 0)
    assert "stored" in first.out
    assert (outcome["new"], outcome["changed"], outcome["same"], outcome["gone"]) == (0, 0, 2, 0)


def test_a_sync_without_providers_says_what_to_set(run: Run) -> None:
    """The settings that turn a provider on are named."""
    ran = run("sync")

    assert ran.code == 1
    assert "Providers:ConnectWiseManage" in ran.err


@on_both
def test_a_sync_that_would_lose_many_records_is_held(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is removed, the line says how to remove them, and the exit code is 1 until a person does so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone", 8))
    assert run("sync", "ninjaone").code == 0
    ninjaone(tmp_path / "ninjaone", 2)

    held = run("sync", "ninjaone")
    still_there = run("lookup", "NJ-8").code
    accepted = run("sync", "--accept-shrink", "ninjaone", "--json")

    assert (held.code, still_there) == (1, 0)
    assert "held: all is stored, nothing removed" in held.out
    assert "samebox sync --accept-shrink ninjaone" in held.err
    assert (accepted.code, json.loads(accepted.out)[0]["gone"]) == (0, 6)
    assert run("lookup", "NJ-8").code == 1


@on_both
def test_the_quarantine_lists_each_row_with_its_reason(run: Run, tmp_path: Path) -> None:
    """As data and as a table, of one provider or of all."""
    run("db", "upgrade")
    assert run("quarantine") == (0, "", "samebox: nothing is in quarantine\n")
    feed = ndjson(tmp_path / "mixed.ndjson", RECORDS[0], '{"provider":"x"}')
    run("import", feed)

    [row] = json.loads(run("quarantine", "--json").out)
    table = run("quarantine", "import").out

    assert (row["provider"], row["payload"]) == ("import", {"excerpt": '{"provider":"x"}'})
    assert row["reason"]
    assert row["reason"] in table
    assert run("quarantine", "ninjaone").err == "samebox: nothing is in quarantine of ninjaone\n"
    misspelt = run("quarantine", "ninja-one")
    assert (misspelt.code, misspelt.err.startswith("samebox: no provider 'ninja-one'; ")) == (2, True)
    misspelt = run("sync", "ninja-one")
    assert (misspelt.code, "did you mean 'ninjaone'?" in " ".join(misspelt.err.split())) == (2, True)
