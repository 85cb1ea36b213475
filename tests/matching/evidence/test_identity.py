"""A record says what its usable values say; the others stand beside them with the reason."""

from typing import Any

import pytest
from hypothesis import given

from matching.evidence.identity import canonical, identify, is_live
from matching.model import Key, Kind, Record
from matching.policy import Policy
from tests.matching.fleets import records
from tests.matching.stories import identity, record


def test_values_come_in_order_of_rank() -> None:
    """GUID, serial, MAC, hostname; a link is no value."""
    said = identity(
        "alpha:1",
        hostname="PC1.acme.test",
        macs=["3C:52:82:00:00:01"],
        serial="5cg1234abc",
        bios_guid="BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",
        links=[{"provider": "beta", "id": "1"}],
    )

    assert [kind for kind, _ in said.values()] == [Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC, Kind.HOSTNAME]
    assert said.links == (Key("beta", "1"),)


@given(records())
def test_identifying_twice_changes_nothing(row: Record) -> None:
    """Canonical values are their own canonical values."""
    said = identify(row, Policy())
    written: Record = {"provider": "p", "id": "1", "serial": list(said.serials), "macs": list(said.macs)}
    if said.guid:
        written["bios_guid"] = said.guid
    if said.hostname:
        written["hostname"] = said.hostname
    again = identify(written, Policy())

    assert again.hostname == said.hostname
    assert again.guid == said.guid
    assert again.macs == said.macs
    assert again.serials == said.serials


def test_what_cannot_be_used_is_kept_with_the_reason() -> None:
    """A person can be told why a value did not count."""
    said = identity("alpha:1", serial="To be filled by O.E.M.", macs=["not a mac"], hostname="front desk")

    assert [(value.kind, value.reason) for value in said.suppressed] == [
        ("serial", "placeholder"),
        ("mac", "not hexadecimal"),
        ("hostname", "characters that no hostname has"),
    ]
    assert list(said.values()) == []


def test_a_display_name_stands_in_for_a_missing_hostname_only() -> None:
    """It then joins, and contradicts nothing."""
    assert (identity("alpha:1", name="PC1").hostname, identity("alpha:1", name="PC1").has_hostname_field) == (
        "pc1",
        False,
    )
    assert identity("alpha:1", name="PC1", hostname="PC2").hostname == "pc2"
    assert identity("alpha:1", name="Reception desk").hostname is None


def test_weak_values_are_kept_apart_from_those_that_count_alone() -> None:
    """A dock's address and a short serial are weak; both are adapters and serials all the same."""
    said = identity("alpha:1", serial="X1", macs=["00:50:B6:00:00:01", "3C:52:82:00:00:01"])

    assert said.weak == ((Kind.SERIAL, "X1"), (Kind.MAC, "0050b6000001"))
    assert said.adapters() == ("3c5282000001", "0050b6000001")
    assert said.serials == ()


@pytest.mark.parametrize(
    ("fields", "is_placeholder"),
    [
        ({"serial": "Default string"}, True),
        ({"serial": "0"}, True),
        ({"serial": ["0", "System Serial Number"]}, True),
        ({"serial": "no serial here"}, True),  # words without a digit
        ({}, False),
        ({"serial": "5CG1234ABC"}, False),
        ({"serial": ["0", "5CG1234ABC"]}, False),
        ({"serial": ["0", "X1"]}, False),  # weak
        ({"serial": "0", "bios_guid": "4C4C4544-0033-3410-8036-C4C04F32334A"}, False),  # the GUID carries a Dell's
        ({"serial": "5.4E+11"}, False),  # a spreadsheet's doing
        ({"serial": "Latitude 5420", "model": "Latitude 5420"}, False),
        ({"serial": "x" * 600}, False),
        ({"bios_guid": "03000200-0400-0500-0006-000700080009"}, False),
    ],
)
def test_a_placeholder_for_a_serial_is_noted(fields: dict[str, Any], is_placeholder: bool) -> None:
    """Where the maker wrote none: not where the field is empty, or another value gives a serial."""
    assert identity("alpha:1", **fields).has_placeholder_serial is is_placeholder


def test_what_the_operator_denies_is_a_placeholder() -> None:
    """And what is allowed is none."""
    lists = {"serial": frozenset({"5CG1234ABC"})}, {"serial": frozenset({"0123456789"})}

    assert identity("alpha:1", Policy(deny=lists[0]), serial="5CG1234ABC").has_placeholder_serial
    assert not identity("alpha:1", Policy(allow=lists[1]), serial="0123456789").has_placeholder_serial


def test_the_operators_lists_win() -> None:
    """Allow takes a value off every list, deny outweighs that."""
    allowed, denied = {"serial": frozenset({"X1", "0123456789"})}, {"serial": frozenset({"X1"})}

    assert identity("alpha:1", Policy(allow=allowed), serial="0123456789").serials == ("0123456789",)
    assert identity("alpha:1", Policy(allow=allowed), serial="X1").serials == ("X1",)
    assert identity("alpha:1", Policy(allow=allowed, deny=denied), serial="X1").serials == ()


def test_the_identifiers_of_a_licence_are_of_the_device_it_is_about() -> None:
    """A record that is no device says nothing, and why."""
    said = identity("cw_manage:1", type="Software Licence", serial="5CG1234ABC")

    assert list(said.values()) == []
    assert said.suppressed[0].reason.startswith("a software is no device")


@pytest.mark.parametrize(
    ("fields", "live"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"status": " Retired "}, False),
        ({"status": "Active"}, True),
        ({"last_seen": "1999-01-01T00:00:00Z"}, True),
    ],
)
def test_a_record_is_live_unless_the_provider_says_otherwise(fields: dict[str, object], live: bool) -> None:
    """Never by `last_seen`, or every sync would move devices."""
    assert is_live(record("alpha:1", **fields), Policy()) is live


def test_a_company_is_named_by_the_providers_own_id() -> None:
    """Its name where there is none; nobody's in a catch-all."""
    assert identity("alpha:1", company="Acme", company_id="7").company == "alpha:7"
    assert identity("alpha:1", company="Acme").company == "alpha:Acme"
    assert identity("alpha:1", company="Unassigned", company_id="7").company is None


def test_a_text_that_is_no_value_has_no_canonical_form() -> None:
    """A placeholder has one: a person may look for it."""
    assert canonical(Kind.SERIAL, "0123456789") == "0123456789"
    assert canonical(Kind.MAC, "no mac") is None
