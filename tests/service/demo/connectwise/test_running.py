"""The server in a thread, and the command to try it by hand."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread, active_count

import httpx
import pytest

from service.demo.connectwise.__main__ import main
from service.demo.connectwise.faults import Late
from service.demo.connectwise.server import create_fake, running
from tests.service.demo.connectwise.sample import CONFIGURATIONS, CREDENTIALS, HEADERS


def test_the_server_answers_inside_and_is_gone_outside() -> None:
    """At once, on loopback, on a port of its own, leaving no thread behind."""
    before = active_count()
    app = create_fake(CONFIGURATIONS, **CREDENTIALS)
    with running(app) as url, running(app) as other:
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/v4_6_release/apis/3.0")
        assert url != other
        assert httpx.get(f"{url}/system/info", headers=HEADERS).status_code == 200

    assert active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/system/info", headers=HEADERS)


def test_the_server_stops_although_a_caller_still_waits() -> None:
    """A caller of a slow answer is cut off; one who is connected and says nothing holds nothing up."""
    app = create_fake(CONFIGURATIONS, **CREDENTIALS)
    answers: list[object] = []

    def call(url: str) -> None:
        try:
            answers.append(httpx.get(f"{url}/system/info", headers=HEADERS, timeout=30).status_code)
        except httpx.TransportError as error:
            answers.append(error)

    with httpx.Client(headers=HEADERS) as idle:
        with running(app) as url:
            idle.get(f"{url}/system/info")
            app.state.faults.plan(Late(3600))
            caller = Thread(target=call, args=(url,))
            caller.start()
            while len(app.state.log.seen) < 2:  # the request is under way; it cannot be answered before this ends
                caller.join(0.01)
        caller.join(30)

    assert not caller.is_alive()
    assert answers != [200]


def test_an_error_inside_stops_the_server_too() -> None:
    """What goes wrong in a test reaches the test."""
    before = active_count()
    with pytest.raises(KeyError), running(create_fake([], **CREDENTIALS)):
        raise KeyError("inside")

    assert active_count() == before


@pytest.mark.parametrize("key", [None, 0, -1, "7", 1.5])
def test_a_configuration_needs_a_number(key: object) -> None:
    """Without one it has no place in the order, and the mistake is in the fixture."""
    with pytest.raises(ValueError, match="needs a positive integer as id"):
        create_fake([{"id": key, "name": "x"}], **CREDENTIALS)


def test_the_command_serves_a_file(tmp_path: Path) -> None:
    """It prints a command that works as it stands, and ends when interrupted."""
    file = tmp_path / "configurations.json"
    file.write_text(json.dumps(CONFIGURATIONS))
    command = [sys.executable, "-m", "service.demo.connectwise", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first, curl = process.stdout.readline(), process.stdout.readline()
        user, client_id, url = curl.split("'")[1::2]
        name, _, key = user.partition(":")
        answer = httpx.get(url, auth=(name, key), headers={"clientId": client_id.removeprefix("clientId: ")})
        process.send_signal(signal.SIGINT)

    assert first.startswith("7 configurations at http://127.0.0.1:")
    assert answer.json() == [{"id": 1, "name": "SRV-01"}, {"id": 2, "name": "srv-02"}]
    assert process.returncode == 0


def test_the_command_can_serve_as_a_server_in_trouble(tmp_path: Path) -> None:
    """Every request meets the fault that is named."""
    file = tmp_path / "configurations.json"
    file.write_text(json.dumps(CONFIGURATIONS))
    command = [sys.executable, "-m", "service.demo.connectwise", str(file), "--fault", "page-size-limit=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        _, curl = process.stdout.readline(), process.stdout.readline()
        *_, url = curl.split("'")[1::2]
        refused = [httpx.get(url) for _ in range(2)]
        process.send_signal(signal.SIGINT)

    assert [answer.json()["errors"][0]["field"] for answer in refused] == ["pageSize"] * 2


def test_the_command_refuses_a_fault_that_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that lists those that there are."""
    file = tmp_path / "configurations.json"
    file.write_text("[]")

    assert main([str(file), "--fault", "nonsense"]) == 2
    assert "short-pages" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", "{}", "[1]", '[{"name": "no id"}]', "\x00"])
def test_the_command_refuses_a_file_that_it_cannot_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    """One line with the file and what is wrong with it."""
    file = tmp_path / "configurations.json"
    file.write_text(content)

    assert main([str(file)]) == 2
    assert capsys.readouterr().err.startswith(f"{file}, port 0: ")
    assert main([str(tmp_path / "absent.json")]) == 2


def test_the_command_says_that_a_port_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], served: tuple[object, str]
) -> None:
    """The port stands in the message."""
    file = tmp_path / "configurations.json"
    file.write_text("[]")
    port = httpx.URL(served[1]).port

    assert main([str(file), "--port", str(port)]) == 2
    assert f"port {port}: " in capsys.readouterr().err
