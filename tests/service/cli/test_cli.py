"""The command line: what it answers, what it says when something is wrong, and how it ends."""

import gzip
import io
import json
import logging
import re
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from service.cli.logs import set_up_logs
from service.cli.serve import allowed_host
from service.cli.terminal import harmless, progress
from service.core.errors import CannotListen
from service.demo.connectwise.server import create_fake, running
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


def ninjaone(folder: Path) -> str:
    """Write a feed of two devices in the vendor's shape."""
    folder.mkdir()
    devices = [
        {"id": number, "systemName": f"NJ-{number}", "nodeClass": "WINDOWS_WORKSTATION", "offline": False}
        for number in (1, 2)
    ]
    nothing: dict[str, Any] = {"cursor": None, "results": []}
    (folder / "devices-detailed.json").write_text(json.dumps(devices))
    (folder / "computer-systems.json").write_text(json.dumps(nothing))
    (folder / "network-interfaces.json").write_text(json.dumps(nothing))
    return str(folder)


def test_the_version_is_told(run: Run) -> None:
    """A line that a bug report can quote."""
    ran = run("--version")

    assert ran.code == 0
    assert ran.out.startswith("samebox ")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("lookup",),
        ("lookup", "x", "--kind", "colour"),
        ("report", "nothing"),
        ("report", "coverage", "--format", "xlsx"),
        ("sync", "acme_rmm"),
        ("sync", "--full", "--incremental"),
        ("sync", "--accept-shrink"),
        ("sync", "--accept-shrink", "--incremental", "cw_manage"),
        ("check", "acme_rmm"),
        ("serve", "--port", "70000"),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    """A script can tell its own mistake from a failure, and nothing goes to standard output but help."""
    ran = run(*arguments)

    assert ran.code == 2
    assert "Traceback" not in ran.err + ran.out


@on_both
def test_records_come_in_and_are_found(fleet: Run) -> None:
    """Import resolves at once: one notation of one provider's value finds the device of both."""
    ran = fleet("lookup", "3c52.82aa.bb01", "--json")

    [device] = json.loads(ran.out)
    assert ran.code == 0
    assert [(each["provider"], each["id"]) for each in device["records"]] == [
        ("cw_manage", "4711"),
        ("rmm_alpha", "A-17"),
    ]


def test_a_device_is_shown_with_its_sources(fleet: Run) -> None:
    """The table names each value, the record it came from and the records behind the device."""
    ran = fleet("lookup", "5cg 1234 abc")

    assert "5CG1234ABC" in ran.out
    assert "cw_manage:4711" in ran.out
    assert "rmm_alpha:A-17" in ran.out


def test_an_identifier_that_nobody_holds_ends_with_1(fleet: Run) -> None:
    """A script can ask whether a device is known; as JSON the answer is an empty list."""
    plain, as_json = fleet("lookup", "nowhere"), fleet("lookup", "nowhere", "--json")

    assert (plain.code, plain.out) == (1, "")
    assert plain.err == "samebox: no device in samebox.db holds 'nowhere'\n"
    assert (as_json.code, json.loads(as_json.out)) == (1, [])


@on_both
def test_a_pair_is_explained(fleet: Run) -> None:
    """In a sentence and tables for a person, as data for a program."""
    plain = fleet("explain", "cw_manage:4711", "rmm_alpha:A-17")
    as_json = fleet("explain", "cw_manage:4711", "rmm_alpha:A-18", "--json")

    assert "are one device" in plain.out
    assert "5CG1234ABC" in plain.out
    assert json.loads(as_json.out)["same"] is False


@pytest.mark.parametrize(("key", "reason"), [("4711", "write provider:id"), ("cw_manage:9", "no record 'cw_manage:9'")])
def test_a_record_that_cannot_be_explained_is_named(fleet: Run, key: str, reason: str) -> None:
    """One line, and exit code 1."""
    ran = fleet("explain", key, "rmm_alpha:A-17")

    assert ran.code == 1
    assert ran.err.startswith("samebox: ")
    assert reason in ran.err
    assert ran.err.count("\n") == 1


