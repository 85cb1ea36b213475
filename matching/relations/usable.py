"""
What is usable of all records under a calibration, as tables: the counterpart of `matching.calibration.usable`.

Suppressed values, and fields that are not trusted, are left out; truncated hostnames are restored; each record gets its
customer. Only companies come to Python, to be looked up in the company map.
"""

from matching.calibration.calibrate import Calibration
from matching.policy import Policy
from matching.relations.database import SqlDatabase
from matching.relations.holders import load_limits
from matching.relations.over_shared import load_suppressed_values
from matching.relations.trust import load_untrusted_fields
from matching.values.placeholders import VIRTUAL_MACHINE_PREFIXES

COMPANIES = "SELECT DISTINCT records.company FROM records WHERE records.company IS NOT NULL"

# A value of the record's own goes where it or its field is suppressed, a derived one where it or its source is. MACs of
# a virtual machine that go are kept as `shared`: they join nobody, and say which adapters the machine has.
USABLE_VALUES = """
    SELECT judged.record, judged.provider, judged.kind, judged.value, judged.number,
        CASE WHEN judged.is_suppressed THEN 'shared' ELSE judged.standing END AS standing
    FROM (
        SELECT numbered_values.record, numbered_values.provider, numbered_values.kind, numbered_values.value,
            numbered_values.number, numbered_values.standing,
            suppressed_values.value IS NOT NULL OR sources.value IS NOT NULL OR untrusted_fields.kind IS NOT NULL
                AS is_suppressed
        FROM numbered_values
        LEFT JOIN suppressed_values
            ON suppressed_values.kind = numbered_values.kind AND suppressed_values.value = numbered_values.value
        LEFT JOIN suppressed_values AS sources
            ON sources.kind = numbered_values.source_kind AND sources.value = numbered_values.source_value
        LEFT JOIN untrusted_fields
            ON untrusted_fields.provider = numbered_values.provider
            AND untrusted_fields.kind
                = CASE
                    WHEN numbered_values.standing IN ('own', 'weak') THEN numbered_values.kind
                    ELSE numbered_values.source_kind
                END
    ) AS judged
    LEFT JOIN virtual_machine_prefixes
        ON judged.kind = 'mac' AND virtual_machine_prefixes.prefix = substr(judged.value, 1, 6)
    WHERE NOT judged.is_suppressed
        OR (judged.standing IN ('own', 'weak') AND virtual_machine_prefixes.prefix IS NOT NULL)
"""

# What each provider lists of a customer under a prefix: longer hostnames, and the prefix itself.
LISTED_PREFIXES = """
    SELECT named.customer, named.prefix, named.provider,
        min(CASE WHEN named.is_longer THEN named.hostname END) AS first_longer,
        max(CASE WHEN named.is_longer THEN named.hostname END) AS last_longer,
        max(CASE WHEN named.is_longer THEN named.has_generic_hostname END) AS has_generic_hostname,
        count(CASE WHEN NOT named.is_longer THEN 1 END) AS truncated
    FROM (
        SELECT customers.customer, substr(records.hostname, 1, limits.netbios_length) AS prefix,
            records.provider, records.hostname, records.has_generic_hostname,
            length(records.hostname) > limits.netbios_length AS is_longer
        FROM records
        CROSS JOIN limits
        JOIN customers ON customers.company = records.company
        WHERE length(records.hostname) >= limits.netbios_length
    ) AS named
    GROUP BY named.customer, named.prefix, named.provider
"""

