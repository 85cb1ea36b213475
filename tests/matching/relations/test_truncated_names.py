"""Prefixes are ambiguous that are so in memory."""

from random import Random

import pytest
from hypothesis import given, settings

from matching.model import Kind
from matching.policy import Policy
from matching.relations.truncated_names import ambiguous_prefixes
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()
LONG = [("alpha", "acme-laptop-0042"), ("alpha", "acme-laptop-0043")]


@settings(max_examples=25)
@given(chances)
def test_the_same_prefixes_are_ambiguous(chance: Random) -> None:
    """By the longer hostnames of a customer, whatever its companies are called."""
    policy = busy_policy(chance)
    known = prepare(DATABASE, busy_fleet(chance, policy), policy)

    assert ambiguous_prefixes(DATABASE, policy) == known.ambiguous_prefixes


@pytest.mark.parametrize(
    ("names", "policy", "is_ambiguous"),
    [
        (LONG[:1], Policy(), False),
        (LONG, Policy(), True),
        ([*LONG, ("beta", "acme-laptop-004")], Policy(), True),
        ([*LONG, ("alpha", "acme-laptop-004")], Policy(), False),
        ([*LONG, ("alpha", "acme-laptop-004")], Policy(psa_providers=frozenset({"alpha"})), True),
        (LONG, Policy(allow={Kind.HOSTNAME: frozenset({"acme-laptop-004"})}), False),
        ([LONG[0], ("beta", "größe-rechner-0042"), ("beta", "größe-rechner-0043")], Policy(), False),
    ],
)
def test_a_prefix_is_ambiguous_unless_an_agent_lists_it_beside_a_longer_name(
    names: list[tuple[str, str]], policy: Policy, is_ambiguous: bool
) -> None:
    """Or the operator says that it is a name; a PSA takes names from anywhere."""
    rows = [
        identity(f"{provider}:{number}", policy, hostname=name, company="Acme")
        for number, (provider, name) in enumerate(names)
    ]
    known = prepare(DATABASE, rows, policy)

    assert ambiguous_prefixes(DATABASE, policy) == known.ambiguous_prefixes
    assert (("alpha:Acme", "acme-laptop-004") in known.ambiguous_prefixes) is is_ambiguous
