"""What all records teach and which hang together is on Spark what it is in memory."""

from pathlib import Path
from random import Random

from tests.service.spark.requirements import require_spark

require_spark()

from matching.clustering.partition import partition
from matching.model import Decision, Verdict
from service.spark.partitioning import partition_records
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy
from tests.matching.relations.loading import in_order, load_tables
from tests.service.spark.sessions import spark_tables

SEEDS = (2, 11)
"""Fleets that together teach all that a calibration holds."""


def test_fleets_of_which_all_is_learnt_are_partitioned_alike(tmp_path: Path) -> None:
    """The statements mean on Spark what they mean on DuckDB, where each of them is compared on many fleets."""
    learnt = []
    with spark_tables(tmp_path) as tables:
        for seed in SEEDS:
            chance = Random(seed)
            policy = busy_policy(chance)
            identities = in_order(busy_fleet(chance, policy))
            decisions = [Decision(Verdict.SAME, identities[0].key, identities[-1].key)]
            load_tables(tables, identities)

            found = partition_records(tables, policy, decisions)

            expected = partition(identities, policy, decisions)
            learnt.append(expected.calibration)
            assert found.calibration == expected.calibration
            assert {
                (record, component) for record, component in tables.rows("SELECT record, component FROM parts")
            } == {(position, component[0]) for component in expected.components for position in component}
            assert dict(tables.rows("SELECT record, hostname FROM longer")) == {
                position: used.hostname
                for position, (used, own) in enumerate(zip(expected.identities, identities, strict=True))
                if used.hostname and used.hostname != own.hostname
            }

    assert any(each.shared for each in learnt)
    assert any(each.untrusted for each in learnt)
    assert any(each.companies.why for each in learnt)
    assert any(each.complete for each in learnt)
    assert any(each.ambiguous_prefixes for each in learnt)
