"""What all tests of the service share."""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_IMODE
from typing import Any, NamedTuple

import pytest

from service.cli import main
from tests.service.stores import DATABASES, chosen, close_all, made_on, place_in


@pytest.fixture(scope="module", autouse=True)
def _no_store_is_left_open() -> Iterator[None]:
    """Close what the tests of a module opened."""
    yield
    close_all()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Make the stores of a test on one database, then on the other; the value is its name."""
    with made_on(request.param) as name:
        yield name


LAPTOP = {"company": "Acme Inc.", "hostname": "acme-lt-1", "serial": "5CG1234ABC", "macs": ["3C-52-82-AA-BB-01"]}
RECORDS: list[dict[str, Any]] = [
    {**LAPTOP, "provider": "cw_manage", "id": "4711"},
    {**LAPTOP, "provider": "rmm_alpha", "id": "A-17"},
    {"provider": "rmm_alpha", "id": "A-18", "company": "Acme Inc.", "hostname": "acme-srv-1", "serial": "VMX9KQ2"},
]


@pytest.fixture
def no_umask() -> Iterator[None]:
    """Let files be made with all the rights that their maker asks for."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    """Return who may do what with a file: 0o600 is its owner alone."""
    return S_IMODE(path.stat().st_mode)


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """The command line sends the logs of the whole process its own way."""
    root = logging.getLogger()
    handlers, level, excepthook = root.handlers[:], root.level, threading.excepthook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    threading.excepthook = excepthook


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAMEBOX_SETTINGS", raising=False)
    if chosen() != "sqlite":  # which is there without being named
        monkeypatch.setenv("Database__Url", place_in(tmp_path))

    def ran(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        captured = capsys.readouterr()
        return Ran(int(end.value.code or 0), captured.out, captured.err)

    return ran


@pytest.fixture
def fleet(run: Run, tmp_path: Path) -> Run:
    """The same, over a store that holds `RECORDS`."""
    ran = run("import", ndjson(tmp_path / "fleet.ndjson", *RECORDS))
    assert ran.code == 0, ran.err
    return run


def ndjson(path: Path, *lines: object) -> str:
    """Write a feed; a text stands as it is."""
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return str(path)
