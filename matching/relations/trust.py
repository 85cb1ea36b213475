"""
Trust in fields: how often the GUIDs and serials of two providers agree, on samples of what other kinds join.

`matching.calibration.trust` says what is measured, and decides by the counts which fields are not trusted.
"""

from collections.abc import Iterable, Mapping

from matching.calibration.companies import NameCounts
from matching.calibration.company_names import clean
from matching.calibration.proportions import sampling_interval
from matching.calibration.trust import HARDWARE, Agreement, UntrustedField, add_agreement
from matching.model import Kind
from matching.relations.database import SqlDatabase

# Suppressed values are counted as well: a sample is drawn from all shared values.
COUNTS_OF_VALUES = """
    SELECT shared_values.kind, count(*)
    FROM shared_values
    WHERE shared_values.holders > 1
    GROUP BY shared_values.kind
    UNION ALL
    SELECT 'hostname', count(*)
    FROM (
        SELECT records.hostname
        FROM records
        WHERE records.hostname IS NOT NULL
        GROUP BY records.hostname
        HAVING count(*) > 1
    ) AS shared
"""

SAMPLED_HOLDERS = """
    SELECT teaching_values.kind, holders.number, holders.record
    FROM teaching_values
    CROSS JOIN limits
    JOIN samples ON samples.kind = teaching_values.kind
    JOIN holders ON holders.number = teaching_values.number
    WHERE NOT holders.is_weak AND holders.holders = 1 AND teaching_values.holders <= limits.most_providers
        AND teaching_values.checksum % samples.modulus = 0
"""

# A hostname joins only companies of one name, because the company map is not known yet.
SAMPLED_HOSTNAMES = """
    SELECT counted.hostname, counted.cleaned, counted.record
    FROM (
        SELECT records.hostname, cleaned_names.cleaned, min(records.record) AS record, count(*) AS holders,
            sum(count(*)) OVER (PARTITION BY records.hostname, cleaned_names.cleaned) AS total
        FROM records
        JOIN cleaned_names ON cleaned_names.company_name = records.company_name
        JOIN samples ON samples.kind = 'hostname'
        WHERE records.live AND records.company IS NOT NULL AND records.hostname_checksum % samples.modulus = 0
        GROUP BY records.hostname, cleaned_names.cleaned, records.provider
    ) AS counted
    CROSS JOIN limits
    WHERE counted.holders = 1 AND counted.total <= limits.most_providers
"""

SAMPLED_PAIRS = """
    SELECT one.kind AS joining, one.record AS first_record, other.record AS second_record
    FROM sampled_holders AS one
    JOIN sampled_holders AS other
        ON other.number = one.number AND one.record < other.record
    UNION ALL
    SELECT 'hostname', one.record, other.record
    FROM sampled_hostnames AS one
    JOIN sampled_hostnames AS other
        ON other.hostname = one.hostname AND other.cleaned = one.cleaned AND one.record < other.record
"""

# A pair counts once for a kind, however many values of other kinds join it.
MEASURED_PAIRS = """
    SELECT DISTINCT hardware.kind, sampled_pairs.first_record, sampled_pairs.second_record
    FROM sampled_pairs
    JOIN hardware ON hardware.kind <> sampled_pairs.joining
"""

OWN_HARDWARE = """
    SELECT numbered_values.kind, numbered_values.record, numbered_values.provider, numbered_values.number
    FROM numbered_values
    JOIN hardware ON hardware.kind = numbered_values.kind
    LEFT JOIN suppressed_numbers ON suppressed_numbers.number = numbered_values.number
    WHERE numbered_values.standing = 'own' AND suppressed_numbers.number IS NULL
"""

KINDS_OF_RECORDS = """
    SELECT DISTINCT own_hardware.kind, own_hardware.record, own_hardware.provider
    FROM own_hardware
"""

# Only pairs count of which both records have a value of the kind.
COMPARED_PAIRS = """
    SELECT measured_pairs.kind, measured_pairs.first_record, measured_pairs.second_record,
        one.provider AS first_provider, other.provider AS second_provider
    FROM measured_pairs
    JOIN kinds_of_records AS one ON one.kind = measured_pairs.kind AND one.record = measured_pairs.first_record
    JOIN kinds_of_records AS other ON other.kind = measured_pairs.kind AND other.record = measured_pairs.second_record
"""

AGREEMENT = """
    SELECT compared_pairs.kind, compared_pairs.first_provider, compared_pairs.second_provider,
        count(*), count(agreeing.first_record)
    FROM compared_pairs
    LEFT JOIN (
        SELECT DISTINCT compared_pairs.kind, compared_pairs.first_record, compared_pairs.second_record
        FROM compared_pairs
        JOIN own_hardware AS one ON one.record = compared_pairs.first_record AND one.kind = compared_pairs.kind
        JOIN own_hardware AS other ON other.record = compared_pairs.second_record AND other.number = one.number
    ) AS agreeing
        ON agreeing.first_record = compared_pairs.first_record
        AND agreeing.second_record = compared_pairs.second_record AND agreeing.kind = compared_pairs.kind
    GROUP BY compared_pairs.kind, compared_pairs.first_provider, compared_pairs.second_provider
"""


def agreements(database: SqlDatabase, counted: NameCounts) -> Mapping[Kind, Agreement]:
    """
    Count how often each kind of hardware agrees, from `holders` and `teaching_values`.

    Args:
        counted: The companies and names of all records.
    """
    database.load("hardware", "kind STRING", [(str(kind),) for kind in HARDWARE])
    cleaned = [(name, clean(name)) for name in sorted({name for _, name in counted if name})]
    database.load("cleaned_names", "company_name STRING, cleaned STRING", cleaned)
    samples = [(kind, sampling_interval(count)) for kind, count in database.rows(COUNTS_OF_VALUES)]
    database.load("samples", "kind STRING, modulus BIGINT", samples)
    database.table("sampled_holders", SAMPLED_HOLDERS)
    database.table("sampled_hostnames", SAMPLED_HOSTNAMES)
    database.table("sampled_pairs", SAMPLED_PAIRS)
    database.table("measured_pairs", MEASURED_PAIRS)
    database.table("own_hardware", OWN_HARDWARE)
    database.table("kinds_of_records", KINDS_OF_RECORDS)
    database.table("compared_pairs", COMPARED_PAIRS)
    found: dict[Kind, Agreement] = {kind: {} for kind in HARDWARE}
    for kind, one, other, pairs, agreeing in database.rows(AGREEMENT):
        add_agreement(found[Kind(kind)], (one, other), pairs, agreeing)
    return found


def load_untrusted_fields(database: SqlDatabase, untrusted: Iterable[UntrustedField]) -> None:
    """Load untrusted fields as `untrusted_fields`."""
    fields = [(field.provider, str(field.kind)) for field in untrusted]
    database.load("untrusted_fields", "provider STRING, kind STRING", fields)
