"""
Partitions to compare with tables: of few records, under what they teach or under any calibration.

Few records teach little. So most calibrations are drawn: of the values, fields and prefixes that the records have.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import CompanyMap
from matching.calibration.trust import UntrustedField
from matching.clustering.partition import Partition, partition
from matching.errors import BadDecision
from matching.evidence.identity import Identity, identify
from matching.model import Decision, Kind, Record, SharedValue, Verdict
from matching.policy import Policy
from matching.relations.database import SqlDatabase
from matching.relations.usable import make_usable
from tests.matching.fleets import PROVIDERS, decisions, fleets, policies, renamed, sparse
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy
from tests.matching.relations.loading import load_tables

T = TypeVar("T")

FIELDS = (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC)


@dataclass(frozen=True)
class Drawn:
    """A partition, what it was made of, and what a failing example shows of it: the records, or chance."""

    whole: Partition = field(repr=False)
    identities: Sequence[Identity] = field(repr=False)
    policy: Policy
    shown: object


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
    """Draw few records, a policy and decisions; give what they are partitioned into, the identities, and the policy."""
    rows: list[Record] = draw(fleets(min_size=2) | renamed() | sparse())
    policy, verdicts = draw(policies), draw(st.lists(decisions, max_size=3))
    identities = [identify(row, policy) for row in rows]
    whole = partitioned(identities, policy, verdicts, draw(st.none() | calibrations(identities)))
    return Drawn(whole, identities, policy, (rows, verdicts, whole.calibration))


@st.composite
def busy_partitions(draw: st.DrawFn) -> Drawn:
    """Draw a larger fleet, and give what it is partitioned into under what it teaches."""
    seed = draw(st.integers(0, 2**32 - 1))
    chance = Random(seed)
    policy = busy_policy(chance)
    identities = [_with_sources_of_its_own(identity) for identity in busy_fleet(chance, policy)]
    keys = st.sampled_from([identity.key for identity in identities])
    verdicts = draw(st.lists(st.builds(Decision, st.sampled_from(Verdict), keys, keys), max_size=3))
    return Drawn(partitioned(identities, policy, verdicts), identities, policy, (seed, verdicts))


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


def load_usable(database: SqlDatabase, drawn: Drawn) -> None:
    """Give a database the tables of a partition's records, and of what is usable of them."""
    load_tables(database, drawn.identities)
    make_usable(database, drawn.whole.calibration, drawn.policy)


def _with_sources_of_its_own(identity: Identity) -> Identity:
    """As `identify` makes it: no derived value is also the record's own, and its source is a value of the record."""
    own = set(identity._replace(derived=()).values())
    source = (Kind.BIOS_GUID, identity.guid) if identity.guid else None
    derived = (each._replace(source=each.source and source) for each in identity.derived)
    return identity._replace(derived=tuple(each for each in derived if (each.kind, each.value) not in own))


def _some_of(values: Sequence[T]) -> st.SearchStrategy[list[T]]:
    """Draw few of some values."""
    return st.lists(st.sampled_from(values), max_size=3, unique=True) if values else st.just([])
