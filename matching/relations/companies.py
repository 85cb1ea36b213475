"""The company map: names and shared boxes are counted here; `matching.calibration.companies` aligns by the counts."""

from matching.calibration.companies import BoxCounts, CompanyMap, NameCounts
from matching.policy import Policy
from matching.relations.database import SqlDatabase

NAMES = """
    SELECT records.company, records.company_name, count(*)
    FROM records
    GROUP BY records.company, records.company_name
"""

PROVIDERS = "SELECT DISTINCT records.provider FROM records"

# The records that may teach whose box it is. A generic hostname tells no boxes apart.
TEACHING_RECORDS = """
    SELECT records.record, records.company,
        CASE WHEN NOT records.has_generic_hostname THEN records.hostname END AS hostname,
        CASE WHEN suppressed_values.value IS NULL AND untrusted_fields.kind IS NULL THEN records.guid END AS guid
    FROM records
    JOIN teaching_providers ON teaching_providers.provider = records.provider
    LEFT JOIN suppressed_values ON suppressed_values.kind = 'bios_guid' AND suppressed_values.value = records.guid
    LEFT JOIN untrusted_fields ON untrusted_fields.kind = 'bios_guid' AND untrusted_fields.provider = records.provider
    WHERE records.company IS NOT NULL
"""

JOINED_PAIRS = """
    SELECT unique_pairs.first_record, unique_pairs.second_record,
        max(CASE WHEN unique_pairs.kind = 'bios_guid' THEN 1 ELSE 0 END) AS is_by_guid,
        max(CASE WHEN unique_pairs.kind = 'serial' THEN 1 ELSE 0 END) AS is_by_serial
    FROM unique_pairs
    GROUP BY unique_pairs.first_record, unique_pairs.second_record
"""

# Each pair once: those that a GUID joins, and of the others those that a serial joins, or a MAC beside a hostname.
BOXES_OF_COMPANIES = """
    SELECT one.company AS first_company, other.company AS second_company, count(*)
    FROM joined_pairs
    JOIN teaching_records AS one ON one.record = joined_pairs.first_record
    JOIN teaching_records AS other ON other.record = joined_pairs.second_record
    WHERE joined_pairs.is_by_guid = 1
        OR (coalesce(one.guid <> other.guid, TRUE) AND (joined_pairs.is_by_serial = 1 OR one.hostname = other.hostname))
    GROUP BY one.company, other.company
"""


def count_company_names(database: SqlDatabase) -> NameCounts:
    """Return the number of records of each company under each of its names."""
    return {(company, name): count for company, name, count in database.rows(NAMES)}


def count_shared_boxes(database: SqlDatabase, policy: Policy) -> BoxCounts:
    """Return the number of boxes that each two companies share, from `unique_pairs`."""
    teaching = [row for row in database.rows(PROVIDERS) if policy.trusts_across_customers(row[0])]
    database.load("teaching_providers", "provider STRING", teaching)
    database.table("teaching_records", TEACHING_RECORDS)
    database.table("joined_pairs", JOINED_PAIRS)
    return {(one, other): count for one, other, count in database.rows(BOXES_OF_COMPANIES)}


def load_customers(database: SqlDatabase, companies: CompanyMap) -> None:
    """Load `customers`: the customer of each company, but for catch-alls."""
    customers = [(company, companies.of(company)) for company in companies.customer]
    known = [(company, customer) for company, customer in customers if customer is not None]
    database.load("customers", "company STRING, customer STRING", known)
