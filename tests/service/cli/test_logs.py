"""The logs of a server, and the warnings that a command shows."""

import json
import logging

import pytest

from service.cli.logs import set_up_logs

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
