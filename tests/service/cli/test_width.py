"""
On a terminal of 80 columns, and through a pipe, no line of a command is broken, and neither is an identifier.

The store is that of the demo, with made-up devices that have the faults of real ones.
"""

import json
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len

from service.store.engine import open_store
from service.store.ingested import records
from tests.end_to_end.commands import PATIENCE, start
from tests.service.conftest import Run

pytestmark = pytest.mark.usefixtures("logging_as_before")

COMMANDS = [
    "devices",
    "devices fenwick --limit 100",
    "devices --missing cw_manage",
    "lookup FNO-FILES01",
    "lookup FNO-FILES01 --full",
    "lookup fno-vm02 --full",
    "lookup cw_manage:5545",
    "lookup cw_manage:5545 --full",
    "explain FNO-FILES01",
    "explain FNO-FILES01 FNO-VM02",
    "explain cw_automate:5009 cw_manage:4835",
    "history FNO-FILES01",
    "history cw_manage:5545 --full",
    *("reviews", "reviews --full", "reviews --reason clone", "decisions"),
    *("decide same FIRST --preview", "decide different LAST --preview --full", "decide same LAST --preview"),
    *("decide different cw_manage:4711 cw_automate:4702 --preview", "decide same ACD-VM08 FNO-FILES01 --preview"),
    *("syncs", "syncs --full", "changes --limit 200", "changes --limit 200 --full", "changes --after 0 --limit 50"),
    *("check", "check --all", "quarantine", "policy try TRIED", "policy try TRIED --full"),
]
"""What is typed in each case; FIRST and LAST stand for the numbers of reviews, TRIED for a policy to try. A command
that shows people something has a line here."""

TRIED = {"MacAgainstName": "join", "MaxHolders": 3, "RetiredStatuses": ["sold"], "PsaProviders": ["ninjaone"]}
"""A policy under which devices of the demo merge, split and have other values."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the store of the demo, once."""
    folder = tmp_path_factory.mktemp("demo")
    process = start(folder, "demo", "--no-serve", "--keep", ".")
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return folder / "demo.db"


@pytest.fixture(scope="module")
def identifiers(demo: Path) -> frozenset[str]:
    """Return what a person copies: records, serials, GUIDs and MACs, none of which is longer than a line."""
    store = open_store(f"sqlite:///{demo}")
    found: set[str] = set()
    with store.reading() as connection:
        for record in records.every(connection):
            serials = record.get("serial", [])
            found |= {f"{record['provider']}:{record['id']}", record["id"], record.get("bios_guid", "")}
            found |= {serials} if isinstance(serials, str) else set(serials)
    store.engine.dispose()
    return frozenset(each for each in found if len(each) > 10 and " " not in each)


def broken(text: str, whole: frozenset[str]) -> Iterator[str]:
    """Yield the identifiers that begin in one line of a text and end in the next."""
    for above, below in pairwise(line.strip() for line in text.splitlines()):
        joined, seam = above + below, len(above)
        yield from (each for each in whole if 0 <= (at := joined.find(each)) < seam < at + len(each))


def test_a_broken_identifier_is_found() -> None:
    """Whatever stands around it; one that is whole in its line is not broken."""
    [record] = known = frozenset({"cw_rmm:c5b62a7a-bf69"})

    assert list(broken("joined (cw_rmm:c5b62\n    a7a-bf69), and more", known)) == [record]
    assert list(broken("joined cw_rmm:c5b62a7a-bf69\n  cw_rmm:c5b62a7a-bf69", known)) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_is_wider_than_80_columns_and_no_identifier_is_broken(
    command: str, run: Run, demo: Path, identifiers: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a pipe as on a terminal; a store has no path that is wider, as that of a test has."""
    monkeypatch.setenv("Database__Url", "sqlite:///demo.db")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(demo.parent)
    numbers = [str(each["number"]) for each in json.loads(run("reviews", "--json").out)]
    Path("tried.json").write_text(json.dumps(TRIED))
    typed = command.replace("FIRST", numbers[0]).replace("LAST", numbers[-1]).replace("TRIED", "tried.json")
    ran = run(*shlex.split(typed))

    assert ran.code == (1 if shlex.split(command)[0] == "check" else 0), ran.err  # the demo has a sync that is held
    assert [line for line in ran.out.splitlines() if cell_len(line) > 80] == []
    assert list(broken(ran.out, identifiers)) == []
