"""Components become devices and questions, whoever resolves them."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from benchmarks.fleet import generate
from matching.clustering.partition import Partition, partition
from matching.evidence.identity import identify
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from matching.records import read_record
from service.core.workers import NO_WORKERS, WorkerPool
from service.files.linking import link
from tests.service.files.matching import A17, CW, SERVER

PAIR = Key("cw_manage", "4711"), Key("rmm_alpha", "A-17")


def partitioned(rows: Iterable[Any], *decisions: Decision) -> Partition:
    """Partition some rows."""
    return partition([identify(read_record(dict(row))[0], Policy()) for row in rows], Policy(), decisions)


@pytest.fixture(scope="module")
def fleet() -> Partition:
    """A fleet with every pathology."""
    return partitioned(generate(seed=3, records=1500).records)


def test_the_records_of_a_device_have_its_first_position() -> None:
    """Two records of one laptop, and a server by itself."""
    linked = link(partitioned([SERVER, A17, CW]), NO_WORKERS, with_reviews=True)

    assert list(linked.first) == [0, 0, 2]
    assert {first: list(positions) for first, positions in linked.members.items()} == {0: [0, 1]}
    assert linked.devices == 2


def test_a_decision_parts_what_the_evidence_joins() -> None:
    """Also where no two records of the component are in conflict."""
    linked = link(partitioned([A17, CW], Decision(Verdict.DIFFERENT, *PAIR)), NO_WORKERS, with_reviews=True)

    assert (list(linked.first), linked.members, linked.devices) == ([0, 1], {}, 2)


def test_several_processes_find_what_one_finds(fleet: Partition) -> None:
    """The same devices, and the same questions in the same order."""
    alone = link(fleet, NO_WORKERS, with_reviews=True)
    with WorkerPool(2) as pool:
        several = link(fleet, pool, with_reviews=True)

    assert several == alone
    worths = [json.loads(line)["worth"] for _, line in alone.reviews]
    assert len(worths) > 1
    assert worths == sorted(worths, reverse=True)


def test_without_reviews_the_devices_are_the_same(fleet: Partition) -> None:
    """Only the questions are left out."""
    whole, quick = (link(fleet, NO_WORKERS, with_reviews=each) for each in (True, False))

    assert (quick.first, quick.members) == (whole.first, whole.members)
    assert quick.reviews == []
