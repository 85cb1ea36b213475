"""
The calibration of all records, from tables: what `matching.calibration.calibrate` learns from identities in memory.

Nothing comes to Python but counts by provider, company and name, the candidates of over-shared values, and what the
calibration itself holds.
"""

from matching.calibration.adapters import complete_by
from matching.calibration.calibrate import Calibration
from matching.calibration.companies import align
from matching.calibration.trust import untrusted_by
from matching.policy import Policy
from matching.relations.adapters import adapter_lists
from matching.relations.companies import count_company_names, count_shared_boxes, load_customers
from matching.relations.database import SqlDatabase
from matching.relations.holders import count_holders, join_uniquely, load_limits, select_teaching_values
from matching.relations.over_shared import Unpack, load_suppressed_values, over_shared_values
from matching.relations.truncated_names import ambiguous_prefixes
from matching.relations.trust import agreements, load_untrusted_fields


def calibrate(database: SqlDatabase, unpack: Unpack, policy: Policy) -> Calibration:
    """
    Return the calibration of the records of a database that has all of `tables.TABLES`, with numbered values.

    It leaves `suppressed_values`, `untrusted_fields` and `customers` there, for the steps after it.
    """
    load_limits(database, policy)
    count_holders(database)
    shared = over_shared_values(database, unpack, policy)
    load_suppressed_values(database, shared)
    select_teaching_values(database)
    counted = count_company_names(database)
    untrusted = untrusted_by(agreements(database, counted), policy)
    load_untrusted_fields(database, untrusted)
    join_uniquely(database)
    companies = align(counted, count_shared_boxes(database, policy), policy)
    load_customers(database, companies)
    complete = complete_by(adapter_lists(database), policy)
    return Calibration(shared, untrusted, companies, complete, ambiguous_prefixes(database, policy))
