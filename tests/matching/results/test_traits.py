"""What two devices have in common beside identifiers, and what that weighs."""

from typing import Any, cast

import pytest

from matching.model import Record
from matching.results.traits import (
    SUPPORTING,
    SYSTEMS,
    WEIGHTS,
    Resemblance,
    SuggestionReason,
    Traits,
    resemblances,
    system_of,
    traits_of,
)


def said(**fields: Any) -> Record:
    """Return a record that says something."""
    return cast("Record", {"provider": "p", "id": "1", **fields})


def traits(**fields: Any) -> Traits:
    """Return the traits of a device with one record."""
    return traits_of([said(**fields)])


def reasons(row: dict[str, Any], other: dict[str, Any]) -> list[SuggestionReason]:
    """Return why one device may be what a row is about."""
    return [each.reason for each in resemblances(traits(**row), traits(**other))]


FOUND: dict[SuggestionReason, tuple[dict[str, Any], dict[str, Any]]] = {
    SuggestionReason.SAME_USER: ({"last_user": "ACME\\Anna"}, {"last_user": "anna@acme.com"}),
    SuggestionReason.USER_IN_NAME: ({"name": "Anna's laptop"}, {"last_user": "ACME\\anna.berg"}),
    SuggestionReason.SAME_IP: ({"ips": ["10.0.0.7 "]}, {"ips": ["fe80::1", "10.0.0.7/24"]}),
    SuggestionReason.LIKE_NAME: ({"name": "Reception PC"}, {"hostname": "RECEPTION-01"}),
    SuggestionReason.SAME_GATEWAY: ({"default_gateway": "10.0.0.1"}, {"default_gateway": "10.0.0.1"}),
    SuggestionReason.SAME_MODEL: ({"model": "OptiPlex 7090"}, {"model": "optiplex  7090"}),
    SuggestionReason.SAME_OS: ({"os_type": "Windows"}, {"os_info": "Microsoft Windows 11 Pro 23H2"}),
    SuggestionReason.SAME_TYPE: ({"type": "Desktop"}, {"type": "DESKTOP"}),
}
"""Reason -> a row and a device for which it alone holds."""


@pytest.mark.parametrize("reason", SuggestionReason)
def test_each_reason_is_found(reason: SuggestionReason) -> None:
    """By itself, but for those that only support others."""
    row, other = FOUND[reason]
    beside = {} if reason not in SUPPORTING else {"last_user": "eva"}

    assert reasons({**row, **beside}, {**other, **beside}) == [
        *([SuggestionReason.SAME_USER] if beside else []),
        reason,
    ]


@pytest.mark.parametrize("reason", sorted(SUPPORTING))
def test_what_half_the_devices_have_suggests_nothing_alone(reason: SuggestionReason) -> None:
    """Every desktop of a customer runs Windows."""
    assert reasons(*FOUND[reason]) == []


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ({"last_user": "Administrator"}, {"last_user": "ACME\\administrator"}),
        ({"ips": ["127.0.0.1", "169.254.3.4"]}, {"ips": ["127.0.0.1", "169.254.3.4"]}),
        ({"ips": ["no address"]}, {"ips": ["no address"]}),
        ({"name": "PC 1"}, {"name": "PC 1"}),
        ({"name": "Acme laptop", "company": "Acme Inc."}, {"hostname": "ACME-LT-1", "company": "ACME"}),
        ({"ips": ["10.0.0.7"]}, {"default_gateway": "10.0.0.7"}),
        ({}, {}),
    ],
)
def test_what_any_two_devices_have_is_no_reason(row: dict[str, Any], other: dict[str, Any]) -> None:
    """Users of every machine, addresses of every machine, words of every name."""
    assert reasons(row, other) == []


def test_a_mac_is_no_windows_server() -> None:
    """Whatever else they have in common; a server and a desktop of one family may be the same, told coarsely."""
    user = {"last_user": "anna"}

    assert reasons({**user, "os_type": "macOS"}, {**user, "os_type": "Windows"}) == []
    assert reasons({**user, "os_type": "Windows"}, {**user, "os_info": "Windows Server 2022"}) == ["same_user"]


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("Microsoft Windows Server 2019 Standard", "Windows Server"),
        ("Win10 Pro", "Windows"),
        ("Mac OS X 10.15", "macOS"),
        ("Darwin 21", "macOS"),
        ("Ubuntu 22.04 LTS", "Linux"),
        ("GNU/Linux", "Linux"),
        ("Android 14", "Android"),
        ("iOS 17", "iOS"),
        ("FreeDOS", None),
    ],
)
def test_the_kind_of_a_system_is_read_from_its_name(text: str, system: str | None) -> None:
    """However a provider calls it."""
    assert system_of(said(os_info=text)) == system
    assert system is None or system in {name for name, _ in SYSTEMS}


def test_the_weightiest_reason_comes_first() -> None:
    """As the table says; a name that is less like weighs less."""
    row = traits(name="Reception Anna", last_user="anna", default_gateway="10.0.0.1", type="Desktop")
    other = traits(hostname="RECEPTION-1", last_user="anna", default_gateway="10.0.0.1", type="Desktop")

    found = resemblances(row, other)

    assert [each.reason for each in found] == ["same_user", "like_name", "same_gateway", "same_type"]
    assert found[0] == Resemblance(SuggestionReason.SAME_USER, "anna", WEIGHTS[SuggestionReason.SAME_USER])
    assert 0 < found[1].points < WEIGHTS[SuggestionReason.LIKE_NAME]
    assert found[1].sentence == "a name like RECEPTION-1"


def test_every_reason_has_a_weight_and_what_supports_weighs_least() -> None:
    """No sum of supporting reasons outweighs one that suggests by itself."""
    telling = [weight for reason, weight in WEIGHTS.items() if reason not in SUPPORTING and reason != "same_gateway"]

    assert WEIGHTS.keys() == set(SuggestionReason)
    assert sum(WEIGHTS[reason] for reason in SUPPORTING) < min(telling)
