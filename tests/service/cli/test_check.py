"""The command `check`."""

import json
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from service.demo.connectwise.faults import not_permitted
from service.demo.connectwise.server import create_fake, running
from tests.service.cli.examples import ninjaone
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


def next_step(run: Run, *arguments: str) -> str:
    """Return the one thing to look at next, which the first line and the JSON say alike."""
    shown, as_json = run("check", *arguments), run("check", *arguments, "--json")
    step: str = json.loads(as_json.out)["next"]
    assert "".join(shown.out.partition("\n\n")[0].split()) == "".join(f"Next: {step}".split())
    return step


def test_check_shows_everything_and_fails_when_something_is_wrong(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings without secrets, each provider, the store; one broken provider does not hide the rest."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    healthy = run("check")
    monkeypatch.setenv("Providers__ConnectWiseRmm__Folder", str(tmp_path / "missing"))
    broken, as_json = run("check"), run("check", "--json")

    assert healthy.code == 0
    assert (broken.code, as_json.code) == (1, 1)
    assert "not configured" in broken.out  # ConnectWise Manage
    assert "samebox.db" in broken.out
    assert broken.out.startswith("Next: cw_rmm:")
    assert [line for line in as_json.err.splitlines() if line.startswith("samebox: cw_rmm: ")]
    assert broken.err == ""
    parts = {part["part"]: part for part in json.loads(as_json.out)["parts"]}
    assert [name for name, part in parts.items() if part["error"]] == ["cw_rmm"]


def test_check_hides_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads a key off a screen; the provider that cannot be reached is told all the same."""
    keys = {
        "CompanyId": "acme",
        "ApiPublicKey": "pub-s3cret",
        "ApiPrivateKey": "priv-s3cret",
        "ApiClientId": "id-s3cret",
    }
    with socket.socket() as closed:  # bound and not listening: nobody answers there
        closed.bind(("127.0.0.1", 0))
        more = {"BaseUrl": f"http://127.0.0.1:{closed.getsockname()[1]}/api", "MaxAttempts": "1"}
        for key, value in {**keys, **more}.items():
            monkeypatch.setenv(f"Providers__ConnectWiseManage__{key}", value)
        ran = run("check")

    assert ran.code == 1
    assert "set (hidden)" in ran.out
    assert "s3cret" not in ran.out + ran.err
    assert ran.out.startswith("Next: cw_manage: ")


def test_check_shows_what_connectwise_manage_says(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version, kind of hosting, time zone and what a sync would pull; a wrong key and a missing permission are told."""
    keys = {"CompanyId": "acme", "ApiPublicKey": "pub", "ApiPrivateKey": "priv", "ApiClientId": "c1d"}
    fake = create_fake(
        [{"id": 1, "name": "A", "activeFlag": True}, {"id": 2, "name": "B", "activeFlag": False}],
        company_id="acme",
        public_key="pub",
        private_key="priv",
        client_id="c1d",
    )
    with running(fake) as url:
        for key, value in {**keys, "BaseUrl": url}.items():
            monkeypatch.setenv(f"Providers__ConnectWiseManage__{key}", value)
        healthy = run("check", "cw_manage")
        monkeypatch.setenv("Providers__ConnectWiseManage__Agreements", "true")
        fake.state.faults.plan(not_permitted(), path="/finance/agreements")
        forbidden = run("check", "cw_manage")
        monkeypatch.delenv("Providers__ConnectWiseManage__Agreements")
        monkeypatch.setenv("Providers__ConnectWiseManage__ApiPrivateKey", "wrong")
        refused = run("check", "cw_manage")

    assert healthy.code == 0
    for name, value in (("version", "v2025.16.104"), ("cloud", "yes"), ("configurations", "1")):
        assert re.search(rf"{name}\s+{value}\s", healthy.out)
    assert forbidden.code == 0
    assert re.search(r"agreements\s+cannot be read\s", forbidden.out)
    assert re.match(r"Next: cw_manage: answered 403 .*Inquire: All on Finance > Agr", " ".join(forbidden.out.split()))
    assert refused.code == 1
    assert re.match(r"Next: cw_manage: answered 401 .*ApiPrivateKey", " ".join(refused.out.split()))


def test_what_check_shows_of_a_database_holds_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the setting nor the failure repeats it, however it is written."""
    monkeypatch.setenv("Database__Url", "postgresql://samebox:geheim-7@127.0.0.1:1/devices?sslpassword=geheim-8")

    ran = run("check")

    assert ran.code == 1
    assert "PostgreSQL database devices at 127.0.0.1:1 cannot be reached" in " ".join(ran.out.split())
    assert "geheim" not in ran.out + ran.err
    assert "geheim" not in run("check", "--json").out
    monkeypatch.setenv("Database__Url", "postgresql://samebox:geheim-7@127.0.0.1:none/devices")
    assert "geheim" not in run("check").err


def test_a_check_without_anything_names_the_settings_to_begin_with(run: Run) -> None:
    """Nothing is wrong, and there is one thing to do."""
    assert next_step(run).startswith("no provider is configured; set one of Providers:ConnectWiseManage, ")
    assert run("check").code == 0


def test_a_database_that_others_can_read_is_told_with_the_command_that_mends_it(fleet: Run, tmp_path: Path) -> None:
    """Databases that earlier versions made were as the umask had it."""
    quiet = next_step(fleet)
    (tmp_path / "samebox.db").chmod(0o644)
    told = next_step(fleet)

    assert quiet == "all is well; run `samebox sync` from a timer"
    assert told.startswith("other users of this machine can read samebox.db; run: chmod 600 samebox.db")
    subprocess.run(told.partition("run: ")[2], shell=True, check=True, cwd=tmp_path)
    assert next_step(fleet) == quiet


@on_both
def test_the_next_step_leads_from_the_first_sync_to_the_timer(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not read yet, then what could not be read, then what a person is asked, then nothing."""
    folder = tmp_path / "ninjaone"
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(folder))
    before = next_step(run)
    run("sync")
    after = next_step(run)
    run("import", ndjson(tmp_path / "mixed.ndjson", RECORDS[0], "{broken"))
    quarantined = next_step(run)
    folder.rename(tmp_path / "away")
    broken = next_step(run)

    assert before == "`samebox sync ninjaone` reads it for the first time"
    assert after == "all is well; run `samebox sync` from a timer"
    assert quarantined.startswith("`samebox quarantine` lists the rows that could not be read (1)")
    assert broken.startswith("ninjaone: ")


