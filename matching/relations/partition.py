"""
All records, partitioned into components, from tables: the counterpart of `matching.clustering.partition`.

This is the last step that looks at all records. After it each component is resolved by itself, and what comes of that
is brought together as devices here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import most_frequent_names
from matching.clustering.decisions import check_decisions, joined_by
from matching.model import Decision
from matching.policy import Policy
from matching.relations.calibration import calibrate
from matching.relations.companies import count_company_names
from matching.relations.components import Connect, find_components
from matching.relations.database import SqlDatabase
from matching.relations.numbering import number_values
from matching.relations.over_shared import Unpack
from matching.relations.usable import make_usable

PARTS = """
    SELECT counted.record, counted.component
    FROM (
        SELECT components.record, components.component,
            count(*) OVER (PARTITION BY components.component) AS records
        FROM components
    ) AS counted
    WHERE counted.records > 1
"""

LONGER = """
    SELECT usable_records.record, usable_records.longer AS hostname
    FROM usable_records
    WHERE usable_records.longer IS NOT NULL
"""

MEMBERS = """
    SELECT records.record, coalesce(resolved.home, records.record) AS home
    FROM records
    LEFT JOIN resolved ON resolved.record = records.record
"""

DEVICE_SIZES = """
    SELECT sizes.records, count(*)
    FROM (SELECT count(*) AS records FROM members GROUP BY members.home) AS sizes
    GROUP BY sizes.records
"""


class Partitioned(NamedTuple):
    """What all records taught, and the name of each company by provider and id."""

    calibration: Calibration
    company_names: Mapping[str, str]


def partition_tables(
    database: SqlDatabase, unpack: Unpack, connect: Connect, policy: Policy, decisions: Sequence[Decision]
) -> Partitioned:
    """
    Return what the records of a database teach that has all of `tables.TABLES`, and find their components.

    It makes `parts`, the records of components of two or more with their component, and `longer`, the one longer
    hostname that a record's truncated hostname stands for.

    Raises:
        BadDecision: Two decisions contradict each other.
    """
    check_decisions(decisions)
    number_values(database)
    calibration = calibrate(database, unpack, policy)
    names = most_frequent_names(count_company_names(database))
    make_usable(database, calibration, policy)
    find_components(database, joined_by(decisions), connect)
    database.table("parts", PARTS)
    database.table("longer", LONGER)
    return Partitioned(calibration, names)


def make_devices(database: SqlDatabase) -> Mapping[int, int]:
    """
    Make `members`, each record with the first record of its device, and return how many devices have how many records.

    It reads `resolved`, which has the records of devices of several (record and home).
    """
    database.table("members", MEMBERS)
    return dict(database.rows(DEVICE_SIZES))
