"""Rules are what a release decides: the engine's version and the defaults of the policy."""

from matching.model import Kind
from matching.policy import OnConflict, Policy
from matching.version import ENGINE_VERSION
from service.store.resolved.rules import RULES, policy_digest


def test_the_rules_of_this_program_have_its_version_and_its_defaults() -> None:
    """Whatever an operator sets is no part of them."""
    assert (ENGINE_VERSION, policy_digest(Policy())) == RULES


def test_each_setting_of_a_policy_is_in_its_digest() -> None:
    """Also one that is nested; the order of a set says nothing."""
    policies = [
        Policy(),
        Policy(board_replacement=OnConflict.REVIEW),
        Policy(islands=4),
        Policy(deny={Kind.SERIAL: frozenset({"SN-1", "SN-2"})}),
        Policy(deny={Kind.SERIAL: frozenset({"SN-1"})}),
    ]

    assert len({policy_digest(policy) for policy in policies}) == len(policies)
    same = [Policy(deny={Kind.SERIAL: frozenset(order)}) for order in (("SN-1", "SN-2"), ("SN-2", "SN-1"))]
    assert policy_digest(same[0]) == policy_digest(same[1])
