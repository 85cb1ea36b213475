"""A sync in trouble: it recovers, or stops with one clear line; the store is as it was or complete, never between."""

import json
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from service.cli import main
from service.demo.connectwise.faults import AfterCall, Answer, Cut, Fault, Late, garbage, login_page, throttled
from service.demo.connectwise.server import create_fake, running
from service.demo.data import FEEDS
from service.demo.providers import CLIENT_ID, COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY
from tests.end_to_end.commands import PATIENCE, start

LIST = "/company/configurations"
ROWS = 30
PAGE = 8


class Site:
    """An operator's machine: a ConnectWise Manage to sync from, settings for it, and a database."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.fake: Starlette = create_fake(
            json.loads((FEEDS / "cw_manage" / "configurations.json").read_bytes())[:ROWS],
            company_id=COMPANY_ID,
            public_key=PUBLIC_KEY,
            private_key=PRIVATE_KEY,
            client_id=CLIENT_ID,
        )
        self._capsys = capsys
        self._stack = ExitStack()
        self.settings = {
            "BaseUrl": self._stack.enter_context(running(self.fake)),
            "CompanyId": COMPANY_ID,
            "ApiPublicKey": PUBLIC_KEY,
            "ApiPrivateKey": PRIVATE_KEY,
            "ApiClientId": CLIENT_ID,
            "PageSize": str(PAGE),
            "MaxAttempts": "4",
            "MaxWaitSeconds": "0",  # so that no test waits
        }

    @property
    def environment(self) -> dict[str, str]:
        """The settings as variables; every sync is a full one."""
        keys = {f"Providers__ConnectWiseManage__{key}": value for key, value in self.settings.items()}
        return {**keys, "Sync__FullEveryHours": "0"}

    def plan(self, fault: Fault, **when: Any) -> None:
        """Spoil answers of the list; its count is left alone."""
        self.fake.state.faults.plan(fault, path=LIST, **when)

    def rename_everything(self) -> None:
        """Change every row at the provider."""
        for row in self.fake.state.rows.all():
            self.fake.state.rows.put({**row, "name": f"NEW-{row['id']}"})

    def sync(self) -> tuple[int, str]:
        """Return the exit code, and what was said on standard error."""
        with pytest.raises(SystemExit) as end:
            main(["sync"])
        return int(end.value.code or 0), self._capsys.readouterr().err

    def stored(self) -> dict[str, list[Any]]:
        """Return every row of every table; only the notes on runs and what they read grow with one that fails."""
        with closing(sqlite3.connect(self.folder / "samebox.db")) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                table: sorted(map(repr, database.execute(f"SELECT * FROM {table}")))
                for table in tables
                if table not in {"syncs", "arrivals"}
            }

    def ends(self) -> list[tuple[str, str | None]]:
        """Return the status and the cursor of every run, in order."""
        with closing(sqlite3.connect(self.folder / "samebox.db")) as database:
            return list(database.execute("SELECT status, cursor FROM syncs ORDER BY started_at"))

    def names(self) -> set[str]:
        """Return the names of the stored records."""
        with closing(sqlite3.connect(self.folder / "samebox.db")) as database:
            return {json.loads(payload)["name"] for (payload,) in database.execute("SELECT payload FROM records")}

    def stop(self) -> None:
        """Stop the server at once; answers under way are cut off."""
        self._stack.close()


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose store has all rows; everything has changed at the provider since."""
    monkeypatch.chdir(tmp_path)
    site = Site(tmp_path, capsys)
    for name, value in site.environment.items():
        monkeypatch.setenv(name, value)
    code, said = site.sync()
    assert code == 0, said
    site.rename_everything()
    try:
        yield site
    finally:
        site.stop()


def is_complete(site: Site) -> bool:
    """Whether every record is stored as the provider has it now."""
    return site.names() == {row["name"] for row in site.fake.state.rows.all() if row["activeFlag"]}


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (throttled(0), 3),
        (throttled(), 3),
        (Answer(503), 3),
        (Cut(honest=False), 2),
        (Cut(honest=True), 2),
    ],
    ids=["429 with Retry-After", "429 without", "503", "connection cut in mid-answer", "answer cut in mid-JSON"],
)
def test_a_sync_recovers_from_trouble_that_passes(site: Site, fault: Fault, times: int) -> None:
    """It tries again and ends complete, with 0."""
    site.plan(fault, times=times, skip=1)
    code, said = site.sync()

    assert code == 0, said
    assert is_complete(site)
    assert said.count("; try ") == times


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (throttled(), "answered 429"),
        (throttled(3600), "MaxWaitSeconds"),
        (Answer(500), "answered 500"),
        (Answer(401), "answered 401"),
        (Answer(403), "answered 403"),
        (garbage(), "no JSON"),
        (garbage(b'{"rows": []}'), "where a list was expected"),
        (garbage(b"[]"), "announced"),
        (Cut(honest=True), "no whole JSON"),
        (login_page(), "web page"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_sync_that_cannot_go_on_leaves_the_store_as_it_was(site: Site, fault: Fault, sentence: str) -> None:
    """In the middle of the list, after pages that were well: one line says why, and the exit code is 1."""
    before = site.stored()
    site.plan(fault, times=None, skip=2)
    code, said = site.sync()

    [line] = [line for line in said.splitlines() if "; try " not in line]
    assert code == 1
    assert line.startswith("samebox: cw_manage: ")
    assert sentence in line
    assert site.stored() == before


def test_a_server_killed_in_mid_sync_leaves_the_store_as_it_was(site: Site) -> None:
    """The third page never comes; when the server is back, the next sync is complete."""
    before = site.stored()
    reached = threading.Event()
    site.plan(AfterCall(reached.set), skip=1)
    site.plan(Late(PATIENCE), times=None)  # whatever is asked after the second page waits until the server is gone

    def kill() -> None:
        reached.wait(PATIENCE)
        site.stop()

    killer = threading.Thread(target=kill)
    killer.start()
    code, said = site.sync()
    killer.join()

    assert code == 1
    assert said.splitlines()[-1].startswith("samebox: cw_manage: ")
    assert "gave up after 4 tries" in said.splitlines()[-1]
    assert site.stored() == before


def test_after_the_trouble_the_next_sync_is_complete(site: Site) -> None:
    """Nothing of the failed one stands in the way."""
    site.plan(garbage(), skip=2)
    failed, _ = site.sync()
    code, said = site.sync()

    assert failed == 1
    assert code == 0, said
    assert is_complete(site)


def test_a_feed_that_is_suddenly_empty_removes_nothing(site: Site) -> None:
    """No device at all is a fault of the feed, not the end of a fleet."""
    before = site.stored()
    for row in site.fake.state.rows.all():
        site.fake.state.rows.remove(row["id"])
    code, said = site.sync()

    assert code == 1
    assert "nothing was removed" in said
    assert site.stored() == before


def test_ctrl_c_in_mid_sync_is_answered(site: Site) -> None:
    """A line, exit code 130, and the store as it was."""
    before = site.stored()
    reached = threading.Event()
    site.plan(AfterCall(reached.set), skip=1)
    site.plan(Late(PATIENCE), times=None)
    process = start(site.folder, "sync", settings=site.environment)
    assert reached.wait(PATIENCE)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert said.splitlines()[-1] == "samebox: interrupted; what was being stored is stored whole or not at all"
    assert "Traceback" not in said
    assert site.stored() == before
    assert site.ends()[-1][0] == "interrupted"
