"""A gap is work only where somebody could close it, so each class of device is asked for certain feeds."""

import pytest

from matching.policy import Policy
from service.reports.catalogue.coverage.asked import ASKED, DeviceClass, device_class
from service.reports.rules import FeedRole


@pytest.mark.parametrize(
    ("type_", "class_"),
    [
        *[(each, DeviceClass.COMPUTER) for each in ("Laptop", "SERVER", "Mobile Workstation", "Print Server", "Host")],
        *[(each, DeviceClass.MOBILE) for each in ("Mobile", "Smart phone", "iPad", "Tablet", "Android device")],
        *[(each, DeviceClass.EQUIPMENT) for each in ("Printer", "Network-Switch", "IP Phone", "Desk phone", "UPS")],
        *[(each, DeviceClass.NO_DEVICE) for each in ("Software Licence", "SSL certificate", "Server licence")],
        *[(each, DeviceClass.COMPUTER) for each in ("Managed asset", "", None)],
    ],
)
def test_the_type_says_what_a_device_is(type_: str | None, class_: DeviceClass) -> None:
    """By its words; what no word says is a computer, for a gap too many is seen and one too few is not."""
    assert device_class(type_, {FeedRole.PSA}, Policy()) is class_


@pytest.mark.parametrize(
    ("roles", "class_"),
    [
        ({FeedRole.MDM}, DeviceClass.MOBILE),
        ({FeedRole.MDM, FeedRole.PSA}, DeviceClass.MOBILE),
        ({FeedRole.MDM, FeedRole.RMM}, DeviceClass.COMPUTER),
        ({FeedRole.MDM, FeedRole.EDR}, DeviceClass.COMPUTER),
        ({FeedRole.PSA}, DeviceClass.COMPUTER),
    ],
)
def test_without_a_type_the_feeds_say_it(roles: set[FeedRole], class_: DeviceClass) -> None:
    """What an MDM lists and no agent is a phone; an MDM also lists laptops, on which agents run."""
    assert device_class(None, roles, Policy()) is class_


def test_the_operator_says_what_is_no_device() -> None:
    """By the setting that the engine goes by as well."""
    assert device_class("Warranty", (), Policy(non_device_types=frozenset())) is DeviceClass.COMPUTER


def test_a_phone_is_not_asked_for_what_runs_on_computers() -> None:
    """No EDR, no backup, no RMM; and of all that is a device the PSA is asked."""
    assert ASKED[DeviceClass.MOBILE] == {FeedRole.PSA, FeedRole.MDM}
    assert all(FeedRole.PSA in asked for class_, asked in ASKED.items() if class_ is not DeviceClass.NO_DEVICE)
