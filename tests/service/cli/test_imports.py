"""The commands `import` and `check`."""

import gzip
import io
import json
import re
import socket
from pathlib import Path

import pytest

from service.demo.connectwise.server import create_fake, running
from tests.service.cli.examples import ninjaone
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
    assert "rejected lines: 2" in ran.err


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
    assert [line for line in broken.err.splitlines() if line.startswith("samebox: cw_rmm: ")]
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
    assert [line for line in ran.err.splitlines() if line.startswith("samebox: cw_manage: ")]


def test_check_shows_what_connectwise_manage_says(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version, kind of hosting, time zone and what a sync would pull; a wrong key is told with the setting."""
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
        monkeypatch.setenv("Providers__ConnectWiseManage__ApiPrivateKey", "wrong")
        refused = run("check", "cw_manage")

    assert healthy.code == 0
    for name, value in (("version", "v2025.16.104"), ("cloud", "yes"), ("configurations", "1")):
        assert re.search(rf"{name}\s+{value}\s", healthy.out)
    assert refused.code == 1
    assert re.search(r"^samebox: cw_manage: answered 401 .*ApiPrivateKey", refused.err, re.M)


def test_what_check_shows_of_a_database_holds_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the setting nor the failure repeats it, however it is written."""
    monkeypatch.setenv("Database__Url", "postgresql://samebox:geheim-7@127.0.0.1:1/devices?sslpassword=geheim-8")

    ran = run("check")

    assert ran.code == 1
    assert "PostgreSQL database devices at 127.0.0.1:1 cannot be reached" in ran.err
    assert "geheim" not in ran.out + ran.err
    assert "geheim" not in run("check", "--json").out
    monkeypatch.setenv("Database__Url", "postgresql://samebox:geheim-7@127.0.0.1:none/devices")
    assert "geheim" not in run("check").err