@on_both
def test_a_report_goes_to_standard_output_or_a_file(fleet: Run, tmp_path: Path) -> None:
    """The same bytes, and nothing else on standard output."""
    shown = fleet("report", "duplicates")
    written = fleet("report", "duplicates", "--out", "duplicates.csv")
    as_json = fleet("report", "coverage", "--format", "json")

    assert (shown.code, written.code, written.out) == (0, 0, "")
    assert (tmp_path / "duplicates.csv").read_bytes().decode() == shown.out
    assert shown.out.startswith("device_id,company,")
    assert json.loads(as_json.out)["report"] == "coverage"


def test_a_report_that_cannot_be_written_leaves_nothing_behind(fleet: Run, tmp_path: Path) -> None:
    """Neither a half file nor a temporary one."""
    ran = fleet("report", "duplicates", "--out", "no/such/folder.csv")

    assert ran.code == 1
    assert ran.err == "samebox: no/such/folder.csv cannot be written: No such file or directory\n"
    assert not (tmp_path / "no").exists()


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


@on_both
def test_what_a_provider_writes_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    """Escape sequences, text that turns round, line breaks and markup are shown as what they are."""
    name = "\x1b]0;owned\x07\x1b[31m[bold red]x[/] \u202eabc\r\nsamebox: all is well"
    feed = ndjson(tmp_path / "hostile.ndjson", {"provider": "rmm", "id": "1", "name": name, "serial": "SN1KX77"})
    bad = ndjson(tmp_path / "bad.ndjson", "\x1b[2Jnot a record", {"provider": "rmm", "id": "1\x1b[2J"})
    for ran in (
        run("import", feed),
        run("lookup", "SN1KX77"),
        run("import", bad),
        run("explain", f"rmm:{name}", "a:b"),
    ):
        assert not {"\x1b", "\x07", "\u202e", "\r"} & set(ran.out + ran.err)
        assert "\nsamebox: all is well" not in ran.out + ran.err
    shown = run("lookup", "SN1KX77")

    assert r"\x1b]0;owned\x07\x1b[31m[bold red]x[/] \u202eabc\r\nsamebox: all is well" in shown.out


def test_a_harmless_text_stays_as_it_is() -> None:
    """Letters of any language, and nothing else, pass."""
    assert harmless("Größe 北京 №5") == "Größe 北京 №5"


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_no_colour_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR set, the bars on a terminal have no colour."""
    terminal = Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress() as report:
        report("cw_manage", 50, 100)

    assert "cw_manage" in terminal.getvalue()
    assert "50 of 100 rows" in terminal.getvalue()
    assert "\x1b[3" not in terminal.getvalue()


def test_progress_is_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A log gets a line now and then, on standard error."""
    with progress() as report:
        for read in range(1, 2501):
            report("cw_manage", read, 2500)

    assert capsys.readouterr() == (
        "",
        "samebox: cw_manage: 1,000 of 2,500 rows\n"
        "samebox: cw_manage: 2,000 of 2,500 rows\n"
        "samebox: cw_manage: 2,500 of 2,500 rows\n",
    )


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
def test_a_second_sync_changes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it says so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    first, second = run("sync", "ninjaone"), run("sync", "--json")

    [outcome] = json.loads(second.out)
    assert (first.code, second.code) == (0, 0)
    assert "stored" in first.out
    assert (outcome["new"], outcome["changed"], outcome["same"], outcome["gone"]) == (0, 0, 2, 0)


