"""The logs of a server, and the warnings that a command shows."""

import json
import logging
import sys
import threading
import warnings

import pytest

from service.cli.logs import set_up_logs, tell_warnings
from tests.service.cli.examples import Terminal

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_the_log_of_a_server_is_json_with_known_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """A line an event, of ours and of the libraries; what a library adds for its own terminal stays out."""
    set_up_logs(logging.INFO)
    logging.getLogger("uvicorn.error").info("started", extra={"status": 200, "color_message": "\x1b[36mstarted"})
    [line] = capsys.readouterr().err.splitlines()

    entry = json.loads(line)
    assert entry.pop("at").endswith("Z")
    assert entry == {"event": "started", "level": "info", "status": 200}


def test_a_warning_of_python_is_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on standard error is anything but JSON."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        set_up_logs(logging.INFO)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    [line] = capsys.readouterr().err.splitlines()

    assert "DeprecationWarning: old" in json.loads(line)["event"]


def test_a_failure_is_one_line_of_json_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    """A collector of logs gets it whole; what is below the level does not come at all."""
    set_up_logs(logging.WARNING)
    logging.getLogger("samebox").info("listening")
    try:
        int("many")
    except ValueError:
        logging.getLogger("samebox").exception("sync failed")

    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["level"]) == ("sync failed", "error")
    assert "ValueError: invalid literal" in entry["exception"]


def test_a_thread_that_fails_is_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """With its trace as a field."""
    set_up_logs(logging.INFO)
    thread = threading.Thread(target=int, args=("many",))
    thread.start()
    thread.join()
    [line] = capsys.readouterr().err.splitlines()

    assert "ValueError: invalid literal" in json.loads(line)["exception"]


def test_a_terminal_gets_the_log_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person at the machine reads no JSON."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    set_up_logs(logging.INFO)
    logging.getLogger("samebox").info("listening on %s", "port 8000")

    assert "listening on port 8000" in terminal.getvalue()
    assert "{" not in terminal.getvalue()


def test_a_warning_of_a_library_is_a_line_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever runs a command reads it on standard error, with control characters shown; smaller things stay out."""
    tell_warnings()
    logging.getLogger("library").warning("slow\x1b[2J")
    logging.getLogger("library").info("all is well")

    assert capsys.readouterr() == ("", "samebox: slow\\x1b[2J\n")
