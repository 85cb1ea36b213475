"""Which decisions a new one contradicts, so that the error can name those to revoke."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import networkx as nx

from matching.model import Decision, Key, Verdict
from matching.values.spelling import moment_text
from service.core.errors import Contradiction
from service.store.stewardship.decisions import StoredDecision

Same: TypeAlias = "nx.Graph[Key]"


Telling = Callable[[Sequence[StoredDecision]], Sequence[StoredDecision]]
"""Leaves of some decisions those that the caller may be told."""


def refuse_contradiction(standing: Sequence[StoredDecision], wanted: Decision, tell: Telling | None = None) -> None:
    """
    Refuse a decision that cannot hold beside those that stand.

    Args:
        tell: What the caller may be told of them; None: all.

    Raises:
        Contradiction: Names the wanted decision, and all those that together speak against it.
    """
    if against := contradicted(standing, wanted):
        shown = against if tell is None else tell(against)
        if len(shown) < len(against):
            told_of = f" ({', '.join(map(named, shown))})" if shown else ""
            sentence = f"{wanted.left} and {wanted.right} cannot be decided {wanted.verdict}: it contradicts what was "
            raise Contradiction(f"{sentence}decided before{told_of}", list(map(written, shown)))
        names = " and ".join(map(named, against))
        verb = "contradict" if len(against) > 1 else "contradicts"
        sentence = f"{wanted.left} and {wanted.right} cannot be decided {wanted.verdict}: {names} {verb} it"
        raise Contradiction(sentence, list(map(written, against)))


def contradicted(standing: Sequence[StoredDecision], wanted: Decision) -> list[StoredDecision]:
    """Return the decisions that a new one contradicts: a *different*, and the chain of *same* that opposes it."""
    graph: Same = nx.Graph()
    graph.add_nodes_from((wanted.left, wanted.right))
    for each in standing:
        if each.decision.verdict is Verdict.SAME:
            graph.add_edge(each.decision.left, each.decision.right, stored=each)
    if wanted.verdict is Verdict.DIFFERENT:
        return _chain(graph, wanted) if nx.has_path(graph, wanted.left, wanted.right) else []
    graph.add_edge(wanted.left, wanted.right)
    box = nx.node_connected_component(graph, wanted.left)
    parting = (each for each in standing if each.decision.verdict is Verdict.DIFFERENT)
    opposed = next((each for each in parting if {each.decision.left, each.decision.right} <= box), None)
    return [opposed, *_chain(graph, opposed.decision)] if opposed else []


def named(each: StoredDecision) -> str:
    """Return a decision in words, with who made it."""
    decision = each.decision
    return f"decision {each.id} of {decision.by} ({decision.left} and {decision.right}: {decision.verdict})"


def written(each: StoredDecision) -> dict[str, str]:
    """Return a decision as a problem has it."""
    decision = each.decision
    return {
        "id": each.id,
        "verdict": str(decision.verdict),
        "left": str(decision.left),
        "right": str(decision.right),
        "by": decision.by,
        "why": decision.why,
        "at": moment_text(each.at),
    }


def _chain(graph: Same, apart: Decision) -> list[StoredDecision]:
    """The stored decisions along the shortest chain between two records."""
    edges = nx.utils.pairwise(nx.shortest_path(graph, apart.left, apart.right))
    found: Iterable[StoredDecision | None] = (graph.edges[edge].get("stored") for edge in edges)
    return [each for each in found if each is not None]
