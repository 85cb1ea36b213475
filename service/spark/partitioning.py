"""Find what all records teach and which of them hang together, by the statements of `matching.relations`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import most_frequent_names
from matching.clustering.decisions import joined_by
from matching.model import Decision
from matching.policy import Policy
from matching.relations.calibration import calibrate
from matching.relations.companies import count_company_names
from matching.relations.components import find_components
from matching.relations.database import SqlDatabase
from matching.relations.numbering import number_values
from matching.relations.usable import make_usable
from service.core.packing import unpacked
from service.spark.components import connect
from service.spark.tables import SparkTables

PARTS = """
    SELECT counted.record, counted.component
    FROM (
        SELECT components.record, components.component,
            count(*) OVER (PARTITION BY components.component) AS records
        FROM components
    ) AS counted
    WHERE counted.records > 1
"""

LONGER = "SELECT usable_records.record, usable_records.longer AS hostname FROM usable_records WHERE longer IS NOT NULL"


class Partitioned(NamedTuple):
    """What all records taught, and the name of each company by provider and id."""

    calibration: Calibration
    company_names: Mapping[str, str]


def partition_records(tables: SparkTables, policy: Policy, decisions: Sequence[Decision]) -> Partitioned:
    """
    Return what all records teach, of a run that has the tables of `matching.relations`.

    It keeps `parts`, the records of components of two or more with their component, and `longer`, the one longer
    hostname that a record's truncated hostname stands for.
    """
    number_values(tables)
    calibration = calibrate(tables, unpacked, policy)
    names = most_frequent_names(count_company_names(tables))
    make_usable(tables, calibration, policy)

    def connected(_: SqlDatabase, edges: str, out: str) -> None:
        connect(tables, edges, out)

    find_components(tables, joined_by(decisions), connected)
    tables.table("parts", PARTS)
    tables.table("longer", LONGER)
    return Partitioned(calibration, names)