@on_both
def test_runs_are_listed_the_latest_first(fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what became of its rows, and why it failed; narrowed to a provider, or cut short and told so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    fleet("sync", "ninjaone")
    monkeypatch.setenv("Providers__NinjaOne__Folder", str(tmp_path / "missing"))
    fleet("sync", "ninjaone")

    runs = json.loads(fleet("syncs", "--json").out)
    table, latest, none = fleet("syncs"), fleet("syncs", "--limit", "1"), fleet("syncs", "--provider", "cw_rmm")

    assert [(run["provider"], run["status"], run["new"]) for run in runs] == [
        ("ninjaone", "failed", 0),
        ("ninjaone", "succeeded", 2),
        ("import", "succeeded", 3),
    ]
    assert "missing" in table.out
    assert table.err == "samebox: syncs: 3\n"
    assert ("import" in latest.out, "there are more" in latest.err) == (False, True)
    assert (none.out, none.err) == ("", "samebox: syncs: 0\n")


def test_a_sync_without_providers_says_what_to_set(run: Run) -> None:
    """The settings that turn a provider on are named."""
    ran = run("sync")

    assert ran.code == 1
    assert "Providers:ConnectWiseManage" in ran.err


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


def test_every_wrong_setting_is_a_line(run: Run, tmp_path: Path) -> None:
    """Key, what is wrong and an example; exit code 1 and no trace."""
    (tmp_path / "appsettings.json").write_text('{"Databse": {}, "Server": {"Port": "many"}}')
    ran = run("check")

    assert ran.code == 1
    assert ran.out == ""
    assert {line.split()[1] for line in ran.err.splitlines()} == {"Databse", "Server:Port"}
    assert all(line.startswith("samebox: ") for line in ran.err.splitlines())


def test_the_settings_file_can_be_named(run: Run, tmp_path: Path) -> None:
    """`--settings` stands before the command; a missing file is told."""
    (tmp_path / "other.json").write_text('{"Database": {"Url": "sqlite:///elsewhere.db"}}')
    upgraded, missing = run("--settings", "other.json", "db", "upgrade"), run("--settings", "none.json", "check")

    assert upgraded.code == 0
    assert (tmp_path / "elsewhere.db").exists()
    assert (missing.code, missing.err) == (1, "samebox: none.json: cannot be read: No such file or directory\n")


def test_a_database_of_another_kind_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    """What is wrong and where to look."""
    (tmp_path / "samebox.db").write_bytes(b"this is no database, whatever its name says" * 100)
    ran = run("lookup", "x")

    assert ran.code == 1
    assert ran.err == "samebox: database: samebox.db is no SQLite database; look at Database:Url\n"


def test_a_defect_is_a_line_and_a_trace_only_when_asked_for(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators get a hint, developers the place."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret reason")

    monkeypatch.setattr("service.cli.lookup.lookup", broken)
    plain, debugged = fleet("lookup", "x"), fleet("--debug", "lookup", "x")

    assert (plain.code, debugged.code) == (1, 1)
    assert plain.err == (
        "samebox: a defect in samebox (ZeroDivisionError); the option --debug before the command shows where\n"
    )
    assert "Traceback" in debugged.err


@on_both
def test_a_key_is_shown_once_and_can_be_revoked(run: Run) -> None:
    """The token stands alone on standard output, and nothing shows it again."""
    made = run("keys", "create", "helpdesk")
    [key] = json.loads(run("keys", "list", "--json").out)
    listed = run("keys", "list")
    revoked, again = run("keys", "revoke", key["id"]), run("keys", "revoke", key["id"])
    token = made.out.strip()

    assert token.startswith("sbx_")
    assert made.out == f"{token}\n"
    assert "shown once" in made.err
    assert token not in made.err + listed.out + json.dumps(key)
    assert (key["name"], key["revoked_at"]) == ("helpdesk", None)
    assert "helpdesk" in listed.out
    assert (revoked.code, again.code) == (0, 1)


@pytest.mark.parametrize(
    ("asked", "configured", "keyed", "host"),
    [
        (None, "127.0.0.1", False, "127.0.0.1"),
        (None, "0.0.0.0", False, "127.0.0.1"),
        (None, "0.0.0.0", True, "0.0.0.0"),
        ("127.0.0.2", "0.0.0.0", False, "127.0.0.2"),
        ("localhost", "127.0.0.1", False, "localhost"),
        ("::1", "127.0.0.1", False, "::1"),
        ("0.0.0.0", "127.0.0.1", True, "0.0.0.0"),
    ],
)
def test_without_a_key_only_this_machine_is_served(asked: str | None, configured: str, keyed: bool, host: str) -> None:
    """The option outweighs the setting, and a key is what opens the door."""
    assert allowed_host(asked, configured, keyed=keyed) == host


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "samebox.example"])
def test_another_address_is_refused_without_a_key(host: str) -> None:
    """The sentence says how to make one."""
    with pytest.raises(CannotListen, match="samebox keys create NAME"):
        allowed_host(host, "127.0.0.1", keyed=False)


