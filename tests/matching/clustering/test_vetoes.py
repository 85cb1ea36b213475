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
    vetoes.customers_untrusted: (
        group("alpha:1", customer="acme"),
        group("alpha:2", customer="bolt"),
        Kind.LINK,
        Premises(Policy(trusted_across_customers=frozenset({"beta"})), TWO_CUSTOMERS),
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
    assert [veto.holds for veto in VETOES_AGAINST[Kind.BIOS_GUID]] == [
        vetoes.decided_different,
        vetoes.customers_untrusted,
        vetoes.cloned,
    ]


@each_veto
def test_a_veto_says_what_it_is_and_what_would_remove_it(veto: Veto) -> None:
    """Explanations and the API show one sentence, and one remedy."""
    assert veto.sentence.endswith(".")
    assert "\n" not in veto.sentence
    assert veto.remedy


def test_a_new_mainboard_passes_only_where_the_policy_lets_it() -> None:
    """Equal serial and hostname inside one customer outweigh differing GUIDs under `BoardReplacement` = `join`."""
    old = group("alpha:1", customer="acme", bios_guid=GUIDS[0], serial="5CG1234ABC", hostname="pc1")
    new = group("cw_manage:1", customer="acme", bios_guid=GUIDS[1], serial="5CG1234ABC", hostname="pc1")
    measured = group("beta:1", customer="acme", bios_guid=GUIDS[1], serial="5CG1234ABC", hostname="pc1")
    strict, lenient = (Premises(Policy(board_replacement=setting)) for setting in (OnConflict.REVIEW, OnConflict.JOIN))

    assert vetoes.bios_guids_differ(old, new, Kind.SERIAL, strict)
    assert not vetoes.bios_guids_differ(old, new, Kind.SERIAL, lenient)
    assert vetoes.bios_guids_differ(old, new, Kind.MAC, lenient)
    assert vetoes.bios_guids_differ(old, measured, Kind.SERIAL, lenient)  # both boards are in use


def test_two_live_rows_of_one_agent_are_two_boxes_whatever_their_names() -> None:
    """Where their adapters are disjoint and their serials differ; one retired row, one PSA or one serial is no sign."""
    one = group("alpha:1", bios_guid=GUIDS[0], serial="5CG1234ABC", hostname="pc1", macs=MACS[0])
    other = group("alpha:2", bios_guid=GUIDS[0], serial="PF0EXMPL", hostname="pc1", macs=MACS[1])

    def are_clones(left: Group, right: Group, premises: Premises | None = None) -> bool:
        return vetoes.cloned(left, right, Kind.BIOS_GUID, premises or Premises())

    assert are_clones(one, other)
    assert not are_clones(one, other._replace(live=False))
    assert not are_clones(one, other._replace(serials=one.serials))
    assert not are_clones(one, other._replace(adapters=frozenset()))
    assert not are_clones(one, other, Premises(Policy(psa_providers=frozenset({"alpha"}))))


def test_disjoint_adapters_of_virtual_machines_are_the_sign_of_a_clone() -> None:
    """Such adapters do not travel, so that different names suffice, of any two providers."""
    one = group("alpha:1", bios_guid=GUIDS[0], hostname="app01", macs=["00:0C:29:11:22:01"])
    other = group("beta:1", bios_guid=GUIDS[0], hostname="app02", macs=["00:0C:29:11:22:02"])

    assert vetoes.cloned(one, other, Kind.BIOS_GUID, Premises())
    same_name = other._replace(field_hostnames=one.field_hostnames, hostnames=one.hostnames)
    assert not vetoes.cloned(one, same_name, Kind.BIOS_GUID, Premises())
    assert not vetoes.cloned(
        one, group("beta:1", bios_guid=GUIDS[0], hostname="app02", macs=MACS[0]), Kind.BIOS_GUID, Premises()
    )


def test_a_guid_of_firmware_without_a_serial_does_not_outweigh_names_and_adapters() -> None:
    """Where both sides read a placeholder beside it; a shared name, adapter or serial says that it is one box."""
    white_box = {"bios_guid": GUIDS[0], "serial": "Default string"}
    one = group("alpha:1", **white_box, hostname="pc1", macs=MACS[0])
    other = group("beta:1", **white_box, name="pc2", macs=MACS[1])

    def are_clones(right: Group, left: Group = one, kind: Kind = Kind.BIOS_GUID) -> bool:
        return vetoes.cloned(left, right, kind, Premises())

    assert are_clones(other)
    assert not are_clones(group("beta:1", bios_guid=GUIDS[0], name="pc2", macs=MACS[1]))
    assert not are_clones(group("beta:1", bios_guid=GUIDS[0], serial="5CG1234ABC", name="pc2", macs=MACS[1]))
    assert not are_clones(other._replace(doubtful_guids=frozenset({"B" * 32})))
    assert not are_clones(group("beta:1", **white_box, name="pc1", macs=MACS[1]))
    assert not are_clones(group("beta:1", **white_box, macs=MACS[1]))
    assert not are_clones(group("beta:1", **white_box, name="pc2", macs=MACS[0]))
    assert not are_clones(group("beta:1", **white_box, name="pc2"))
    sticker = frozenset({"5CG1234ABC"})
    assert not are_clones(other._replace(serials=sticker), one._replace(serials=sticker))


def test_across_customers_both_providers_have_to_be_trusted() -> None:
    """One of them is not enough, and inside one customer, or where it is not known, neither has to be."""
    left, right = group("alpha:1", customer="acme"), group("beta:1", customer="bolt")
    companies = CompanyMap(providers={"acme": frozenset({"alpha"}), "bolt": frozenset({"alpha", "beta"})})

    def holds(*trusted: str, other: Group = right) -> bool:
        policy = Policy(trusted_across_customers=frozenset(trusted))
        return vetoes.customers_untrusted(left, other, Kind.BIOS_GUID, Premises(policy, companies))

    assert holds()
    assert holds("alpha")
    assert holds("beta")
    assert not holds("alpha", "beta")
    assert not holds(other=group("beta:1", customer="acme"))
    assert not holds(other=group("beta:1"))
    assert not vetoes.customers_untrusted(left, right, Kind.BIOS_GUID, Premises(companies=companies))


def test_one_provider_that_names_one_virtual_machine_twice_lists_two() -> None:
    """Its adapters need not be known: whoever keeps two rows for one guest gives them one name."""
    serial = "VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5"
    one = group("cw_manage:1", serial=serial, name="app01")
    other = group("cw_manage:2", serial=serial, name="app02")

    assert vetoes.cloned(one, other, Kind.SERIAL, Premises())
    assert not vetoes.cloned(one, other._replace(live=False), Kind.SERIAL, Premises())
    assert not vetoes.cloned(one, group("beta:2", serial=serial, name="app02"), Kind.SERIAL, Premises())
    agents = group("alpha:1", serial=serial, hostname="app01"), group("beta:2", serial=serial, hostname="app02")
    assert vetoes.cloned(*agents, Kind.SERIAL, Premises())
    assert not vetoes.cloned(
        one._replace(serials=frozenset({"5CG1234ABC"})),
        other._replace(serials=frozenset({"5CG1234ABC"})),
        Kind.SERIAL,
        Premises(),
    )


def test_adapters_of_virtual_machines_tell_two_boxes_of_one_name_apart() -> None:
    """Hyper-V's pool repeats between hosts, so that its addresses join nobody; still no guest has two."""
    guest = group("alpha:1", hostname="app01", macs=["00:15:5D:11:22:01"])
    other = group("alpha:2", hostname="app01", macs=["00:15:5D:11:22:02"])
    elsewhere = group("beta:2", hostname="app01", macs=["00:15:5D:11:22:02"])
    metal = group("beta:1", hostname="app01", macs=MACS[0])
    docked = group("beta:2", hostname="app01", macs=["00:E0:4C:11:22:02"])

    assert vetoes.adapters_differ(guest, other, Kind.HOSTNAME, Premises())
    assert vetoes.adapters_differ(guest, metal, Kind.HOSTNAME, Premises())
    assert not vetoes.adapters_differ(guest, elsewhere, Kind.HOSTNAME, Premises())
    assert not vetoes.adapters_differ(metal, docked, Kind.HOSTNAME, Premises())
