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

SEED = 4
"""Of a fleet that teaches all that a calibration holds, and whose derived values are inside values of their records."""


def test_a_fleet_of_which_all_is_learnt_is_partitioned_alike(tmp_path: Path) -> None:
    """The statements mean on Spark what they mean on DuckDB, where each of them is compared on many fleets."""
    chance = Random(SEED)
    policy = busy_policy(chance)
    identities = in_order(busy_fleet(chance, policy))
    decisions = [Decision(Verdict.SAME, identities[0].key, identities[-1].key)]
    expected = partition(identities, policy, decisions)
    learnt = expected.calibration

    with spark_tables(tmp_path) as tables:
        load_tables(tables, identities)
        found = partition_records(tables, policy, decisions)
        parts: dict[int, int] = dict(tables.rows("SELECT record, component FROM parts"))
        longer: dict[int, str] = dict(tables.rows("SELECT record, hostname FROM longer"))

    assert found.calibration == learnt
    assert parts == {position: component[0] for component in expected.components for position in component}
    assert longer == {
        position: used.hostname
        for position, (used, own) in enumerate(zip(expected.identities, identities, strict=True))
        if used.hostname and used.hostname != own.hostname
    }
    assert all((learnt.shared, learnt.untrusted, learnt.companies.why, learnt.complete, learnt.ambiguous_prefixes))
    assert longer
