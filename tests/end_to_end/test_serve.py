"""`samebox serve` as a platform runs it: its log, its keys, its end."""

import json
import re
import signal
import threading
from pathlib import Path

import httpx
import pytest

from service.cli import main
from tests.end_to_end.commands import PATIENCE, start


def test_a_service_with_a_key_asks_for_it_and_ends_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers get 401, the bearer an answer; the log is JSON without the key; SIGTERM ends it."""
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
        _, log = process.communicate(timeout=PATIENCE)
    finally:
        hanging.cancel()
        process.kill()
        process.communicate()

    assert (alive.status_code, stranger.status_code, bearer.status_code) == (200, 401, 200)
    entries = [json.loads(line) for line in log.splitlines()]
    assert [(each["path"], each["status"]) for each in entries if each["event"] == "request"] == [
        ("/livez", 200),
        ("/v1/devices", 401),
        ("/v1/devices", 200),
    ]
    assert token not in log
    assert process.returncode == -signal.SIGTERM
