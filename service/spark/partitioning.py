"""Find what all records teach and which of them hang together, by the statements of `matching.relations`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import most_frequent_names
from matching.clustering.partition import Partition, partition
from matching.model import Decision
from matching.policy import Policy
from matching.relations.calibration import calibrate
from matching.relations.companies import count_company_names
from matching.relations.database import SqlRow
from service.core.packing import unpacked
from service.spark.tables import SparkTables


class Partitioned(NamedTuple):
    """What all records taught, and the name of each company by provider and id."""

    calibration: Calibration
    company_names: Mapping[str, str]


def partition_records(tables: SparkTables, policy: Policy, decisions: Sequence[Decision]) -> Partitioned:
    """
    Return what all records teach; keep the tables `parts` and `longer` (`resolving.resolve_contested`).

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    calibration = calibrate(tables, unpacked, policy)
    frame = tables.session.table("standing").select("record", "identity").orderBy("record")
    identities = [unpacked(bytes(row.identity)) for row in frame.toLocalIterator()]
    whole = partition(identities, policy, decisions, calibration)
    tables.load("parts", "record BIGINT, component BIGINT, is_free BOOLEAN", _parts(whole))
    longer = (
        (position, used.hostname)
        for position, (used, own) in enumerate(zip(whole.identities, identities, strict=True))
        if used.hostname and used.hostname != own.hostname
    )
    tables.load("longer", "record BIGINT, hostname STRING", longer)
    return Partitioned(calibration, most_frequent_names(count_company_names(tables)))


def _parts(whole: Partition) -> Iterator[SqlRow]:
    for component in whole.components:
        is_free = whole.has_no_conflict(component)
        yield from ((position, component[0], is_free) for position in component)
