"""The evidence that joined a device is a spanning tree of its records, the strongest ties first."""

from itertools import combinations, pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from matching.evidence.groups import agree, group_of
from matching.evidence.identity import Identity, identify
from matching.model import Claim, ClaimOutcome, Key, Kind, Record
from matching.policy import Policy
from matching.results.joining import RANK, chain, joining_evidence, partners_of
from tests.matching.fleets import fleets, keys
from tests.matching.stories import identity

pairs = st.lists(st.tuples(keys, keys), max_size=3)


def members_of(fleet: list[Record]) -> list[Identity]:
    """Return what some records say, in order of key, as if they were one device."""
    return sorted((identify(record, Policy()) for record in fleet), key=lambda said: said.key)


def ties(members: list[Identity], same: list[tuple[Key, Key]]) -> "nx.Graph[Key]":
    """Return the graph of members that share a value, weak ones included, or a decision: every pair is compared."""
    graph: nx.Graph[Key] = nx.Graph()
    graph.add_nodes_from(member.key for member in members)
    groups = {member.key: group_of(member, None, frozenset()) for member in members}
    for (one, mine), (other, theirs) in combinations(groups.items(), 2):
        ranks = [RANK[kind] for kind in Kind if agree(mine, theirs, kind)]
        ranks += [RANK[kind] for kind, _ in mine.weak & theirs.weak]
        if (one, other) in same or (other, one) in same:
            ranks.append(RANK[None])
        if ranks:
            graph.add_edge(one, other, weight=min(ranks))
    return graph


@given(fleets(), pairs)
def test_the_evidence_is_a_spanning_tree(fleet: list[Record], same: list[tuple[Key, Key]]) -> None:
    """Whatever values and decisions connect is reached, each record once, and from a record that was reached before."""
    members = members_of(fleet)
    graph = ties(members, same)
    for start in members[:2]:
        claims = list(joining_evidence(members, {start.key}, partners_of(same)))
        reached = {start.key}
        for claim in claims:
            assert claim.right in reached
            assert claim.left not in reached
            reached.add(claim.left)
        assert reached == nx.node_connected_component(graph, start.key)


@given(fleets(), pairs)
def test_each_claim_is_the_strongest_that_leads_to_a_new_record(
    fleet: list[Record], same: list[tuple[Key, Key]]
) -> None:
    """Both records carry what the claim says, and nothing outranks it among what the tree could have taken next."""
    members = members_of(fleet)
    graph = ties(members, same)
    for start in members[:1]:
        reached = {start.key}
        for claim in joining_evidence(members, {start.key}, partners_of(same)):
            assert claim.outcome is ClaimOutcome.AGREE
            ranks = [
                graph.edges[one, other]["weight"]
                for one, other in graph.edges
                if (one in reached) != (other in reached)
            ]
            assert RANK[claim.kind] == min(ranks) == graph.edges[claim.left, claim.right]["weight"]
            reached.add(claim.left)


@given(fleets(min_size=2), pairs)
def test_a_chain_leads_from_one_record_to_the_other(fleet: list[Record], same: list[tuple[Key, Key]]) -> None:
    """Each claim begins where the one before ends; without a connection there is no chain."""
    members = members_of(fleet)
    graph = ties(members, same)
    left = members[0].key
    for right in [member.key for member in members[1:]]:
        claims = chain(members, left, right, partners_of(same))
        assert bool(claims) == nx.has_path(graph, left, right)
        if claims:
            assert (claims[0].left, claims[-1].right) == (left, right)
            assert all(one.right == other.left for one, other in pairwise(claims))


def test_the_strongest_tie_is_told() -> None:
    """A serial before a MAC before a hostname; the record with the smallest key where they are equal."""
    members = [
        identity("a:1", serial="5CG1111AAA", macs=["3C:52:82:00:00:01"]),
        identity("b:1", serial="5CG1111AAA", macs=["3C:52:82:00:00:01"]),
        identity("c:1", macs=["3C:52:82:00:00:01"]),
    ]

    assert list(joining_evidence(members, (), {})) == [
        Claim(Kind.SERIAL, ClaimOutcome.AGREE, "5CG1111AAA", Key("b", "1"), Key("a", "1")),
        Claim(Kind.MAC, ClaimOutcome.AGREE, "3C:52:82:00:00:01", Key("c", "1"), Key("a", "1")),
    ]


def test_a_decision_outweighs_all_evidence() -> None:
    """Whoever decided is told before what both happen to carry."""
    members = [identity("a:1", serial="5CG1111AAA"), identity("b:1", serial="5CG1111AAA")]

    [claim] = joining_evidence(members, (), partners_of([(Key("b", "1"), Key("a", "1"))]))
    assert claim.kind is None


def test_records_that_nothing_connects_have_no_chain() -> None:
    """No evidence is made up."""
    assert chain([identity("a:1"), identity("b:1")], Key("a", "1"), Key("b", "1"), {}) == []
