"""The command `serve`: where it listens, and for whom."""

import secrets
import socket
from pathlib import Path

import pytest

from service.access import keys
from service.cli.serve import allowed_host, has_key, is_loopback, listening, url_of
from service.core.errors import CannotListen
from tests.service.conftest import Run
from tests.service.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("logging_as_before")


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


def test_serve_refuses_strangers_in_one_line(run: Run) -> None:
    """The command ends with 1, whatever the database is."""
    ran = run("serve", "--host", "0.0.0.0")

    assert ran.code == 1
    assert ran.err.startswith("samebox: 0.0.0.0 can be reached from other machines and no API key exists")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_told_with_another_one(run: Run, tmp_path: Path, command: str) -> None:
    """Before any work is done, and with a port to try."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = run(command, "--port", str(port))

    assert ran.code == 1
    assert ran.err.startswith(f"samebox: port {port} on 127.0.0.1 is in use by another program; ")
    assert "--port" in ran.err
    assert not (tmp_path / "samebox-demo").exists()


def test_a_revoked_key_is_no_key(tmp_path: Path) -> None:
    """A service whose keys are all revoked listens on this machine only."""
    world = Sandbox(tmp_path)
    assert not has_key(world)
    key_id, _ = keys.create(world, "helpdesk", secrets.token_bytes)
    assert has_key(world)
    keys.revoke(world, key_id)
    assert not has_key(world)


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
