"""Who may ask."""

import json
import logging
import socket
from collections.abc import Iterator

import pytest

from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.api.http.access import is_loopback
from service.cli.logs import set_up_logs
from service.core.paging import cursor
from service.stewardship.feed import feed
from service.store.world import World
from tests.service.api.conftest import Client, application, asking, seeded_world

INVALID = ', error="invalid_token"'


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world with devices in it."""
    return seeded_world(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def locked(world: World) -> Iterator[Client]:
    """A client, without a key, of a service that asks for one."""
    with asking(application(world, keys_required=True)) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    """Return the header that shows a key."""
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", ["/v1/devices", "/metrics", "/openapi.json", "/v1/no-such-thing", "/nowhere"])
@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({}, ""),
        ({"Authorization": "Bearer"}, ""),
        ({"Authorization": "Basic c2J4OnNieA=="}, ""),
        (bearer("sbx_" + "A" * 43), INVALID),
        (bearer("x" * 5000), INVALID),
        ({"Authorization": b"Bearer sbx_\xff\xfe"}, INVALID),
    ],
    ids=["none", "empty", "basic", "unknown", "long", "not-ascii"],
)
def test_without_a_known_key_nothing_is_told(locked: Client, path: str, header: dict[str, str], error: str) -> None:
    """Not even which addresses there are: a 401 that says how to show a key, and what is wrong with one (RFC 6750)."""
    answer = locked.get(path, headers=header)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == f'Bearer realm="samebox"{error}'


def test_a_key_opens_the_service_until_it_is_revoked(world: World, locked: Client) -> None:
    """A key that was made is known at once, and forgotten at once."""
    key_id, token = keys.create(world, "dashboard", lambda count: b"k" * count)

    assert locked.get("/v1/devices", headers=bearer(token)).status_code == 200
    assert locked.get("/metrics", headers=bearer(token)).status_code == 200
    assert locked.get("/v1/devices", headers={"Authorization": f"bearer  {token}"}).status_code == 200
    keys.revoke(world, key_id)
    assert locked.get("/v1/devices", headers=bearer(token)).status_code == 401


def test_an_expired_key_is_told_from_an_unknown_one(world: World, locked: Client) -> None:
    """Whoever holds it held a valid one."""
    key_id, token = keys.create(world, "old", lambda count: b"o" * count)
    keys.rotate(world, key_id, lambda count: b"n" * count)

    answer = locked.get("/v1/devices", headers=bearer(token))

    assert (answer.status_code, answer.json()["code"]) == (401, "key-expired")
    assert answer.headers["www-authenticate"] == f'Bearer realm="samebox"{INVALID}'


@pytest.mark.usefixtures("logging_as_before")
def test_what_is_logged_of_a_request_names_its_key(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """By name and id; a stranger's request, also one close behind another on the same connection, names none."""
    key_id, token = keys.create(world, "loud", lambda count: b"l" * count)
    with asking(application(world, keys_required=True)) as client:
        set_up_logs(logging.INFO)
        client.get("/v1/lookup?identifier=x", headers=bearer(token))
        client.get("/v1/devices", headers=bearer("unknown"))
        pipelined(client, f"GET /v1/changes HTTP/1.1\r\nAuthorization: Bearer {token}", "GET /livez HTTP/1.1")

    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    requests = [each for each in logged if each["event"] == "request"]
    assert [(each["path"], each.get("key"), each.get("key_id")) for each in requests] == [
        ("/v1/lookup", "loud", key_id),
        ("/v1/devices", None, None),
        ("/v1/changes", "loud", key_id),
        ("/livez", None, None),
    ]


def pipelined(client: Client, *heads: str) -> None:
    """Send requests at once over one connection, and wait for all answers."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=10) as connection:
        *first, last = (f"{head}\r\nHost: localhost\r\n" for head in heads)
        connection.sendall("".join([*(f"{head}\r\n" for head in first), f"{last}Connection: close\r\n\r\n"]).encode())
        while connection.recv(65536):
            pass


def test_every_write_names_its_key(world: World) -> None:
    """In the change feed and in the histories of devices: of pushes, deletes and decisions."""
    rights = Rights(frozenset({Scope.ADMIN}))
    key_id, token = keys.create(world, "ops", lambda count: b"w" * count, rights)
    start = len(feed(world).data)
    both = {"verdict": "same", "left": "rmm_beta:1", "right": "rmm_beta:2", "why": "one box", "by": "the boss"}

    with asking(application(world, keys_required=True), headers=bearer(token)) as client:
        rows = [{"provider": "rmm_beta", "id": str(own), "serial": f"SN-{own}"} for own in (1, 2)]
        home = client.post("/v1/records", json=rows).json()["data"][0]["device_id"]
        made = client.post("/v1/decisions", json=both).json()
        client.delete(f"/v1/decisions/{made['id']}?why=no")
        client.delete("/v1/records/rmm_beta/1")
        changes = client.get("/v1/changes", params={"cursor": cursor("changes", start)}).json()["data"]
        history = client.get(f"/v1/devices/{home}/history").json()["data"]

    assert {each["what"] for each in changes} >= {"created", "merged", "split", "retired"}
    assert {(each["by"], each["key_id"]) for each in [*changes, *history]} == {("ops", key_id)}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_platform_needs_no_key(locked: Client, path: str) -> None:
    """Health checks are open."""
    assert locked.get(path).status_code == 200


def test_a_body_is_not_read_for_a_stranger(locked: Client) -> None:
    """Without a key a wrong body is not looked at."""
    assert locked.post("/v1/records", content="[", headers={"Content-Type": "application/json"}).status_code == 401


def test_without_keys_only_this_machine_may_ask(client: Client) -> None:
    """A page that bends its own name to this machine is refused; the machine's names are not."""
    port = client.base_url.port
    for host in ("127.0.0.1", "localhost", "[::1]", f"localhost:{port}"):
        assert client.get("/v1/devices", headers={"Host": host}).status_code == 200
    for host in ("evil.example", f"evil.example:{port}", "10.0.0.7", "127.0.0.1.evil.example", "[", ""):
        answers = [client.get(path, headers={"Host": host}) for path in ("/v1/devices", "/livez", "/readyz")]
        assert [answer.status_code for answer in answers] == [421] * 3


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.9.9.9", "[::1]:80", "localhost"])
def test_loopback_by_any_name(host: str) -> None:
    """The whole of 127.0.0.0/8 and ::1 are this machine."""
    assert is_loopback(host)
