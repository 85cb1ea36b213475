"""The rows that could not be read, as people and programs see them."""

import json
from pathlib import Path

import pytest

from service.cli import main
from service.core.errors import UnknownValue
from service.demo.connectwise.faults import AfterCall, garbage
from service.ingest.protocol import Quarantined
from service.syncs.quarantine import BEGINNING, quarantined_rows
from tests.service.psa import LIST, Psa, environment
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_the_command_line_tells_of_a_held_sync_and_of_the_quarantine(
    tmp_path: Path, psa: Psa, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sync` and `check` end with 1 and say what to do; accepted, all is well. Rows that cannot be read are listed."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment(psa, Sandbox(tmp_path)).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        return int(end.value.code or 0), *capsys.readouterr()

    nothing = run("quarantine")
    assert run("sync", "--json")[0] == 0
    psa.delete(*range(1, 11))
    psa.plan(AfterCall(lambda: psa.edit(40, name="NEW")), path=f"{LIST}/count")
    held, checked = run("sync", "--full"), run("check")
    accepted, well = run("sync", "--accept-shrink", "cw_manage"), run("check")
    psa.plan(garbage(b'[{"id": "odd", "name": "\\u001b[31mred"}]'))
    psa.plan(garbage(b'{"count": 1}'), path=f"{LIST}/count")
    assert run("sync", "--incremental")[0] == 0
    table, as_json = run("quarantine"), run("quarantine", "cw_manage", "--json")

    assert "nothing is in quarantine" in nothing[2]
    assert (held[0], checked[0], accepted[0], well[0]) == (1, 1, 0, 0)
    assert "held: all is stored, nothing removed" in held[1]
    assert "samebox sync --accept-shrink cw_manage" in held[2]
    assert "samebox sync --accept-shrink cw_manage" in " ".join(checked[1].split())
    assert "held, full, begun" in checked[1]
    [row] = json.loads(as_json[1])
    assert row["reason"] == "it is no object with a whole number as its id"
    assert "no object with a whole number" in table[1]
    assert "\x1b" not in table[1]


def test_rows_are_listed_with_why_and_since_when(tmp_path: Path) -> None:
    """Of one provider or of all; a row that stays unreadable keeps the time at which it first came."""
    world = Sandbox(tmp_path)
    odd = Quarantined("a", "7", "no serial", {"id": 7})
    world.sync("a", record("a:1"), quarantined=[odd])
    [first] = quarantined_rows(world)
    world.sync("a", record("a:1"), quarantined=[odd])
    world.sync("b", record("b:1"), quarantined=[Quarantined("b", "", "no id", {})])

    assert (first.provider, first.record_id, first.reason, first.payload) == ("a", "7", "no serial", {"id": 7})
    assert list(quarantined_rows(world, "a")) == [first]
    assert {row.provider for row in quarantined_rows(world)} == {"a", "b"}
    assert list(quarantined_rows(world, "ninjaone")) == []
    with pytest.raises(UnknownValue, match="no provider 'c'"):
        list(quarantined_rows(world, "c"))


@pytest.mark.parametrize(("length", "shown"), [(BEGINNING - 12, BEGINNING), (BEGINNING - 11, BEGINNING + 3)])
def test_a_line_shows_the_beginning_of_a_row(tmp_path: Path, length: int, shown: int) -> None:
    """All of it where it fits, in the letters in which it was written; else three dots say that there is more."""
    world = Sandbox(tmp_path)
    world.take_in(quarantined=[Quarantined("a", "7", "odd", {"name": "ä" * length})])

    [row] = quarantined_rows(world)

    assert row.beginning.startswith('{"name": "äää')
    assert len(row.beginning) == shown
    assert row.beginning.endswith("...") is (shown > BEGINNING)
