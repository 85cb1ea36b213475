"""Open connections to a provider, through the proxy of the environment where there is one."""

import ssl
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx


def open_connections(base_url: str) -> httpx.AsyncHTTPTransport:
    """
    Return a transport for the host of an address, with a pool of connections of its own.

    Plain http is loopback only and goes to no proxy.
    """
    return httpx.AsyncHTTPTransport(verify=_trusted(), proxy=proxy_of(base_url))


def proxy_of(base_url: str) -> str | None:
    """
    Return the address of the proxy through which an https address is reached, None for a direct connection.

    httpx reads the environment itself only where it makes the transport itself, so with a transport of our own we do.
    The variables are `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; on Windows and macOS the system's settings.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https" or proxy_bypass(parts.netloc):
        return None
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificate store takes longer than most requests, so it is read once."""
    return httpx.create_ssl_context()
