"""`samebox serve` as a platform runs it: its log, its keys, its end."""

import json
import re
import signal
import sqlite3
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from service.cli import main
from service.demo.connectwise.faults import Late
from tests.end_to_end.commands import PATIENCE, rest_of, start
from tests.service.psa import environment, running_psa
from tests.service.sandbox import Sandbox
from tests.service.stores import close_all


def test_a_service_with_a_key_asks_for_it_and_ends_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers get 401, the bearer an answer; the log is JSON, without the key, with a warning; SIGTERM ends it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["keys", "create", "helpdesk"])
    token = capsys.readouterr().out.strip()
    process = start(tmp_path, "serve", "--port", "0", settings={"Server__Host": "0.0.0.0"})
    hanging = threading.Timer(PATIENCE, process.kill)
    hanging.start()
    try:
        assert process.stderr
        first = json.loads(process.stderr.readline())
        [port] = re.findall(r"listening on http://0\.0\.0\.0:(\d+); a key is asked for", first["event"])
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            alive = client.get("/livez")
            stranger = client.get("/v1/devices")
            bearer = client.get("/v1/devices?q=acme", headers={"Authorization": f"Bearer {token}"})
        process.send_signal(signal.SIGTERM)
        log = rest_of(process)
    finally:
        hanging.cancel()
        process.kill()
        process.communicate()

    assert (alive.status_code, stranger.status_code, bearer.status_code) == (200, 401, 200)
    entries = [json.loads(line) for line in log.splitlines()]
    assert "Policy:TrustedAcrossCustomers" in entries[0]["event"]
    assert [(each["path"], each["status"]) for each in entries if each["event"] == "request"] == [
        ("/livez", 200),
        ("/v1/devices", 401),
        ("/v1/devices", 200),
    ]
    assert token not in log
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_told_to_end_interrupts_its_syncs(tmp_path: Path, how: signal.Signals) -> None:
    """The run is noted as interrupted, with where to go on, and its provider is free again."""
    asked = threading.Event()
    with running_psa() as psa:
        psa.fill(25)
        settings = environment(psa, Sandbox(tmp_path))
        close_all()
        psa.plan(Late(PATIENCE, asked.set), skip=1)
        process = start(tmp_path, "serve", "--port", "0", settings=settings)
        hanging = threading.Timer(PATIENCE, process.kill)
        hanging.start()
        try:
            assert process.stderr
            [address] = re.findall(r"http://[0-9.]+:\d+", process.stderr.readline())
            answer = httpx.post(f"{address}/v1/syncs", json={})
            assert asked.wait(PATIENCE)
            process.send_signal(how)
            log = rest_of(process)
        finally:
            hanging.cancel()
            process.kill()
            process.communicate()

    assert answer.status_code == 202, log
    assert "Traceback" not in log
    with closing(sqlite3.connect(tmp_path / "samebox.db")) as database:
        [(status, cursor)] = database.execute("SELECT status, cursor FROM syncs")
        assert (status, cursor.partition(" ")[0]) == ("interrupted", "10")
        assert database.execute("SELECT * FROM leases").fetchall() == []


def test_who_waits_for_changes_is_answered_when_the_service_ends(tmp_path: Path) -> None:
    """With nothing and the place from which to go on, and not after the half minute that it would have waited."""
    Sandbox(tmp_path)
    close_all()
    process = start(tmp_path, "serve", "--port", "0")
    hanging = threading.Timer(PATIENCE, process.kill)
    hanging.start()
    try:
        assert process.stderr
        [port] = re.findall(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
        with closing(HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)) as waits:
            waits.request("GET", "/v1/changes?cursor=now")
            now = json.loads(waits.getresponse().read())
            waits.request("GET", "/v1/changes?cursor=now&wait=30")
            httpx.get(f"http://127.0.0.1:{port}/livez")  # what was sent before it has been read by then
            process.send_signal(signal.SIGTERM)
            answer = waits.getresponse()
            told = json.loads(answer.read())
        log = rest_of(process)
    finally:
        hanging.cancel()
        process.kill()
        process.communicate()

    assert (answer.status, told) == (200, now), log
