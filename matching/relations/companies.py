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

USABLE_GUIDS = """
    SELECT records.record, records.guid
    FROM records
    LEFT JOIN suppressed_values ON suppressed_values.kind = 'bios_guid' AND suppressed_values.value = records.guid
    LEFT JOIN untrusted_fields ON untrusted_fields.kind = 'bios_guid' AND untrusted_fields.provider = records.provider
    WHERE records.guid IS NOT NULL AND suppressed_values.value IS NULL AND untrusted_fields.kind IS NULL
"""

# Each pair once: those that a GUID joins, and of the others those that a serial joins, or a MAC beside a hostname.
SHARED_BOXES = """
    SELECT unique_pairs.first_record, unique_pairs.second_record
    FROM unique_pairs
    WHERE unique_pairs.kind = 'bios_guid'
    UNION ALL
    SELECT DISTINCT unique_pairs.first_record, unique_pairs.second_record
    FROM unique_pairs
    JOIN records AS one ON one.record = unique_pairs.first_record
    JOIN records AS other ON other.record = unique_pairs.second_record
    LEFT JOIN usable_guids AS guid ON guid.record = unique_pairs.first_record
    LEFT JOIN usable_guids AS other_guid ON other_guid.record = unique_pairs.second_record
    WHERE coalesce(guid.guid <> other_guid.guid, TRUE)
        AND (
            unique_pairs.kind = 'serial'
            OR (unique_pairs.kind = 'mac' AND one.hostname = other.hostname AND NOT one.has_generic_hostname)
        )
"""

BOXES_OF_COMPANIES = """
    SELECT one.company AS first_company, other.company AS second_company, count(*)
    FROM shared_boxes
    JOIN records AS one ON one.record = shared_boxes.first_record
    JOIN records AS other ON other.record = shared_boxes.second_record
    JOIN teaching_providers ON teaching_providers.provider = one.provider
    JOIN teaching_providers AS other_teaching ON other_teaching.provider = other.provider
    WHERE one.company IS NOT NULL AND other.company IS NOT NULL
    GROUP BY one.company, other.company
"""


def count_company_names(database: SqlDatabase) -> NameCounts:
    """Return the number of records of each company under each of its names."""
    return {(company, name): count for company, name, count in database.rows(NAMES)}


def count_shared_boxes(database: SqlDatabase, policy: Policy) -> BoxCounts:
    """Return the number of boxes that each two companies share, from `unique_pairs`."""
    teaching = [row for row in database.rows(PROVIDERS) if policy.trusts_across_customers(row[0])]
    database.load("teaching_providers", "provider STRING", teaching)
    database.table("usable_guids", USABLE_GUIDS)
    database.table("shared_boxes", SHARED_BOXES)
    return {(one, other): count for one, other, count in database.rows(BOXES_OF_COMPANIES)}


def load_customers(database: SqlDatabase, companies: CompanyMap) -> None:
    """Load `customers`: the customer of each company, but for catch-alls."""
    customers = [(company, companies.of(company)) for company in companies.customer]
    known = [(company, customer) for company, customer in customers if customer is not None]
    database.load("customers", "company STRING, customer STRING", known)
