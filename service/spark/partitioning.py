"""Find what all records teach and which of them hang together, by the statements of `matching.relations`."""

from collections.abc import Sequence

from matching.model import Decision
from matching.policy import Policy
from matching.relations.database import SqlDatabase
from matching.relations.partition import Partitioned, partition_tables
from service.core.packing import unpacked
from service.spark.components import connect
from service.spark.tables import SparkTables


def partition_records(tables: SparkTables, policy: Policy, decisions: Sequence[Decision]) -> Partitioned:
    """Return what all records teach, and keep what `matching.relations.partition` makes. Raises: BadDecision."""

    def connected(_: SqlDatabase, edges: str, out: str) -> None:
        connect(tables, edges, out)

    return partition_tables(tables, unpacked, connected, policy, decisions)
