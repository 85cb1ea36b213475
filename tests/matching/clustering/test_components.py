"""A component holds every record that the rule could join with another of its records."""

from itertools import combinations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from matching.clustering.components import find_components, possible_customers
from matching.clustering.partition import partition
from matching.clustering.resolve import resolve
from matching.disjoint_sets import DisjointSets
from matching.errors import BadDecision
from matching.evidence.groups import agree
from matching.evidence.identity import identify
from matching.model import Decision, Key, Kind, Record
from matching.policy import Policy
from tests.matching.fleets import decisions, fleets, policies
from tests.matching.stories import identity, record

LINKED = [record("alpha:1", links=[{"provider": "beta", "id": "7"}]), record("beta:7")]
DOCKED = [record(key, hostname="pc1", macs=["00:50:B6:00:00:01"]) for key in ("alpha:1", "beta:7")]


@given(fleets(), policies, st.lists(decisions, max_size=3))
@example(LINKED, Policy(), [])
@settings(max_examples=200)
def test_the_rule_joins_nothing_across_different_components(
    fleet: list[Record], policy: Policy, verdicts: list[Decision]
) -> None:
    """
    All records resolved at once, as one component, give the devices that the components give one by one.

    Weak values are left out: see the next test.
    """
    identities = [identify(row, policy)._replace(weak=()) for row in fleet]
    try:
        whole = partition(identities, policy, verdicts)
    except BadDecision:
        assume(False)
        raise
    singles = [whole.single(position) for position in range(len(whole.identities))]
    at_once = {group.keys for group in resolve(singles, whole.same, whole.premises).groups}

    assert at_once == {frozenset(whole.identities[p].key for p in positions) for positions in whole.devices()}


@given(fleets(), policies)
@example(DOCKED, Policy())
def test_a_weak_value_beside_an_equal_hostname_connects_different_components(
    fleet: list[Record], policy: Policy
) -> None:
    """Two records that share both lie in one component; the hostname has to be each record's own."""
    whole = partition([identify(row, policy) for row in fleet], policy)
    component_of = {position: i for i, component in enumerate(whole.components) for position in component}

    for left, right in combinations(range(len(whole.identities)), 2):
        mine, theirs = whole.single(left), whole.single(right)
        if mine.weak & theirs.weak and agree(mine, theirs, Kind.HOSTNAME):
            assert component_of.get(left) == component_of.get(right) is not None


def test_a_decision_connects_records_that_share_nothing() -> None:
    """They are one device by a person's word, so they have to be resolved together."""
    rows = [identity("alpha:1"), identity("beta:1"), identity("gamma:1")]

    found = find_components(rows, [None] * 3, [(Key("alpha", "1"), Key("gamma", "1"))], ())

    assert found.sets == [[0, 2]]


def test_a_row_in_a_catch_all_may_belong_to_the_customers_of_its_component() -> None:
    """A serial connects it with a row of Acme: then a hostname of Acme's may be its own."""
    sets = DisjointSets(4)
    sets.union([0, 1])

    assert [sorted(each) for each in possible_customers(sets, ["acme", None, "bolt", None])] == [
        ["acme"],
        ["acme"],
        ["bolt"],
        [],
    ]


def test_equal_names_of_two_customers_do_not_meet() -> None:
    """Every customer has a `frontdesk`."""
    rows = [identity(f"alpha:{n}", hostname="frontdesk") for n in range(3)]

    assert find_components(rows, ["acme", "acme", "bolt"], [], ()).sets == [[0, 1]]
