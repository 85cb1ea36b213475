"""The command `serve`: whom it refuses, and what it tells."""

import secrets
import socket
from pathlib import Path

import pytest

from service.access import keys
from service.cli.serve import has_key
from tests.service.conftest import Run
from tests.service.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("logging_as_before")


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
