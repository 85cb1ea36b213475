"""What people put in force is kept as it was noted, the latest first."""

from pathlib import Path

from service.store.resolved import recalibrations
from service.store.resolved.recalibrations import RecalibrationKind, StoredRecalibration
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


def test_what_is_noted_comes_back_with_its_end(tmp_path: Path) -> None:
    """Texts of providers with characters that no database takes included."""
    world = Sandbox(tmp_path)
    kinds = list(RecalibrationKind)
    begun = [StoredRecalibration(f"r{n}", kind, f"it {n}", "anna", world.now()) for n, kind in enumerate(kinds)]
    with world.store.writing() as connection:
        for each in begun:
            recalibrations.add(connection, each)
        recalibrations.finish(connection, "r0", begun[2].started_at, 7)
        recalibrations.finish(connection, "r1", begun[2].started_at, "no\0t so")

    with world.store.reading() as connection:
        found = recalibrations.latest(connection, 2)
        first = recalibrations.find(connection, "r0")
        none = recalibrations.find(connection, "r9")

    assert [each.id for each in found] == ["r2", "r1"]
    assert found[0] == begun[2]
    assert (found[1].devices_changed, found[1].error) == (None, "not so")
    assert first is not None
    assert (first.finished_at, first.devices_changed, first.error) == (begun[2].started_at, 7, None)
    assert none is None
