"""Components become devices and questions, in any number of processes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.fleet import generate
from matching.model import Decision, Key, Verdict
from service.core.progress import silent
from service.core.workers import NO_WORKERS, WorkerPool
from service.files.resolving import resolve_components
from tests.service.files.matching import A17, CW, SERVER
from tests.service.files.partitioned import PartitionedFile, partitioned

RESOLVED = "SELECT resolved.record, resolved.home FROM resolved ORDER BY resolved.record"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartitionedFile]:
    """A fleet with every pathology."""
    with partitioned(tmp_path_factory.mktemp("fleet"), generate(seed=3, records=1500).records) as found:
        yield found


def test_the_records_of_a_device_have_its_first_record(tmp_path: Path) -> None:
    """Two records of one laptop; a server by itself is in no component."""
    with partitioned(tmp_path, [SERVER, A17, CW]) as found:
        assert resolve_components(found.tables, found.lines, found.linker, NO_WORKERS, silent) == []
        assert list(found.tables.rows(RESOLVED)) == [(0, 0), (1, 0)]


def test_a_decision_parts_what_the_evidence_joins(tmp_path: Path) -> None:
    """Then no record is of a device of several."""
    decision = Decision(Verdict.DIFFERENT, Key("cw_manage", "4711"), Key("rmm_alpha", "A-17"))
    with partitioned(tmp_path, [A17, CW], decision) as found:
        resolve_components(found.tables, found.lines, found.linker, NO_WORKERS, silent)

        assert list(found.tables.rows(RESOLVED)) == []


def test_several_processes_find_what_one_finds(fleet: PartitionedFile) -> None:
    """The same devices, and the same questions in the same order."""
    tables, lines, linker = fleet
    alone = resolve_components(tables, lines, linker, NO_WORKERS, silent), list(tables.rows(RESOLVED))
    with WorkerPool(2) as pool:
        several = resolve_components(tables, lines, linker, pool, silent), list(tables.rows(RESOLVED))

    assert several == alone
    worths = [json.loads(line)["worth"] for _, line in alone[0]]
    assert len(worths) > 1
    assert worths == sorted(worths, reverse=True)
