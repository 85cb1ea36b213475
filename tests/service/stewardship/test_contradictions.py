"""A decision that cannot hold beside others is refused, and those to revoke are named."""

from datetime import UTC, datetime

import pytest

from service.core.errors import Conflict
from service.stewardship.contradictions import contradicted, refuse_contradiction
from service.store.stewardship.decisions import StoredDecision
from tests.service.people import decision

CHAIN = ("same a:1 b:1", "same b:1 c:1", "same c:1 d:1")


def standing(*texts: str) -> list[StoredDecision]:
    """Return decisions of `verdict left right` that stand, with their own text as id."""
    return [StoredDecision(text, decision(*text.split()), datetime(2026, 11, 1, tzinfo=UTC)) for text in texts]


def against(wanted: str, *texts: str) -> list[str]:
    """Return the ids of the decisions that another one contradicts."""
    return [each.id for each in contradicted(standing(*texts), decision(*wanted.split()))]


@pytest.mark.parametrize("wanted", ["same a:1 d:1", "different a:1 x:1", "different x:1 y:1", "same x:1 y:1"])
def test_what_can_hold_beside_the_others_contradicts_nothing(wanted: str) -> None:
    """What follows from them already, and what is about other boxes."""
    assert against(wanted, *CHAIN, "different d:1 z:1") == []


def test_different_contradicts_the_shortest_chain_of_same() -> None:
    """Revoking any one of the named ones is a way out; those beside the chain are left in peace."""
    assert against("different a:1 c:1", *CHAIN) == ["same a:1 b:1", "same b:1 c:1"]
    assert against("different a:1 d:1", *CHAIN, "same d:1 a:1") == ["same d:1 a:1"]


def test_same_contradicts_the_different_that_it_would_bridge() -> None:
    """With the chain through which it would: the two records need not be those that were decided."""
    others = ("same a:1 b:1", "different a:1 d:1", "same c:1 d:1")

    assert against("same b:1 c:1", *others) == ["different a:1 d:1", "same a:1 b:1", "same c:1 d:1"]
    assert against("same a:1 d:1", "different d:1 a:1") == ["different d:1 a:1"]


def test_the_refusal_names_who_decided_what() -> None:
    """One sentence for one decision and for several."""
    with pytest.raises(Conflict) as one:
        refuse_contradiction(standing("same a:1 b:1"), decision("different", "a:1", "b:1"))
    with pytest.raises(Conflict, match=r" and decision same b:1 c:1 of anna .* contradict it$"):
        refuse_contradiction(standing(*CHAIN), decision("different", "a:1", "c:1"))
    refuse_contradiction(standing(*CHAIN), decision("same", "a:1", "d:1"))

    assert str(one.value) == (
        "a:1 and b:1 cannot be decided different: decision same a:1 b:1 of anna (a:1 and b:1: same) contradicts it"
    )
