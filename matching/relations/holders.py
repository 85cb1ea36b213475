"""
The holders of each value, counted by provider, and the pairs of records that a value joins uniquely.

The counterpart of `matching.calibration.index`. A value inside another usable value teaches nothing, so it is left out.
"""

from matching.calibration.index import MOST_PROVIDERS
from matching.evidence.groups import NETBIOS_LENGTH
from matching.policy import Policy
from matching.relations.database import SqlDatabase

# One row for each provider that holds a shared value. `record` is the provider's first holder, and so the only one
# where `holders` is 1.
HOLDERS = """
    SELECT numbered_values.number, numbered_values.standing = 'weak' AS is_weak, numbered_values.provider,
        min(numbered_values.record) AS record, count(*) AS holders,
        count(CASE WHEN numbered_values.live THEN 1 END) AS live_holders
    FROM numbered_values
    WHERE numbered_values.number IS NOT NULL AND numbered_values.standing <> 'derived'
    GROUP BY numbered_values.number, numbered_values.standing = 'weak', numbered_values.provider
"""

SUPPRESSED_NUMBERS = """
    SELECT shared_values.number
    FROM shared_values
    JOIN suppressed_values
        ON suppressed_values.kind = shared_values.kind AND suppressed_values.value = shared_values.value
"""

TEACHING_VALUES = """
    SELECT shared_values.number, shared_values.kind, shared_values.checksum, shared_values.holders
    FROM shared_values
    LEFT JOIN suppressed_numbers ON suppressed_numbers.number = shared_values.number
    WHERE shared_values.holders > 1 AND suppressed_numbers.number IS NULL
"""

USABLE_HOLDERS = """
    SELECT teaching_values.kind, holders.number, holders.record, holders.holders, teaching_values.holders AS total
    FROM holders
    JOIN teaching_values ON teaching_values.number = holders.number
    LEFT JOIN untrusted_fields
        ON untrusted_fields.kind = teaching_values.kind AND untrusted_fields.provider = holders.provider
    WHERE NOT holders.is_weak AND untrusted_fields.kind IS NULL
"""

# Counted anew: a provider whose field is not trusted holds nothing.
FREQUENT_VALUES = """
    SELECT usable_holders.number
    FROM usable_holders
    CROSS JOIN limits
    WHERE usable_holders.total > limits.most_providers
    GROUP BY usable_holders.number
    HAVING sum(usable_holders.holders) > min(limits.most_providers)
"""

UNIQUE_HOLDERS = """
    SELECT usable_holders.kind, usable_holders.number, usable_holders.record
    FROM usable_holders
    LEFT JOIN frequent_values ON frequent_values.number = usable_holders.number
    WHERE usable_holders.holders = 1 AND frequent_values.number IS NULL
"""

# Not distinct: a pair comes once for each value that joins it.
UNIQUE_PAIRS = """
    SELECT one.kind, one.record AS first_record, other.record AS second_record
    FROM unique_holders AS one
    JOIN unique_holders AS other ON other.number = one.number AND one.record < other.record
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


def select_teaching_values(database: SqlDatabase) -> None:
    """Make `teaching_values`, the shared values that are not suppressed."""
    database.table("suppressed_numbers", SUPPRESSED_NUMBERS)
    database.table("teaching_values", TEACHING_VALUES)


def join_uniquely(database: SqlDatabase) -> None:
    """Make `unique_pairs`: the records of two providers each of which has a value once; the smaller record first."""
    database.table("usable_holders", USABLE_HOLDERS)
    database.table("frequent_values", FREQUENT_VALUES)
    database.table("unique_holders", UNIQUE_HOLDERS)
    database.table("unique_pairs", UNIQUE_PAIRS)
