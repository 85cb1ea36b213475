"""The logs of a server, and the warnings that a command shows."""

import json
import logging
import sys

import pytest

from service.cli.logs import set_up_logs, tell_warnings
from tests.service.cli.examples import Terminal

pytestmark = pytest.mark.usefixtures("logging_as_before")


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
