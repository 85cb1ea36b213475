"""
The holders of each value, counted by provider, and the pairs of records that a value joins uniquely.

The counterpart of `matching.calibration.index`. A value inside another usable value teaches nothing, so it is left out.
"""

from matching.calibration.index import MOST_PROVIDERS
from matching.evidence.groups import NETBIOS_LENGTH
from matching.policy import Policy
from matching.relations.database import SqlDatabase

# One row for each provider that holds a value which two records or more hold. `record` is the provider's first holder,
# and so the only one where `holders` is 1.
HOLDERS = """
    SELECT counted.kind, counted.value, counted.is_weak, counted.checksum,
        counted.provider, counted.record, counted.holders, counted.live_holders, counted.total
    FROM (
        SELECT held.kind, held.value, held.standing = 'weak' AS is_weak, min(held.checksum) AS checksum,
            held.provider, min(held.record) AS record,
            count(*) AS holders, count(CASE WHEN held.live THEN 1 END) AS live_holders,
            CAST(sum(count(*)) OVER (PARTITION BY held.kind, held.value, held.standing = 'weak') AS BIGINT) AS total
        FROM held
        WHERE held.standing <> 'derived'
        GROUP BY held.kind, held.value, held.standing = 'weak', held.provider
    ) AS counted
    WHERE counted.total > 1
"""

# The totals are counted anew: a provider whose field is not trusted holds nothing.
UNIQUE_HOLDERS = """
    SELECT usable.kind, usable.value, usable.record
    FROM (
        SELECT holders.kind, holders.value, holders.record, holders.holders,
            sum(holders.holders) OVER (PARTITION BY holders.kind, holders.value) AS total
        FROM holders
        LEFT JOIN suppressed_values
            ON suppressed_values.kind = holders.kind AND suppressed_values.value = holders.value
        LEFT JOIN untrusted_fields
            ON untrusted_fields.kind = holders.kind AND untrusted_fields.provider = holders.provider
        WHERE NOT holders.is_weak AND suppressed_values.value IS NULL AND untrusted_fields.kind IS NULL
    ) AS usable
    CROSS JOIN limits
    WHERE usable.holders = 1 AND usable.total <= limits.most_providers
"""

# Not distinct: a pair comes once for each value that joins it.
UNIQUE_PAIRS = """
    SELECT one.kind, one.record AS first_record, other.record AS second_record
    FROM unique_holders AS one
    JOIN unique_holders AS other
        ON other.kind = one.kind AND other.value = one.value AND one.record < other.record
"""


def load_limits(database: SqlDatabase, policy: Policy) -> None:
    """Load the numbers that statements compare counts with, as the one row of `limits`."""
    database.load(
        "limits",
        "islands BIGINT, max_holders BIGINT, most_providers BIGINT, netbios_length INT",
        [(policy.islands, policy.max_holders, MOST_PROVIDERS, NETBIOS_LENGTH)],
    )


def count_holders(database: SqlDatabase) -> None:
    """Make `holders` of the values that two records or more hold."""
    database.table("holders", HOLDERS)


def join_uniquely(database: SqlDatabase) -> None:
    """Make `unique_pairs`: the records of two providers each of which has a value once; the smaller record first."""
    database.table("unique_holders", UNIQUE_HOLDERS)
    database.table("unique_pairs", UNIQUE_PAIRS)
