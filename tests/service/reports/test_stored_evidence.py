"""What the stored records of each provider say."""

from pathlib import Path

import pytest

from service.reports import stored_evidence as module
from service.reports.stored_evidence import stored_evidence
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_each_provider_is_counted_by_its_first_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order of id, up to a bound: a look at a million records would not be worth its time."""
    monkeypatch.setattr(module, "MOST", 3)
    world = Sandbox(tmp_path)
    assert stored_evidence(world) == []
    world.take_in(*(record(f"a:{n}", serial=f"5CG123{n}ABC" if n < 2 else "") for n in range(9)), record("b:1"))

    assert [(count.provider, count.records, count.serial) for count in stored_evidence(world)] == [
        ("a", 3, 2),
        ("b", 1, 0),
    ]
