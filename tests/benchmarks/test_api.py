"""The API's benchmark as a command, on a fleet small enough for a test."""

import io
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from rich.console import Console

from benchmarks import api, load
from benchmarks.api import Answers, Figures, show


def test_a_service_with_a_key_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure is there for a program, each from something that was really answered."""
    assert api.main("--records 300 --rounds 1 --seconds 0.2 --json".split()) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["rounds"].keys() == told["alone"].keys() == {"bare", "lookup", "device"}
    for each in (*(rounds[0] for rounds in told["rounds"].values()), *told["alone"].values()):
        assert 0 < each["p50"] <= each["p99"]
        assert each["per_second"] > 0
    assert told["bulk"] > 0
    assert told["beside"] > 0
    assert 0 < told["livez"]["p50"] <= told["livez"]["p99"] <= told["livez"]["worst"]
    assert told["of_bare"].keys() == told["of_bare_by_work"].keys() == {"lookup", "device"}


def test_a_figure_that_misses_its_bar_is_marked() -> None:
    """At the bar is not missed; shares are those of each round, and the median of them counts."""
    console, at_the_bar = (Console(record=True, width=240, file=io.StringIO()) for _ in range(2))
    bare, quick = Answers(1000, 0.001, 0.002, 0.002, 0.001), Answers(350, 0.001, 0.010, 0.1, 0.002)
    slow = Answers(340, 0.001, 0.0101, 0.1001, 0.004)
    rounds = {"bare": [bare] * 3, "lookup": [slow, slow, quick], "device": [quick, slow, quick]}
    show(Figures(rounds, {"bare": bare, "lookup": slow, "device": quick}, 0.5, 0.1001, slow), console)
    show(Figures(rounds, {"bare": bare, "lookup": slow, "device": quick}, 0.5, 0.1001, quick), at_the_bar)

    told = console.export_text()
    assert told.count("missed") == 4
    assert at_the_bar.export_text().count("missed") == 3
    assert "worst 100.10 missed" in told
    assert "0.34 missed" in told
    assert "10.10 missed" in told
    assert "100.10 missed" in told
    assert "0.35 " in told
    assert "0.25" in told


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with the path and the key, in two pieces."""
        body = f"{self.path} {self.headers['Authorization']}".encode()
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:3])
        self.wfile.write(body[3:])

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def test_the_client_asks_for_each_path_in_turn_and_counts_what_came(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer in pieces is one answer; one that is refused is told by its status."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(["/some", "/none"])))
        assert load.main([f"http://127.0.0.1:{server.server_port}", "--connections", "2", "--seconds", "0.3"]) == 0
        server.shutdown()

    told = json.loads(capsys.readouterr().out)
    assert told["statuses"].keys() == {"200", "404"}
    assert abs(told["statuses"]["200"] - told["statuses"]["404"]) <= 2
    assert 0 < told["p50"] <= told["p99"] <= told["worst"]
