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
SHARED_VALUES = """
    SELECT holders.kind, count(DISTINCT holders.value)
    FROM holders
    WHERE NOT holders.is_weak
    GROUP BY holders.kind
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
    SELECT holders.kind, holders.value, holders.record
    FROM holders
    CROSS JOIN limits
    JOIN samples ON samples.kind = holders.kind
    LEFT JOIN suppressed_values
        ON suppressed_values.kind = holders.kind AND suppressed_values.value = holders.value
    WHERE NOT holders.is_weak AND holders.holders = 1 AND holders.total <= limits.most_providers
        AND holders.checksum % samples.modulus = 0 AND suppressed_values.value IS NULL
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
        ON other.kind = one.kind AND other.value = one.value AND one.record < other.record
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
    SELECT held.kind, held.record, held.provider, held.value
    FROM held
    JOIN hardware ON hardware.kind = held.kind
    LEFT JOIN suppressed_values ON suppressed_values.kind = held.kind AND suppressed_values.value = held.value
    WHERE held.standing = 'own' AND suppressed_values.value IS NULL
"""

AGREEING_PAIRS = """
    SELECT DISTINCT measured_pairs.kind, measured_pairs.first_record, measured_pairs.second_record
    FROM measured_pairs
    JOIN own_hardware AS one ON one.kind = measured_pairs.kind AND one.record = measured_pairs.first_record
    JOIN own_hardware AS other
        ON other.kind = measured_pairs.kind AND other.record = measured_pairs.second_record AND other.value = one.value
"""

# Only pairs count of which both records have a value of the kind.
AGREEMENT = """
    SELECT measured_pairs.kind, one.provider AS first_provider, other.provider AS second_provider,
        count(*), count(agreeing_pairs.first_record)
    FROM measured_pairs
    JOIN (SELECT DISTINCT own_hardware.kind, own_hardware.record, own_hardware.provider FROM own_hardware) AS one
        ON one.kind = measured_pairs.kind AND one.record = measured_pairs.first_record
    JOIN (SELECT DISTINCT own_hardware.kind, own_hardware.record, own_hardware.provider FROM own_hardware) AS other
        ON other.kind = measured_pairs.kind AND other.record = measured_pairs.second_record
    LEFT JOIN agreeing_pairs
        ON agreeing_pairs.kind = measured_pairs.kind AND agreeing_pairs.first_record = measured_pairs.first_record
        AND agreeing_pairs.second_record = measured_pairs.second_record
    GROUP BY measured_pairs.kind, one.provider, other.provider
"""


def agreements(database: SqlDatabase, counted: NameCounts) -> Mapping[Kind, Agreement]:
    """
    Count how often each kind of hardware agrees, from `holders`.

    Args:
        counted: The companies and names of all records.
    """
    database.load("hardware", "kind STRING", [(str(kind),) for kind in HARDWARE])
    cleaned = [(name, clean(name)) for name in sorted({name for _, name in counted if name})]
    database.load("cleaned_names", "company_name STRING, cleaned STRING", cleaned)
    samples = [(kind, sampling_interval(count)) for kind, count in database.rows(SHARED_VALUES)]
    database.load("samples", "kind STRING, modulus BIGINT", samples)
    database.table("sampled_holders", SAMPLED_HOLDERS)
    database.table("sampled_hostnames", SAMPLED_HOSTNAMES)
    database.table("sampled_pairs", SAMPLED_PAIRS)
    database.table("measured_pairs", MEASURED_PAIRS)
    database.table("own_hardware", OWN_HARDWARE)
    database.table("agreeing_pairs", AGREEING_PAIRS)
    found: dict[Kind, Agreement] = {kind: {} for kind in HARDWARE}
    for kind, one, other, pairs, agreeing in database.rows(AGREEMENT):
        add_agreement(found[Kind(kind)], (one, other), pairs, agreeing)
    return found


def load_untrusted_fields(database: SqlDatabase, untrusted: Iterable[UntrustedField]) -> None:
    """Load untrusted fields as `untrusted_fields`."""
    fields = [(field.provider, str(field.kind)) for field in untrusted]
    database.load("untrusted_fields", "provider STRING, kind STRING", fields)
