"""
Partitions to compare with tables: of few records, under what they teach or under any calibration.

Few records teach little. So most calibrations are drawn: of the values, fields and prefixes that the records have.
"""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import CompanyMap
from matching.calibration.trust import UntrustedField
from matching.clustering.partition import Partition, partition
from matching.errors import BadDecision
from matching.evidence.identity import Identity, identify
from matching.model import Decision, Kind, Record, SharedValue
from matching.policy import Policy
from matching.relations.database import SqlDatabase
from matching.relations.usable import make_usable
from tests.matching.fleets import PROVIDERS, decisions, fleets, policies, renamed, sparse
from tests.matching.relations.loading import load_tables

T = TypeVar("T")

FIELDS = (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC)

Drawn = tuple[Partition, list[Identity], Policy]
"""A partition, and what it was made of."""


@st.composite
def calibrations(draw: st.DrawFn, identities: Sequence[Identity]) -> Calibration:
    """Draw what records might have taught."""
    held = {pair for identity in identities for pair in (*identity.values(), *identity.weak)}
    values = draw(_some_of(sorted(pair for pair in held if pair[0] is not Kind.HOSTNAME)))
    fields = draw(_some_of([(provider, kind) for provider in PROVIDERS for kind in FIELDS]))
    companies = sorted({identity.company for identity in identities if identity.company})
    customer = {company: draw(st.sampled_from(companies)) for company in draw(_some_of(companies))}
    names = {identity.hostname[:15] for identity in identities if identity.hostname and len(identity.hostname) >= 15}
    customers = [*companies, *customer.values()]
    prefixes = draw(_some_of(sorted({(each, name) for each in customers for name in names})))
    return Calibration(
        shared=tuple(SharedValue(kind, value, "drawn") for kind, value in values),
        untrusted=tuple(UntrustedField(provider, kind, 9, 1) for provider, kind in fields),
        companies=CompanyMap(customer, catch_alls=frozenset(draw(_some_of(companies)))),
        complete=frozenset(draw(_some_of(list(PROVIDERS)))),
        ambiguous_prefixes=frozenset(prefixes),
    )


@st.composite
def partitions(draw: st.DrawFn) -> Drawn:
    """Draw records, a policy and decisions; give what they are partitioned into, the identities, and the policy."""
    rows: list[Record] = draw(fleets(min_size=2) | renamed() | sparse())
    policy, verdicts = draw(policies), draw(st.lists(decisions, max_size=3))
    identities = [identify(row, policy) for row in rows]
    return partitioned(identities, policy, verdicts, draw(st.none() | calibrations(identities))), identities, policy


def partitioned(
    identities: Sequence[Identity],
    policy: Policy,
    verdicts: Sequence[Decision] = (),
    calibration: Calibration | None = None,
) -> Partition:
    """Partition identities, or leave the example out where its decisions contradict each other."""
    try:
        return partition(identities, policy, verdicts, calibration)
    except BadDecision:
        assume(False)
        raise


def load_usable(database: SqlDatabase, whole: Partition, identities: Sequence[Identity], policy: Policy) -> None:
    """Give a database the tables of a partition's records, and of what is usable of them."""
    load_tables(database, identities)
    make_usable(database, whole.calibration, policy)


def _some_of(values: Sequence[T]) -> st.SearchStrategy[list[T]]:
    """Draw few of some values."""
    return st.lists(st.sampled_from(values), max_size=3, unique=True) if values else st.just([])