def test_serve_refuses_strangers_in_one_line(run: Run) -> None:
    """The command ends with 1, whatever the database is."""
    ran = run("serve", "--host", "0.0.0.0")

    assert ran.code == 1
    assert ran.err.startswith("samebox: 0.0.0.0 can be reached from other machines and no API key exists")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_told_with_another_one(run: Run, tmp_path: Path, command: str) -> None:
    """Before any work is done, and with a port to try."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = run(command, "--port", str(port))

    assert ran.code == 1
    assert ran.err.startswith(f"samebox: port {port} on 127.0.0.1 is in use by another program; ")
    assert "--port" in ran.err
    assert not (tmp_path / "samebox-demo").exists()


def test_the_log_of_a_server_is_json_without_what_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """A line a request: who, what, how it ended; the identifiers that were looked up stay out."""
    set_up_logs(logging.INFO)
    logging.getLogger("uvicorn.access").info(
        '%s - "%s %s HTTP/%s" %d', "127.0.0.1:9", "GET", "/v1/lookup?identifier=5CG1234ABC", "1.1", 200
    )
    [line] = capsys.readouterr().err.splitlines()

    entry = json.loads(line)
    assert {key: entry[key] for key in ("event", "method", "path", "status", "level")} == {
        "event": "request",
        "method": "GET",
        "path": "/v1/lookup",
        "status": 200,
        "level": "info",
    }
    assert "5CG1234ABC" not in line


def test_a_backup_is_a_database_like_any_other(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied is found in the copy, and a second copy does not overwrite the first unasked."""
    assert fleet("db", "backup", "copy.db").err.endswith("copy.db is a whole copy of samebox.db\n")
    again = fleet("db", "backup", "copy.db")
    monkeypatch.setenv("Database__Url", "sqlite:///copy.db")

    assert again.code == 1
    assert "copy.db exists; name another file, or add --force" in again.err
    assert "5CG1234ABC" in fleet("lookup", "5cg1234abc").out


def test_the_tables_go_back_a_version_only_when_that_is_confirmed(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the older tables do not hold is lost, so it is asked for; the way back up is told."""
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert fleet("db", "downgrade", "0001").code == 1
    unknown = fleet("db", "downgrade", "0999", "--yes").err
    assert unknown == "samebox: no revision '0999'; there are base, 0001, 0002, 0003, 0004, 0005, 0006, 0007\n"
    assert fleet("lookup", "5cg1234abc").code == 0

    assert fleet("db", "downgrade", "0001", "--yes").code == 0
    assert "run: samebox db upgrade" in fleet("lookup", "5cg1234abc").err
    assert fleet("db", "upgrade").code == 0
    assert fleet("lookup", "5cg1234abc").code == 0


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


@on_both
def test_a_calibration_is_held_shown_and_accepted(run: Run, tmp_path: Path) -> None:
    """An import that teaches much says nothing behind one's back: devices wait for --accept."""
    others = [{"provider": "rmm_alpha", "id": f"{n}", "serial": f"SN-{n:05}"} for n in range(30)]
    copies = [
        {
            "provider": "rmm_alpha",
            "id": f"c{n}",
            "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
            "hostname": f"i{n}",
        }
        for n in range(3)
    ]
    run("import", ndjson(tmp_path / "a.ndjson", *others, copies[0]))
    brought = run("import", ndjson(tmp_path / "b.ndjson", *copies))

    held = run("calibrate")
    assert "calibration 2 is held" in brought.err
    assert (held.code, "is held: it would change 1 of 31 devices" in held.out) == (0, True)
    assert "Values over shared: 1" in held.out
    assert len(json.loads(run("lookup", "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F", "--json").out)) == 1
    assert json.loads(run("calibrate", "--accept", "--json").out)["outcome"] == "in_force"
    assert len(json.loads(run("lookup", "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F", "--json").out)) == 3
    assert run("calibrate", "--drop").err == "samebox: no calibration is held; `samebox calibrate` measures one\n"


@on_both
def test_a_rebuild_finds_nothing(fleet: Run) -> None:
    """Unless something was wrong."""
    assert fleet("rebuild", "--dry-run").out == "nothing differs\n"
    assert json.loads(fleet("rebuild", "--json").out) == {"rows": {}, "changes": [], "written": True}
