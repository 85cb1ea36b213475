"""
The page about adding a provider, followed to the letter.

The program is copied, each block of the page goes where the page says, and the copy runs as processes of its own:
its tests, and a sync from a server on loopback into an SQLite database.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding-a-provider.md"
COPIED = ("matching", "service", "tests", "fixtures", "docs", "requirements", "pyproject.toml", "README.md")
BLOCK = re.compile(r"^```\w+ (file=[^\n]+)\n(.*?)^```$", re.M | re.S)
PATIENCE = 120
"""Seconds after which a process is taken for hanging: far beyond what any of them needs."""


def put(root: Path, block: str, *, file: str, before: str = "", after: str = "") -> None:
    """Put a block of the page into a file: as its whole text, or before or after the one line that holds a text."""
    path = root / file
    if not (before or after):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block)
        return
    lines = path.read_text().splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if (before or after) in line]
    assert len(places) == 1, f"{file} has to have one line with {before or after!r}, and has {len(places)}"
    gap = "\n\n" if block.startswith("class ") else ""
    lines.insert(places[0] + bool(after), block + gap)
    path.write_text("".join(lines))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with everything in it that the page says."""
    root = tmp_path_factory.mktemp("program")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    for options, block in BLOCK.findall(PAGE.read_text()):
        put(root, block, **dict(option.split("=", 1) for option in shlex.split(options)))
    ran = run(root, root, "-m", "service.cli.reference", "docs/reference")  # what `make reference` does
    assert ran.returncode == 0, ran.stderr
    return root


def run(program: Path, folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with the copy of the program before the installed one."""
    inherited = {name: value for name, value in os.environ.items() if "__" not in name and name != "SAMEBOX_SETTINGS"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1", **settings},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def samebox(program: Path, folder: Path, *arguments: str, **settings: str) -> Any:
    """Run a command that succeeds, and return what it answers as JSON."""
    start = "from service.cli import start; start()"
    ran = run(program, folder, "-c", start, *arguments, "--json", **settings)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


class Acme(BaseHTTPRequestHandler):
    """The vendor: it wants the key, gives the captured pages, and is busy the first time it is asked for each."""

    pages: list[dict[str, Any]]
    asked: list[str]

    def do_GET(self) -> None:
        """Answer one request."""
        self.asked.append(self.path)
        url = urlsplit(self.path)
        if self.headers["Authorization"] != "Bearer acme_hush" or url.path != "/v2/devices":
            self.answer(401, {})
        elif self.asked.count(self.path) == 1:
            self.answer(429, {}, {"Retry-After": "0"})
        else:
            self.answer(200, self.pages[1 if parse_qs(url.query).get("cursor") else 0])

    def answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        """Send JSON."""
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@contextmanager
def serving(program: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve the page's fixture feed on loopback; the value is the base URL, and the list of what is asked for."""
    pages = json.loads((program / "fixtures/feeds/acme_rmm/devices.json").read_bytes())
    handler = type("Handler", (Acme,), {"pages": pages, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v2", handler.asked  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def test_the_feed_is_synced_into_devices(program: Path, tmp_path: Path) -> None:
    """Over real HTTP into a real database: three rows in two pages are two boxes, one of them enrolled twice."""
    with serving(program) as (base_url, asked):
        settings = {"Providers__AcmeRmm__BaseUrl": base_url, "Providers__AcmeRmm__ApiKey": "acme_hush"}
        [outcome] = samebox(program, tmp_path, "sync", "acme_rmm", **settings)
    [found] = samebox(program, tmp_path, "lookup", "5CG0421QXT")
    [other] = samebox(program, tmp_path, "lookup", "BSD-XRAY")

    assert (outcome["status"], outcome["read"], outcome["new"], outcome["quarantined"]) == ("succeeded", 3, 3, 0)
    assert {(each["provider"], each["id"]) for each in found["records"]} == {("acme_rmm", "501"), ("acme_rmm", "733")}
    assert [each["id"] for each in other["records"]] == ["502"]
    assert asked == [*["/v2/devices?limit=100"] * 2, *["/v2/devices?limit=100&cursor=502"] * 2]


def test_a_wrong_key_is_named_to_the_operator(program: Path, tmp_path: Path) -> None:
    """In the adapter's own words, and without the key."""
    with serving(program) as (base_url, _):
        settings = {"Providers__AcmeRmm__BaseUrl": base_url, "Providers__AcmeRmm__ApiKey": "wrong_hush"}
        ran = run(program, tmp_path, "-c", "from service.cli import start; start()", "sync", **settings)

    assert ran.returncode == 1
    assert "acme_rmm: answered 401; it does not know this key: look at Providers:AcmeRmm:ApiKey" in ran.stderr
    assert "hush" not in ran.stdout + ran.stderr


def test_the_tests_of_the_page_and_of_what_it_changes_pass(program: Path) -> None:
    """The adapter's own tests, those of the registry, and the conventions for modules, floors and settings."""
    files = ("tests/service/ingest/test_acme_rmm.py", "tests/service/ingest/test_registry.py")
    ran = run(program, program, "-m", "pytest", "-p", "no:cacheprovider", *files)
    assert ran.returncode == 0, ran.stdout
    kept = "setting or small or floor or says"
    ran = run(program, program, "-m", "pytest", "-p", "no:cacheprovider", "tests/test_conventions.py", "-k", kept)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")], ids=" ".join)
def test_the_page_is_written_in_the_style_of_the_house(program: Path, arguments: tuple[str, ...]) -> None:
    """What a reader copies from it passes the linter and the formatter as it stands."""
    ran = run(program, program, "-m", "ruff", *arguments, "--no-cache", "service", "tests/service/ingest")
    assert ran.returncode == 0, ran.stdout


def test_every_step_of_the_page_is_followed() -> None:
    """The blocks that the page asks to be written are all found, so that none is silently left out."""
    files = [shlex.split(options)[0] for options, _ in BLOCK.findall(PAGE.read_text())]

    assert files == [
        "file=fixtures/feeds/acme_rmm/devices.json",
        "file=service/ingest/acme_rmm.py",
        *["file=service/core/settings.py"] * 2,
        *["file=service/ingest/registry.py"] * 2,
        "file=tests/service/ingest/test_acme_rmm.py",
    ]
