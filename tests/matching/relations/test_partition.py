"""Tables are partitioned as identities are in memory."""

from random import Random

import pytest
from hypothesis import given, settings

from matching.clustering.partition import partition
from matching.errors import BadDecision
from matching.model import Decision, Verdict
from matching.policy import Policy
from matching.relations.partition import make_devices, partition_tables
from service.core.packing import unpacked
from tests.matching.relations.busy_fleets import busy_fleet, chances
from tests.matching.relations.connecting import connect
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.loading import in_order, load_tables
from tests.matching.relations.partitions import Drawn, busy_partitions

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(busy_partitions())
def test_what_is_learnt_and_what_hangs_together_is_that_of_memory(drawn: Drawn) -> None:
    """Components of two or more, and the longer hostnames that truncated ones stand for."""
    policy, identities = drawn.policy, in_order(drawn.identities)
    decisions = [Decision(Verdict.SAME, identities[0].key, identities[-1].key)]
    expected = partition(identities, policy, decisions)
    load_tables(DATABASE, identities)

    found = partition_tables(DATABASE, unpacked, connect, policy, decisions)

    assert found.calibration == expected.calibration
    assert dict(DATABASE.rows("SELECT record, component FROM parts")) == {
        position: component[0] for component in expected.components for position in component
    }
    assert dict(DATABASE.rows("SELECT record, hostname FROM longer")) == {
        position: used.hostname
        for position, (used, own) in enumerate(zip(expected.identities, identities, strict=True))
        if used.hostname and used.hostname != own.hostname
    }


@given(chances)
@settings(max_examples=5)
def test_decisions_that_contradict_each_other_are_refused(chance: Random) -> None:
    """Before anything is made."""
    identities = in_order(busy_fleet(chance, Policy()))
    pair = identities[0].key, identities[1].key
    contrary = [Decision(verdict, *pair) for verdict in (Verdict.SAME, Verdict.DIFFERENT)]

    with pytest.raises(BadDecision):
        partition_tables(DATABASE, unpacked, connect, Policy(), contrary)


def test_records_that_nothing_joins_are_devices_of_one() -> None:
    """The others are of the device that their home names."""
    DATABASE.load("records", "record BIGINT", [(record,) for record in range(5)])
    DATABASE.load("resolved", "record BIGINT, home BIGINT", [(1, 1), (2, 1), (4, 1)])

    assert make_devices(DATABASE) == {1: 2, 3: 1}
    assert dict(DATABASE.rows("SELECT record, home FROM members")) == {0: 0, 1: 1, 2: 1, 3: 3, 4: 1}
