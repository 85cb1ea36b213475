"""Two groups agree, disagree or are silent on a kind; absent is not different."""

import pytest
from hypothesis import given

from matching.evidence.groups import Group, agree, disagree, hostnames_differ, merged
from matching.model import Kind
from tests.matching.groups import groups
from tests.matching.stories import group

GUIDS = "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5", "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"


@pytest.mark.parametrize("kind", Kind)
@given(left=groups(), right=groups())
def test_comparing_is_symmetric_and_never_says_both(kind: Kind, left: Group, right: Group) -> None:
    """Two groups that share a GUID or a serial do not differ in it, from whichever side they are looked at."""
    assert agree(left, right, kind) is agree(right, left, kind)
    assert disagree(left, right, kind) is disagree(right, left, kind)
    if kind in {Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC}:
        assert not (agree(left, right, kind) and disagree(left, right, kind))
    assert not disagree(left, right, Kind.LINK)


@pytest.mark.parametrize("kind", Kind)
@given(other=groups())
def test_absent_is_not_different(kind: Kind, other: Group) -> None:
    """A record that says nothing disagrees with nobody."""
    assert not disagree(group("delta:9"), other, kind)


@given(groups(), groups())
def test_what_groups_say_together_is_what_each_of_them_says(left: Group, right: Group) -> None:
    """Merging loses no value and makes none up."""
    both = merged([left, right])

    assert both.keys == left.keys | right.keys
    for kind in Kind:
        assert both.values(kind) == left.values(kind) | right.values(kind)
        assert both.all_values(kind) == left.all_values(kind) | right.all_values(kind)
    assert both.live is (left.live or right.live)
    assert both.doubtful_guids == left.doubtful_guids | right.doubtful_guids


def test_a_guid_beside_a_placeholder_for_a_serial_is_doubtful() -> None:
    """Of the record that gives both."""
    white_box = group("alpha:1", bios_guid=GUIDS[1], serial="To be filled by O.E.M.")

    assert white_box.doubtful_guids == white_box.guids
    assert not group("alpha:1", serial="To be filled by O.E.M.").doubtful_guids
    assert not group("alpha:1", bios_guid=GUIDS[1]).doubtful_guids


def test_hardware_that_is_known_and_has_nothing_in_common_differs() -> None:
    """One of several serials in common is enough to agree."""
    one, other = group("alpha:1", bios_guid=GUIDS[0]), group("beta:1", bios_guid=GUIDS[1])
    several = group("gamma:1", serial=["5CG1234ABC", "PF0EXMPL"])

    assert disagree(one, other, Kind.BIOS_GUID)
    assert agree(several, group("alpha:2", serial="PF0EXMPL"), Kind.SERIAL)
    assert not disagree(several, group("alpha:2", serial="PF0EXMPL"), Kind.SERIAL)


def test_adapters_differ_only_where_both_sides_list_all_of_theirs() -> None:
    """An agent that lists one adapter says nothing about the others; a dock in common is one in common."""
    mac, other, dock = "3C:52:82:00:00:01", "3C:52:82:00:00:02", "00:50:B6:00:00:01"
    both = ["alpha", "beta"]

    assert disagree(group("alpha:1", None, both, macs=[mac]), group("beta:1", None, both, macs=[other]), Kind.MAC)
    assert not disagree(group("alpha:1", None, both, macs=[mac]), group("beta:1", macs=[other]), Kind.MAC)
    docked = group("alpha:1", None, both, macs=[mac, dock]), group("beta:1", None, both, macs=[other, dock])
    assert not disagree(*docked, Kind.MAC)


def test_only_hostname_fields_differ() -> None:
    """A display name is no claim about the machine's own name."""
    assert disagree(group("alpha:1", hostname="pc1"), group("beta:1", hostname="pc2"), Kind.HOSTNAME)
    assert not disagree(group("alpha:1", hostname="pc1"), group("beta:1", name="pc2"), Kind.HOSTNAME)


@pytest.mark.parametrize(
    ("left", "right", "differ"),
    [
        ("acme-laptop-004", "acme-laptop-0042", False),
        ("acme-laptop-004", "acme-laptop-0051", True),
        ("acme-lt-004", "acme-lt-0042", True),
    ],
)
def test_a_name_of_15_characters_fits_what_begins_so(left: str, right: str, differ: bool) -> None:
    """NetBIOS keeps 15; a shorter name was not truncated."""
    assert hostnames_differ(frozenset({left}), frozenset({right})) is differ


def test_a_link_agrees_with_the_record_that_it_names() -> None:
    """A record's own key is among its links."""
    assert agree(group("alpha:1", links=[{"provider": "beta", "id": "7"}]), group("beta:7"), Kind.LINK)
