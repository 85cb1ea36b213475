"""An entry of the policy that contradicts the settings or other entries is refused, and all of these are named."""

from dataclasses import replace
from pathlib import Path

import pytest

from matching.policy import PolicyEntryKind
from service.core.errors import Conflict
from service.stewardship.correcting import correct, list_entries, of_companies, of_value, revoke_entry
from tests.service.sandbox import POLICY, Sandbox
from tests.service.stewardship.test_correcting import DENIED, ONE, TWO, companies_in, said
from tests.service.stores import on_both

pytestmark = on_both

SAME, DIFFERENT, ALLOW, DENY = PolicyEntryKind


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store of several companies."""
    return companies_in(tmp_path)


def test_an_entry_against_one_that_stands_is_refused_with_both_named(world: Sandbox) -> None:
    """Until that one is revoked; nothing is stored."""
    standing = said(world, ONE, DENIED).entries
    opposite = [
        (
            of_companies(DIFFERENT, "psa:h", "rmm:n"),
            "psa:h and rmm:n: different customers cannot be said: the entry of",
        ),
        (of_value(ALLOW, "serial", "5CG1234ABC"), "serial 5CG1234ABC: allowed cannot be said: the entry of anna of"),
    ]
    for entry, sentence in opposite:
        with pytest.raises(Conflict, match=sentence) as refused:
            said(world, entry)
        assert "anna of 2026-11-01" in str(refused.value)
    assert len(list_entries(world)) == 2

    for each in standing:
        revoke_entry(world, each.id, "ben", "was a mistake")
    said(world, *(entry for entry, _ in opposite))


def test_a_chain_of_entries_is_a_contradiction_too(world: Sandbox) -> None:
    """Two companies are one by a third; each entry of the chain is named."""
    said(world, ONE, of_companies(SAME, "rmm:n", "psa:a"))

    with pytest.raises(Conflict, match=r"psa:a and rmm:n: one customer.* contradict it") as refused:
        said(world, of_companies(DIFFERENT, "psa:h", "psa:a"))

    assert "psa:h and rmm:n: one customer" in str(refused.value)


def test_entries_that_contradict_each_other_are_all_refused(world: Sandbox) -> None:
    """One transaction: none of them is stored."""
    with pytest.raises(Conflict):
        said(world, TWO, of_companies(SAME, "psa:a", "rmm:a"))

    assert list_entries(world) == []


def test_the_settings_outweigh_an_entry(world: Sandbox) -> None:
    """By name or id, and also by a group of three; the setting is named."""
    told = replace(
        POLICY,
        company_map=(frozenset({"psa:Heritage Staffing", "rmm:n", "rmm:a"}),),
        different_companies=(frozenset({"psa:a", "rmm:a"}),),
        deny={"serial": frozenset({"5CG1234ABC"})},
        allow={"mac": frozenset({"3c5282000001"})},
    )
    under = world.changed(policy=told)
    for entry, setting in [
        (of_companies(DIFFERENT, "psa:h", "rmm:a"), "the setting Policy:CompanyMap"),
        (of_companies(SAME, "psa:a", "rmm:n"), "the setting Policy:DifferentCompanies"),
        (of_value(ALLOW, "serial", "5CG1234ABC"), "the setting Policy:Deny"),
        (of_value(DENY, "mac", "3C:52:82:00:00:01"), "the setting Policy:Allow"),
    ]:
        if entry.kind is DENY:
            under = world.changed(policy=replace(told, allow={"mac": frozenset({entry.value})}))
        with pytest.raises(Conflict, match=setting):
            correct(under, [entry], "anna", "why")
