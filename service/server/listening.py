"""The socket on which the service listens, and which addresses it may have."""

import contextlib
import errno
import ipaddress
import logging
import os
import socket

from service.core.errors import CannotListen

LOOPBACK = "127.0.0.1"

BACKLOG = 2048
"""Connections that may wait to be accepted; uvicorn's own number."""

MAKE_A_KEY = "`samebox keys create NAME`"

logger = logging.getLogger("samebox")


def allowed_host(asked: str | None, configured: str, *, keyed: bool) -> str:
    """
    Return the address to listen on: the option, else the setting; without a key never beyond loopback.

    Raises:
        CannotListen: The option names an address that other machines reach, and there is no key.
    """
    if keyed or is_loopback(asked or configured):
        return asked or configured
    if asked:
        raise CannotListen(
            f"{asked} can be reached from other machines and no API key exists: make one with {MAKE_A_KEY}, "
            f"or leave --host out to listen on {LOOPBACK}"
        )
    logger.warning(
        "no API key exists, so this listens on %s only, not on %s; make a key with %s, then start again",
        LOOPBACK,
        configured,
        MAKE_A_KEY,
    )
    return LOOPBACK


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(host: str, port: int) -> socket.socket:
    """
    Return a socket that listens on the address: whoever asks from now on waits for the service to start.

    Raises:
        CannotListen: Taken (the sentence names the next free port), not allowed, or no address of this machine.
    """
    try:
        listener = _bound(host, port)
        listener.listen(BACKLOG)
    except OSError as error:
        raise CannotListen(_why_not(host, port, error)) from None
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address under which a bound socket is asked."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _bound(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's delay off only then.
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    match error:
        case socket.gaierror():
            return f"{host} is no address of this machine"
        case OSError(errno=errno.EADDRINUSE):
            return f"port {port} on {host} is in use by another program{_suggestion(host, port)}"
        case OSError(errno=errno.EACCES):
            return f"this user may not listen on port {port}; take one from 1024 on, such as --port 8000"
        case OSError(errno=errno.EADDRNOTAVAIL):
            return f"{host} is no address of this machine; --host {LOOPBACK} is, and 0.0.0.0 means all of them"
        case _:
            return f"cannot listen on {host}, port {port}: {error.strerror or error}"


def _suggestion(host: str, port: int) -> str:
    for other in range(port + 1, min(port + 20, 65536)):
        with contextlib.suppress(OSError):
            _bound(host, other).close()
            return f"; try --port {other}, which is free"
    return "; --port 0 takes any free one"
