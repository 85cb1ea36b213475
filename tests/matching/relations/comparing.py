"""Compare what tables teach with what identities in memory teach."""

from collections.abc import Sequence

from matching.calibration import calibrate as in_memory
from matching.calibration.calibrate import Calibration
from matching.evidence.identity import Identity
from matching.policy import Policy
from matching.relations.calibration import calibrate
from matching.relations.companies import load_customers
from matching.relations.database import SqlDatabase
from matching.relations.holders import count_holders, join_uniquely, load_limits, select_teaching_values
from matching.relations.over_shared import load_suppressed_values
from matching.relations.trust import load_untrusted_fields
from service.core.packing import unpacked
from tests.matching.relations.loading import load_tables


def assert_equal_calibrations(database: SqlDatabase, identities: Sequence[Identity], policy: Policy) -> None:
    """Compare both ways, and the names of companies, which equal calibrations may differ in."""
    load_tables(database, identities)
    expected = in_memory.calibrate(identities, policy)

    learnt = calibrate(database, unpacked, policy)

    assert learnt == expected
    assert learnt.companies.names == expected.companies.names


def prepare(database: SqlDatabase, identities: Sequence[Identity], policy: Policy) -> Calibration:
    """Make all tables that the steps read from what is learnt in memory, and return that."""
    known = in_memory.calibrate(identities, policy)
    load_tables(database, identities)
    load_limits(database, policy)
    count_holders(database)
    load_suppressed_values(database, known.shared)
    select_teaching_values(database)
    load_untrusted_fields(database, known.untrusted)
    load_customers(database, known.companies)
    join_uniquely(database)
    return known
