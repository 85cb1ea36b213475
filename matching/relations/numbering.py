"""
Numbers for the values that several records hold: the statements after this one compare numbers instead of texts.

A value that one record alone holds joins nobody, so it has no number.
"""

from matching.relations.database import SqlDatabase

# `holders` counts the records that teach by a value, own or carried; `weak_holders` those that hold it as a weak one.
# The number is that of the first record, and the place of the value among those that this record is the first to hold.
SHARED_VALUES = """
    SELECT counted.first_record * 1000000 + row_number() OVER (
            PARTITION BY counted.first_record ORDER BY counted.checksum, counted.kind, counted.value
        ) AS number,
        counted.kind, counted.value, counted.checksum, counted.holders, counted.weak_holders
    FROM (
        SELECT held.kind, held.value, min(held.checksum) AS checksum, min(held.record) AS first_record,
            count(CASE WHEN held.standing IN ('own', 'carried') THEN 1 END) AS holders,
            count(CASE WHEN held.standing = 'weak' THEN 1 END) AS weak_holders
        FROM held
        GROUP BY held.kind, held.value
        HAVING count(*) > 1
    ) AS counted
"""

NUMBERED_VALUES = """
    SELECT held.record, held.provider, held.live, held.kind, held.value, held.standing,
        held.source_kind, held.source_value, shared_values.number
    FROM held
    LEFT JOIN shared_values ON shared_values.kind = held.kind AND shared_values.value = held.value
"""


def number_values(database: SqlDatabase) -> None:
    """
    Make `shared_values`, each with its number, and `numbered_values`, the rows of `held` with these numbers.

    A line is too short for a record to hold the million values that would take the numbers of the next record.
    """
    database.table("shared_values", SHARED_VALUES)
    database.table("numbered_values", NUMBERED_VALUES)
