"""A policy is a value: equal ones are interchangeable, and any setting that changes makes another one."""

from dataclasses import replace
from typing import Any

import pytest

from matching.policy import OnConflict, Policy, Trust

CHANGES: list[dict[str, Any]] = [
    {"board_replacement": OnConflict.REVIEW},
    {"mac_against_name": OnConflict.JOIN},
    {"complete_adapters": {"alpha": True}},
    {"trust": {"alpha": {"serial": Trust.NEVER}}},
    {"allow": {"serial": frozenset({"X1"})}},
    {"deny": {"serial": frozenset({"X1"})}},
    {"company_map": (frozenset({"alpha:1", "beta:2"}),)},
    {"different_companies": (frozenset({"alpha:1", "beta:2"}),)},
    {"trusted_across_customers": frozenset()},
    {"catch_all_companies": frozenset({"staging"})},
    {"retired_statuses": frozenset({"gone"})},
    {"non_device_types": frozenset({"monitor"})},
    {"psa_providers": frozenset({"autotask"})},
    {"precedence": {"company": ("alpha",)}},
    {"max_holders": 100},
    {"islands": 2},
]


def test_each_setting_is_changed_below() -> None:
    """A new one is added to the list."""
    assert [name for change in CHANGES for name in change] == list(Policy.__dataclass_fields__)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_equal_policies_have_equal_hashes_and_a_changed_setting_makes_another_policy(change: dict[str, Any]) -> None:
    """Mappings count as well, which have no hash of their own."""
    policy = replace(Policy(), **change)

    assert policy == replace(Policy(), **change)
    assert hash(policy) == hash(replace(Policy(), **change))
    assert policy != Policy()
    assert hash(policy) != hash(Policy())


def test_the_order_of_a_mapping_is_no_difference() -> None:
    """Settings are read in the order in which somebody wrote them."""
    one, other = Policy(complete_adapters={"a": True, "b": False}), Policy(complete_adapters={"b": False, "a": True})

    assert one == other
    assert hash(one) == hash(other)


def test_by_default_a_new_mainboard_joins_and_a_mac_against_a_name_is_asked_about() -> None:
    """A default joins only where the made-up fleets show no more wrong merges for it (decision 0080)."""
    assert (Policy().board_replacement, Policy().mac_against_name) == (OnConflict.JOIN, OnConflict.REVIEW)


def test_who_is_trusted_across_customers_is_listed_or_everybody_is() -> None:
    """A list may be empty: then nobody is."""
    assert Policy().trusts_across_customers("alpha")
    assert Policy(trusted_across_customers=frozenset({"alpha"})).trusts_across_customers("alpha")
    assert not Policy(trusted_across_customers=frozenset({"alpha"})).trusts_across_customers("beta")
    assert not Policy(trusted_across_customers=frozenset()).trusts_across_customers("alpha")