# A provider, which is no PSA, that lists the prefix beside the one longer hostname has two boxes: it truncates none.
LONGER_HOSTNAMES = """
    SELECT listed_prefixes.customer, listed_prefixes.prefix, min(listed_prefixes.first_longer) AS hostname,
        max(listed_prefixes.has_generic_hostname) AS has_generic_hostname
    FROM listed_prefixes
    LEFT JOIN psa_providers ON psa_providers.provider = listed_prefixes.provider
    LEFT JOIN ambiguous_prefixes
        ON ambiguous_prefixes.customer = listed_prefixes.customer
        AND ambiguous_prefixes.prefix = listed_prefixes.prefix
    WHERE ambiguous_prefixes.prefix IS NULL
    GROUP BY listed_prefixes.customer, listed_prefixes.prefix
    HAVING min(listed_prefixes.first_longer) = max(listed_prefixes.last_longer)
        AND sum(listed_prefixes.truncated) > 0
        AND count(
            CASE
                WHEN psa_providers.provider IS NULL AND listed_prefixes.first_longer IS NOT NULL
                    AND listed_prefixes.truncated > 0
                THEN 1
            END
        ) = 0
"""

# A restored hostname has the prefix that it had before.
USABLE_RECORDS = """
    SELECT named.record, named.provider, named.id, named.customer, named.live, named.has_hostname_field,
        named.truncated, named.longer,
        CASE WHEN named.truncated IS NULL THEN coalesce(named.longer, named.hostname) END AS hostname,
        CASE WHEN named.truncated IS NULL THEN substr(named.hostname, 1, named.netbios_length) END AS prefix,
        named.truncated IS NULL AND length(named.hostname) >= named.netbios_length AS has_long_hostname,
        named.has_generic_hostname
    FROM (
        SELECT records.record, records.provider, records.id, customers.customer, records.live,
            records.has_hostname_field, records.hostname, ambiguous_prefixes.prefix AS truncated,
            longer_hostnames.hostname AS longer, limits.netbios_length,
            coalesce(longer_hostnames.has_generic_hostname, records.has_generic_hostname) AS has_generic_hostname
        FROM records
        CROSS JOIN limits
        LEFT JOIN customers ON customers.company = records.company
        LEFT JOIN ambiguous_prefixes
            ON ambiguous_prefixes.customer = customers.customer AND ambiguous_prefixes.prefix = records.hostname
        LEFT JOIN longer_hostnames
            ON longer_hostnames.customer = customers.customer AND longer_hostnames.prefix = records.hostname
    ) AS named
"""


def make_usable(database: SqlDatabase, calibration: Calibration, policy: Policy) -> None:
    """
    Make `usable_values` and `usable_records` of a database that has all of `tables.TABLES`, with numbered values.

    A row of `usable_values` is a value that a record may use: record, provider, kind, value, number (if several hold
    the value), and standing, which is one of `tables.Standing`, or `shared` for an over-shared MAC of a virtual
    machine. `usable_records` has each record with its customer, its usable hostname and the prefix of that, the
    hostname that it stands for if it is truncated (`longer`), and the one that may stand for several (`truncated`).
    """
    _load_calibration(database, calibration)
    load_limits(database, policy)
    database.load("psa_providers", "provider STRING", [(provider,) for provider in sorted(policy.psa_providers)])
    prefixes = [(prefix,) for prefix in sorted(VIRTUAL_MACHINE_PREFIXES)]
    database.load("virtual_machine_prefixes", "prefix STRING", prefixes)
    database.table("usable_values", USABLE_VALUES)
    database.table("listed_prefixes", LISTED_PREFIXES)
    database.table("longer_hostnames", LONGER_HOSTNAMES)
    database.table("usable_records", USABLE_RECORDS)


def _load_calibration(database: SqlDatabase, calibration: Calibration) -> None:
    load_suppressed_values(database, calibration.shared)
    load_untrusted_fields(database, calibration.untrusted)
    customers = sorted((company, calibration.companies.of(company) or "") for (company,) in database.rows(COMPANIES))
    known = [(company, customer) for company, customer in customers if customer]
    database.load("customers", "company STRING, customer STRING", known)
    prefixes = sorted(calibration.ambiguous_prefixes)
    database.load("ambiguous_prefixes", "customer STRING, prefix STRING", prefixes)
