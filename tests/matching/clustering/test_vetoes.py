"""Each veto holds where its sentence says so, and its quick test never overlooks it."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.calibration.companies import CompanyMap
from matching.clustering import vetoes
from matching.clustering.rule import has_conflict, veto_between
from matching.clustering.vetoes import VETOES, VETOES_AGAINST, Premises, Veto
from matching.evidence.groups import Group
from matching.model import Key, Kind
from matching.policy import OnConflict, Policy
from tests.matching.groups import premises, sets_of_groups
from tests.matching.stories import group

GUIDS = "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5", "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"
MACS = ["3C:52:82:00:00:01"], ["3C:52:82:00:00:02"]
TWO_CUSTOMERS = CompanyMap(providers={"acme": frozenset({"alpha"}), "bolt": frozenset({"alpha"})})

EXAMPLES: dict[object, tuple[Group, Group, Kind, Premises]] = {
    vetoes.decided_different: (
        group("alpha:1"),
        group("beta:1"),
        Kind.BIOS_GUID,
        Premises(parted={Key("alpha", "1"): frozenset({Key("beta", "1")})}),
    ),
    vetoes.bios_guids_differ: (
        group("alpha:1", bios_guid=GUIDS[0]),
        group("beta:1", bios_guid=GUIDS[1]),
        Kind.SERIAL,
        Premises(),
    ),
    vetoes.serials_differ: (
        group("alpha:1", serial="5CG1234ABC"),
        group("beta:1", serial="PF0EXMPL"),
        Kind.MAC,
        Premises(),
    ),
    vetoes.adapters_differ: (
        group("alpha:1", macs=MACS[0]),
        group("alpha:2", macs=MACS[1]),
        Kind.HOSTNAME,
        Premises(),
    ),
    vetoes.companies_differ: (
        group("alpha:1", customer="acme"),
        group("alpha:2", customer="bolt"),
        Kind.SERIAL,
        Premises(companies=TWO_CUSTOMERS),
    ),
    vetoes.companies_unknown: (
        group("alpha:1", customer="acme"),
        group("beta:1"),
        Kind.HOSTNAME,
        Premises(),
    ),
    vetoes.cloned: (
        group("alpha:1", hostname="pc1", macs=MACS[0]),
        group("alpha:2", hostname="pc2", macs=MACS[1]),
        Kind.BIOS_GUID,
        Premises(),
    ),
    vetoes.hostnames_contradict: (
        group("alpha:1", hostname="pc1"),
        group("beta:1", hostname="pc2"),
        Kind.MAC,
        Premises(),
    ),
    vetoes.liveness_differs: (
        group("alpha:1", active=False),
        group("beta:1"),
        Kind.HOSTNAME,
        Premises(),
    ),
}

each_veto = pytest.mark.parametrize("veto", VETOES, ids=lambda veto: veto.code)


@each_veto
def test_a_veto_holds_in_its_example_and_not_between_records_that_say_nothing(veto: Veto) -> None:
    """Absent is not different: only an unknown company speaks against a hostname by being absent."""
    left, right, kind, given_premises = EXAMPLES[veto.holds]
    silent = group("gamma:1", customer="acme"), group("gamma:2", customer="acme")

    assert kind in veto.kinds
    assert veto.holds(left, right, kind, given_premises)
    assert veto.may_hold([left, right], given_premises)
    assert not veto.holds(*silent, kind, given_premises)


@each_veto
@given(some=sets_of_groups, given_premises=premises(), data=st.data())
@settings(max_examples=300)
def test_a_veto_that_holds_between_two_groups_of_a_set_may_hold_for_the_set(
    veto: Veto, some: list[Group], given_premises: Premises, data: st.DataObject
) -> None:
    """The quick test may say that a veto is possible where there is none; it never denies one that there is."""
    kind = data.draw(st.sampled_from(sorted(veto.kinds)))

    if any(veto.holds(left, right, kind, given_premises) for left, right in combinations(some, 2)):
        assert veto.may_hold(some, given_premises)


@each_veto
@given(some=sets_of_groups, given_premises=premises())
def test_a_veto_is_symmetric(veto: Veto, some: list[Group], given_premises: Premises) -> None:
    """Comparing two groups gives the same answer from either side."""
    for left, right in combinations(some, 2):
        for kind in veto.kinds:
            answers = veto.holds(left, right, kind, given_premises), veto.holds(right, left, kind, given_premises)
            assert answers[0] is answers[1]


@given(sets_of_groups, premises(), st.sampled_from(Kind))
@settings(max_examples=300)
def test_a_set_is_in_conflict_exactly_where_two_of_its_groups_are(
    some: list[Group], given_premises: Premises, kind: Kind
) -> None:
    """What the quick tests spare is nothing but work."""
    expected = any(veto_between(left, right, kind, given_premises) for left, right in combinations(some, 2))

    assert has_conflict(some, kind, given_premises) == expected


def test_no_weaker_kind_is_a_veto_against_a_stronger_one() -> None:
    """Evidence is ranked: only clones and people may contradict a GUID, and a hostname no more than a MAC."""
    by_kind: dict[object, Kind] = {
        vetoes.bios_guids_differ: Kind.BIOS_GUID,
        vetoes.serials_differ: Kind.SERIAL,
    }
    ranks = list(Kind)
    for veto in VETOES:
        if (own := by_kind.get(veto.holds)) is not None:
            assert all(ranks.index(kind) > ranks.index(own) for kind in veto.kinds)
        if veto.holds is vetoes.hostnames_contradict:
            assert veto.kinds == {Kind.MAC}  # docks travel
    assert [veto.holds for veto in VETOES_AGAINST[Kind.BIOS_GUID]] == [vetoes.decided_different, vetoes.cloned]


@each_veto
def test_a_veto_says_what_it_is_and_what_would_remove_it(veto: Veto) -> None:
    """Explanations and the API show one sentence, and one remedy."""
    assert veto.sentence.endswith(".")
    assert "\n" not in veto.sentence
    assert veto.remedy


def test_a_new_mainboard_passes_only_where_the_policy_lets_it() -> None:
    """Equal serial and hostname inside one customer outweigh differing GUIDs under `BoardReplacement` = `join`."""
    old = group("alpha:1", customer="acme", bios_guid=GUIDS[0], serial="5CG1234ABC", hostname="pc1")
    new = group("beta:1", customer="acme", bios_guid=GUIDS[1], serial="5CG1234ABC", hostname="pc1")
    lenient = Premises(Policy(board_replacement=OnConflict.JOIN))

    assert vetoes.bios_guids_differ(old, new, Kind.SERIAL, Premises())
    assert not vetoes.bios_guids_differ(old, new, Kind.SERIAL, lenient)
    assert vetoes.bios_guids_differ(old, new, Kind.MAC, lenient)
