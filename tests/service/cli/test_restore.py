"""A backup is worth what comes back from it: the same answers, also after the original is lost."""

import os
import shutil
from pathlib import Path

import httpx
import pytest

from service.cli.session import new_id, now
from service.store.engine import open_store
from service.store.world import World
from tests.service.api.conftest import application, serving
from tests.service.conftest import Run, mode_of
from tests.service.sandbox import POLICY

pytestmark = pytest.mark.usefixtures("logging_as_before")

QUESTIONS = (
    "lookup 5cg1234abc --json",
    "explain cw_manage:4711 rmm_alpha:A-17 --json",
    "report duplicates --format csv",
    "reviews --json",
    "decisions --json",
    "changes --json",
    "keys list --json",
    "syncs --json",
)
CALLS = ("/v1/devices", "/v1/lookup?identifier=5CG1234ABC", "/v1/changes", "/v1/decisions", "/metrics")


@pytest.fixture
def stocked(fleet: Run) -> Run:
    """Return commands over a store with records, a decision, a key and a backup."""
    assert fleet("decide", "different", "rmm_alpha:A-17", "rmm_alpha:A-18", "--why", "looked").code == 0
    assert fleet("keys", "create", "helpdesk").code == 0
    assert fleet("db", "backup", "backup.db").code == 0
    return fleet


def told(run: Run) -> dict[str, str]:
    """Return what each command says."""
    answers = {question: run(*question.split()) for question in QUESTIONS}
    assert {answer.code for answer in answers.values()} == {0}
    return {question: answer.out for question, answer in answers.items()}


def served(file: Path) -> dict[str, str]:
    """Return what a service over a database answers to each call."""
    store = open_store(f"sqlite:///{file}")
    store.require_current()
    with serving(application(World(store, POLICY, now, new_id))) as url:
        answers = {call: asked(url + call) for call in CALLS}
    store.engine.dispose()
    return answers


def asked(url: str) -> str:
    """Return the answer to a call, which succeeds."""
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 200
    return answer.text


def test_a_copy_gives_the_answers_of_the_original(
    stocked: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command line and over HTTP, named where it lies."""
    of_original, over_http = told(stocked), served(tmp_path / "samebox.db")
    monkeypatch.setenv("Database__Url", "sqlite:///backup.db")

    assert told(stocked) == of_original
    assert served(tmp_path / "backup.db") == over_http


def test_a_damaged_database_is_replaced_by_its_backup(stocked: Run, tmp_path: Path) -> None:
    """As the guide says: remove the database with the files beside it, put the copy in its place, go on."""
    before = told(stocked)
    database = tmp_path / "samebox.db"
    database.write_bytes(os.urandom(len(database.read_bytes())))
    refused = stocked("lookup", "5cg1234abc")
    for file in tmp_path.glob("samebox.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", database)

    assert refused.code == 1
    assert "samebox.db is no SQLite database" in refused.err
    assert told(stocked) == before
    assert mode_of(database) == 0o600
    assert stocked("decide", "same", "cw_manage:4711", "rmm_alpha:A-17", "--why", "looked").code == 0
    assert stocked("rebuild", "--dry-run").code == 0
