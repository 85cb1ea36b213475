"""Prefixes that several longer hostnames of a customer share, as `matching.calibration.truncated_names` has them."""

from matching.calibration.truncated_names import NamePrefix
from matching.model import Kind
from matching.policy import Policy
from matching.relations.database import SqlDatabase

LONG_HOSTNAMES = """
    SELECT DISTINCT customers.customer, substr(records.hostname, 1, limits.netbios_length) AS prefix,
        records.hostname, length(records.hostname) > limits.netbios_length AS is_longer, records.provider
    FROM records
    CROSS JOIN limits
    JOIN customers ON customers.company = records.company
    WHERE length(records.hostname) >= limits.netbios_length
"""

# A provider, which is no PSA, that lists the prefix itself beside a longer hostname has two boxes: it truncates none.
AMBIGUOUS_PREFIXES = """
    SELECT long_hostnames.customer, long_hostnames.prefix
    FROM long_hostnames
    LEFT JOIN allowed_hostnames ON allowed_hostnames.hostname = long_hostnames.prefix
    LEFT JOIN (
        SELECT DISTINCT one.customer, one.prefix
        FROM long_hostnames AS one
        JOIN long_hostnames AS other
            ON other.customer = one.customer AND other.prefix = one.prefix AND other.provider = one.provider
        LEFT JOIN psa_providers ON psa_providers.provider = one.provider
        WHERE one.is_longer AND NOT other.is_longer AND psa_providers.provider IS NULL
    ) AS complete ON complete.customer = long_hostnames.customer AND complete.prefix = long_hostnames.prefix
    WHERE long_hostnames.is_longer AND allowed_hostnames.hostname IS NULL AND complete.prefix IS NULL
    GROUP BY long_hostnames.customer, long_hostnames.prefix
    HAVING count(DISTINCT long_hostnames.hostname) > 1
"""


def ambiguous_prefixes(database: SqlDatabase, policy: Policy) -> frozenset[NamePrefix]:
    """Return the prefixes that several longer hostnames share, from `customers`."""
    allowed = [(hostname,) for hostname in sorted(policy.allow.get(Kind.HOSTNAME, ()))]
    database.load("allowed_hostnames", "hostname STRING", allowed)
    database.load("psa_providers", "provider STRING", [(provider,) for provider in sorted(policy.psa_providers)])
    database.table("long_hostnames", LONG_HOSTNAMES)
    return frozenset((customer, prefix) for customer, prefix in database.rows(AMBIGUOUS_PREFIXES))
