"""The published list of values that identify nobody, value by value, through the whole reading of a record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from matching.evidence.identity import Identity, identify
from matching.model import Kind, Record
from matching.policy import Policy

PUBLISHED = json.loads((Path(__file__).parent / "data" / "placeholders.json").read_text("utf-8"))


def identity_of(**fields: object) -> Identity:
    return identify(cast("Record", {"provider": "p", "id": "1", **fields}), Policy())


@pytest.mark.parametrize("value", PUBLISHED["bios_guid"])
def test_no_placeholder_guid_is_evidence(value: str) -> None:
    """In the order in which it is listed."""
    assert identity_of(bios_guid=value).guid is None


@pytest.mark.parametrize("value", [value for value in PUBLISHED["bios_guid"] if len(value) == 36])
def test_no_byte_swapped_placeholder_guid_is_evidence(value: str) -> None:
    """A bogus value has a bogus twin."""
    first, second, third, *rest = value.split("-")
    swapped = "-".join(bytes.fromhex(group)[::-1].hex() for group in (first, second, third))

    assert identity_of(bios_guid="-".join((swapped, *rest))).guid is None


@pytest.mark.parametrize("value", PUBLISHED["serial"])
@pytest.mark.parametrize("spell", [str, str.lower, str.upper, "  {} ".format])
def test_no_placeholder_serial_is_evidence(value: str, spell: Callable[[str], str]) -> None:
    """Whatever the case and the blanks around it."""
    identity = identity_of(serial=spell(value))

    assert identity.serials == ()
    assert not identity.weak


@pytest.mark.parametrize("value", PUBLISHED["mac"])
def test_no_placeholder_mac_is_evidence(value: str) -> None:
    """Listed addresses never count, not even as weak ones."""
    identity = identity_of(macs=[value])

    assert identity.macs == ()
    assert not identity.weak


@pytest.mark.parametrize("value", PUBLISHED["hostname"])
def test_no_placeholder_hostname_is_evidence(value: str) -> None:
    """Factory names name nobody, with or without a domain."""
    name = value + "x42" if value.endswith("-") else value

    assert identity_of(hostname=name).hostname is None
    if name.isalnum():
        assert identity_of(hostname=name + ".corp.example").hostname is None


PREFIXES = [entry for entry in PUBLISHED["mac_prefixes"] if set(entry["prefix"]) <= set("0123456789abcdef:")]


@pytest.mark.parametrize("entry", PREFIXES, ids=lambda entry: entry["prefix"])
def test_each_listed_prefix_is_treated_as_listed(entry: dict[str, str]) -> None:
    """Ignored addresses are nothing, weak ones count only beside others, usable ones stand alone."""
    digits = entry["prefix"].replace(":", "")
    identity = identity_of(macs=[(digits + "7d3f5b9a2c41")[:12]])

    treated = "usable" if identity.macs else "weak" if identity.weak else "ignore"
    assert treated == entry["treat"]


@pytest.mark.parametrize(
    ("guid", "reason"),
    [
        ("ABABABAB-ABAB-ABAB-ABAB-ABABABABABAB", "one byte repeated"),
        ("12345678-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "only the first field is filled"),
        ("00000000-0000-0000-0000-3C5282000001", "zeros and a MAC address"),
        ("4C4C4544-0020-2010-8020-A0C04F202020", "Dell board without a service tag"),
        ("03FF02FF-04FF-05FF-FF06-FF0700080009", "a template whose MAC address is none: placeholder"),
        ("00000000-0000-1000-8000-FFFFFFFFFFFF", "a template whose MAC address is none: placeholder"),
        ("34363838-3037-2020-2020-202020202020", "a product number without a serial"),
        ("00000000-0000-1000-8000-000000000000", "placeholder"),
        ("01234567-89AB-CDEF-0123-456789ABCDEF", "placeholder"),
        ("12345678-1234-1234-1234-123456789012", "placeholder"),
    ],
)
def test_structural_rules_catch_the_relatives_of_listed_guids(guid: str, reason: str) -> None:
    """A value needs no entry of its own where its form gives it away."""
    assert [value.reason for value in identity_of(bios_guid=guid).suppressed] == [reason]


def test_zeros_and_a_mac_give_the_mac() -> None:
    """A network-boot GUID is a MAC in disguise."""
    assert list(identity_of(bios_guid="00000000-0000-0000-0000-3C5282000001").values()) == [(Kind.MAC, "3c5282000001")]


def test_a_firewire_address_that_was_cut_is_weak() -> None:
    """Six of eight bytes: several adapters of a maker may be left with the same ones."""
    assert identity_of(macs=["00:19:E3:FF:FE:71"]).weak == ((Kind.MAC, "0019e3fffe71"),)


@pytest.mark.parametrize(
    "serial", ["1.2.3", "V1.02", "4.12E+11", "0-0-0", "XXXX", "00O0", "chassis serial nr", "11-11-11"]
)
def test_structural_rules_catch_the_relatives_of_listed_serials(serial: str) -> None:
    """Versions, spreadsheet damage, field labels and repeated characters."""
    assert identity_of(serial=serial).serials == ()


@pytest.mark.parametrize(
    "serial", ["5CG1234ABC", "MJ0E5123", "1234E567", "C02XK0AAJGH5", "VMware-56 4d 4c", "7.1-ABC", "R90ABCDE"]
)
def test_real_serials_pass(serial: str) -> None:
    """The rules reject no serial that only looks a little odd."""
    assert len(identity_of(serial=serial).serials) == 1
