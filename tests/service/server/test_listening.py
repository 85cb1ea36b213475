"""The socket of the service: where it listens, and for whom."""

import socket

import pytest

from service.core.errors import CannotListen
from service.server.listening import allowed_host, is_loopback, listening, url_of


@pytest.mark.parametrize(
    ("asked", "configured", "keyed", "host"),
    [
        (None, "127.0.0.1", False, "127.0.0.1"),
        (None, "0.0.0.0", False, "127.0.0.1"),
        (None, "0.0.0.0", True, "0.0.0.0"),
        ("127.0.0.2", "0.0.0.0", False, "127.0.0.2"),
        ("localhost", "127.0.0.1", False, "localhost"),
        ("::1", "127.0.0.1", False, "::1"),
        ("0.0.0.0", "127.0.0.1", True, "0.0.0.0"),
    ],
)
def test_without_a_key_only_this_machine_is_served(asked: str | None, configured: str, keyed: bool, host: str) -> None:
    """The option outweighs the setting, and a key is what opens the door."""
    assert allowed_host(asked, configured, keyed=keyed) == host


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "samebox.example"])
def test_another_address_is_refused_without_a_key(host: str) -> None:
    """The sentence says how to make one."""
    with pytest.raises(CannotListen, match="samebox keys create NAME"):
        allowed_host(host, "127.0.0.1", keyed=False)


def test_a_client_can_connect_as_soon_as_the_socket_listens() -> None:
    """Port 0 takes a free port, and the URL names it."""
    with listening("127.0.0.1", 0) as listener:
        port = int(url_of(listener).removeprefix("http://127.0.0.1:"))
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert client.getpeername() == ("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused_with_those_that_work() -> None:
    """The sentence names the address of this machine, and the one that means all."""
    with pytest.raises(
        CannotListen, match=r"192\.0\.2\.1 is no address of this machine; --host 127\.0\.0\.1 is, and 0"
    ):
        listening("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("::", False),
        ("localhost.x", False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, local: bool) -> None:
    """A name other than localhost may lead anywhere."""
    assert is_loopback(host) is local
