"""Connections go through the proxy of the environment, or directly."""

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from service.ingest.http.connections import open_connections, proxy_of

PSA = "https://psa.test/apis/3.0"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names no proxy."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "base_url", "proxy"),
    [
        ({}, PSA, None),
        ({"HTTPS_PROXY": "http://proxy.test:3128"}, PSA, "http://proxy.test:3128"),
        ({"https_proxy": "proxy.test:3128"}, PSA, "http://proxy.test:3128"),
        ({"ALL_PROXY": "http://proxy.test:3128"}, PSA, "http://proxy.test:3128"),
        ({"HTTPS_PROXY": "http://a.test", "ALL_PROXY": "http://b.test"}, PSA, "http://a.test"),
        ({"HTTP_PROXY": "http://proxy.test:3128"}, PSA, None),
        ({"HTTPS_PROXY": "http://proxy.test:3128", "NO_PROXY": "other.test,psa.test"}, PSA, None),
        ({"HTTPS_PROXY": "http://proxy.test:3128", "NO_PROXY": "*"}, PSA, None),
        ({"HTTP_PROXY": "http://proxy.test", "ALL_PROXY": "http://proxy.test"}, "http://127.0.0.1:8080/apis", None),
    ],
)
def test_the_environment_names_the_proxy(
    environment: pytest.MonkeyPatch, variables: dict[str, str], base_url: str, proxy: str | None
) -> None:
    """For https alone, and for no host in NO_PROXY."""
    for name, value in variables.items():
        environment.setenv(name, value)

    assert proxy_of(base_url) == proxy


class _Refuse(socketserver.StreamRequestHandler):
    """A proxy that notes the request line and lets nobody through."""

    lines: list[str]

    def handle(self) -> None:
        self.lines.append(self.rfile.readline().decode().strip())
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextmanager
def running_proxy() -> Iterator[tuple[str, list[str]]]:
    """Run such a proxy on loopback."""
    handler = type("Handler", (_Refuse,), {"lines": []})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", handler.lines  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def test_requests_go_through_the_proxy(environment: pytest.MonkeyPatch) -> None:
    """The provider is reached by CONNECT, so the proxy sees its name and none of the keys."""

    async def ask() -> None:
        async with httpx.AsyncClient(transport=open_connections(PSA)) as http:
            await http.get(PSA, headers={"Authorization": "hush"})

    with running_proxy() as (address, lines):
        environment.setenv("HTTPS_PROXY", address)
        with pytest.raises(httpx.ProxyError):
            asyncio.run(ask())

    assert lines == ["CONNECT psa.test:443 HTTP/1.1"]
