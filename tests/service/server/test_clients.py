"""Who a client is, by its address."""

import pytest

from service.server.clients import address_of, client_of, is_within


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("2001:DB8:0:1:ffff::", "2001:db8:0:1::/64"),
        ("fe80::7%eth0", "fe80::/64"),
        ("evil\nstatus=200", "unknown"),
        ("192.0.2.7%" + "x" * 100, "unknown"),
        ("", "unknown"),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(host: str, client: str) -> None:
    """Whoever has one IPv6 address has a whole /64; text that a proxy hands on is no address, and goes nowhere."""
    assert client_of(host) == client


def test_an_address_has_one_spelling() -> None:
    """The log shows it so."""
    assert address_of("2001:DB8::0:7") == "2001:db8::7"


@pytest.mark.parametrize(
    ("host", "within"),
    [("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("11.1.2.3", False), ("fd00::1", True), ("unknown", False)],
)
def test_a_network_holds_its_addresses(host: str, within: bool) -> None:
    """Of both families."""
    assert is_within(host, ["10.0.0.0/8", "fd00::/8"]) is within