def test_reviews_are_what_is_left_for_a_person(run: Run, tmp_path: Path) -> None:
    """They come after everything that is broken."""
    left = {**RECORDS[1], "provider": "alpha", "bios_guid": "9B2F7A10-6C3D-4E51-A8B7-2D94C1E07F36"}
    right = {**RECORDS[1], "provider": "beta", "bios_guid": "0C1D2E3F-4A5B-4C6D-9E8F-7A6B5C4D3E2F"}
    run("import", ndjson(tmp_path / "two.ndjson", left, right))

    assert re.fullmatch(
        r"`samebox reviews` lists the open questions \(\d+\), the most worthwhile first", next_step(run)
    )


def test_a_last_sync_that_failed_is_told_with_its_reason(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider answers by now, so only the log of runs knows it."""
    folder = tmp_path / "ninjaone"
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(folder))
    folder.rename(tmp_path / "away")
    run("sync")
    (tmp_path / "away").rename(folder)

    assert next_step(run).startswith(
        "the last sync of ninjaone failed; `samebox sync ninjaone` tries again: ninjaone: "
    )


def test_the_check_counts_in_the_rows_that_a_sync_would_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By kind, with shares that are never rounded to all or nothing; rows that are not selected are in no count."""
    rows: list[dict[str, Any]] = [{"id": n, "name": f"PC-{n:04}", "activeFlag": n <= 300} for n in range(1, 303)]
    rows[0]["serialNumber"] = "5CG1234ABC"
    rows[1]["company"] = {"id": 12, "name": "Acme"}
    rows[301]["serialNumber"] = "5CG1234ABD"
    fake = create_fake(rows, company_id="acme", public_key="pub", private_key="priv", client_id="c1d")
    keys = {"CompanyId": "acme", "ApiPublicKey": "pub", "ApiPrivateKey": "priv", "ApiClientId": "c1d"}
    with running(fake) as url:
        for key, value in {**keys, "BaseUrl": url, "PageSize": "250"}.items():
            monkeypatch.setenv(f"Providers__ConnectWiseManage__{key}", value)
        ran, as_json = run("check", "cw_manage"), run("check", "cw_manage", "--json")

    [count] = json.loads(as_json.out)["evidence"]
    assert count == {
        **{"source": "read now", "provider": "cw_manage", "records": 300, "bios_guid": 0, "serial": 1, "link": 0},
        **{"mac": 0, "hostname": 300, "company": 1},
    }
    assert re.search(r"^ *cw_manage +300 +none +1% \(1\) +none +none +100% \(300\) +1% \(1\) *$", ran.out, re.M)
    assert {each.query.get("pageSize") for each in fake.state.log.seen if each.path == "/company/configurations"} == {
        "250"
    }


@on_both
def test_a_provider_that_cannot_be_asked_is_counted_in_the_store(fleet: Run, tmp_path: Path) -> None:
    """One that is pushed or imported; many records without a company are told there, too."""
    rows = [{"provider": "psa", "id": str(n), "hostname": f"acme-lt-{n:03}"} for n in range(30)]
    fleet("import", ndjson(tmp_path / "psa.ndjson", *rows))
    ran = fleet("check", "--json")

    found = json.loads(ran.out)
    assert [(each["source"], each["provider"], each["records"]) for each in found["evidence"]] == [
        ("stored", "cw_manage", 1),
        ("stored", "psa", 30),
        ("stored", "rmm_alpha", 2),
    ]
    assert found["next"].startswith("psa: none of 30 records names a company")
    assert [part["warnings"] for part in found["parts"] if part["part"] == "store"] == [[found["next"]]]
    assert json.loads(fleet("check", "ninjaone", "--json").out)["evidence"] == []


def test_check_lists_stored_names_that_new_records_may_not_have(fleet: Run, tmp_path: Path) -> None:
    """They stay and can be deleted; nobody is warned where there are none."""
    before = " ".join(fleet("check").out.split())
    Sandbox(tmp_path).take_in(record("old name/x:1", serial="SN-10001"))

    assert "new records may not have" not in before
    assert "new records may not have: 'old name/x';" in " ".join(fleet("check").out.split())


def test_check_begins_with_what_is_wrong_and_shows_only_settings_that_somebody_set(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next step, then what is wrong besides, each once; then settings by where they come from; then the parts."""
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setenv("Providers__NinjaOne__Folder", str(tmp_path / "gone"))
    monkeypatch.setenv("Providers__ConnectWiseRmm__Folder", str(tmp_path / "missing"))
    (tmp_path / "appsettings.json").write_text(json.dumps({"Sync": {"MaxShrink": 0.5}}))
    few, every = run("check").out, run("check", "--all").out

    titles = re.findall(r"^(?:Next|What is wrong, too|Settings from [^\n]+|Settings that nobody set|store)", few, re.M)
    assert titles == [
        *("Next", "What is wrong, too", "Settings from the environment", "Settings from appsettings.json"),
        *("Settings that nobody set", "store"),
    ]
    assert few.startswith("Next: cw_rmm: ")
    assert few.count("cw_rmm: ") == 1
    assert re.search(r"^  ninjaone: ", few, re.M)
    assert re.search(r"^  Sync:MaxShrink +0.5$", few, re.M)
    assert "Sync:MaxLookups" not in few
    assert re.search(r"^  Sync:MaxLookups +200$", every, re.M)
