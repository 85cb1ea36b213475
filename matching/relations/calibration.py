"""
The calibration of all records, from tables: what `matching.calibration.calibrate` learns from identities in memory.

Nothing comes to Python but counts by provider, company and name, the candidates of over-shared values, and what the
calibration itself holds.
"""

from matching.calibration.calibrate import Calibration
from matching.policy import Policy
from matching.relations.adapters import complete_providers
from matching.relations.companies import company_map, count_company_names, load_customers
from matching.relations.database import SqlDatabase
from matching.relations.holders import count_holders, join_uniquely, load_limits
from matching.relations.over_shared import Unpack, load_suppressed_values, over_shared_values
from matching.relations.truncated_names import ambiguous_prefixes
from matching.relations.trust import load_untrusted_fields, untrusted_fields


def calibrate(database: SqlDatabase, unpack: Unpack, policy: Policy) -> Calibration:
    """
    Return the calibration of the records of a database that has all of `tables.TABLES`.

    It leaves `suppressed_values`, `untrusted_fields` and `customers` there, for the steps after it.
    """
    load_limits(database, policy)
    count_holders(database)
    shared = over_shared_values(database, unpack, policy)
    load_suppressed_values(database, shared)
    counted = count_company_names(database)
    untrusted = untrusted_fields(database, counted, policy)
    load_untrusted_fields(database, untrusted)
    join_uniquely(database)
    companies = company_map(database, counted, policy)
    load_customers(database, companies)
    complete = complete_providers(database, policy)
    return Calibration(shared, untrusted, companies, complete, ambiguous_prefixes(database, policy))
