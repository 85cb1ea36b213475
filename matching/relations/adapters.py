"""Complete adapter lists: lists of pairs that hardware joins are compared here; `calibration.adapters` decides."""

from collections.abc import Mapping

from matching.calibration.adapters import AdapterLists
from matching.calibration.proportions import sampling_interval
from matching.relations.database import SqlDatabase

HARDWARE_PAIRS = "SELECT count(*) FROM unique_pairs WHERE unique_pairs.kind IN ('bios_guid', 'serial')"

# A pair counts once for each value that joins it.
ADAPTER_PAIRS = """
    SELECT unique_pairs.first_record, unique_pairs.second_record, count(*) AS times
    FROM unique_pairs
    CROSS JOIN adapter_sample
    JOIN records ON records.record = unique_pairs.first_record
    WHERE unique_pairs.kind IN ('bios_guid', 'serial') AND records.id_checksum % adapter_sample.modulus = 0
    GROUP BY unique_pairs.first_record, unique_pairs.second_record
"""

USABLE_MACS = """
    SELECT numbered_values.record, numbered_values.provider, numbered_values.number
    FROM numbered_values
    JOIN (
        SELECT adapter_pairs.first_record AS record FROM adapter_pairs
        UNION
        SELECT adapter_pairs.second_record AS record FROM adapter_pairs
    ) AS compared ON compared.record = numbered_values.record
    LEFT JOIN suppressed_numbers ON suppressed_numbers.number = numbered_values.number
    WHERE numbered_values.kind = 'mac' AND numbered_values.standing = 'own' AND suppressed_numbers.number IS NULL
"""

LISTS = """
    SELECT usable_macs.record, usable_macs.provider, count(*) AS adapters
    FROM usable_macs
    GROUP BY usable_macs.record, usable_macs.provider
"""

COMMON_ADAPTERS = """
    SELECT adapter_pairs.first_record, adapter_pairs.second_record, count(*) AS adapters
    FROM adapter_pairs
    JOIN usable_macs AS one ON one.record = adapter_pairs.first_record
    JOIN usable_macs AS other ON other.record = adapter_pairs.second_record AND other.number = one.number
    GROUP BY adapter_pairs.first_record, adapter_pairs.second_record
"""

# Both records of a pair are compared with the other one; a list holds the other where it has all of its adapters.
COMPARED_LISTS = """
    SELECT own.provider, sum(pairs.times),
        sum(CASE WHEN pairs.common = other.adapters THEN pairs.times ELSE 0 END),
        sum(CASE WHEN own.adapters > 1 THEN pairs.times ELSE 0 END)
    FROM (
        SELECT adapter_pairs.first_record AS own_record, adapter_pairs.second_record AS other_record,
            adapter_pairs.times, coalesce(common_adapters.adapters, 0) AS common
        FROM adapter_pairs
        LEFT JOIN common_adapters
            ON common_adapters.first_record = adapter_pairs.first_record
            AND common_adapters.second_record = adapter_pairs.second_record
        UNION ALL
        SELECT adapter_pairs.second_record, adapter_pairs.first_record,
            adapter_pairs.times, coalesce(common_adapters.adapters, 0)
        FROM adapter_pairs
        LEFT JOIN common_adapters
            ON common_adapters.first_record = adapter_pairs.first_record
            AND common_adapters.second_record = adapter_pairs.second_record
    ) AS pairs
    JOIN adapter_lists AS own ON own.record = pairs.own_record
    JOIN adapter_lists AS other ON other.record = pairs.other_record
    GROUP BY own.provider
"""


def adapter_lists(database: SqlDatabase) -> Mapping[str, AdapterLists]:
    """Compare the lists of a sample of the pairs that hardware joins, from `unique_pairs`."""
    [(count,)] = database.rows(HARDWARE_PAIRS)
    database.load("adapter_sample", "modulus BIGINT", [(sampling_interval(count),)])
    database.table("adapter_pairs", ADAPTER_PAIRS)
    database.table("usable_macs", USABLE_MACS)
    database.table("adapter_lists", LISTS)
    database.table("common_adapters", COMMON_ADAPTERS)
    return {provider: AdapterLists(*map(int, counts)) for provider, *counts in database.rows(COMPARED_LISTS)}
