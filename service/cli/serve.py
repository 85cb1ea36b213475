"""The command `serve`. Without an API key it listens on this machine only."""

import asyncio
import contextlib
import errno
import ipaddress
import logging
import os
import socket
from typing import Annotated

import typer
import uvicorn

from service.access import keys
from service.app import create_app
from service.cli.logs import set_up_logs
from service.cli.session import session_of
from service.core.errors import CannotListen
from service.core.settings import Settings
from service.store.world import World
from service.syncs.background import Background

LOOPBACK = "127.0.0.1"
GRACE = 5
"""Seconds that the service waits for answers under way, and then for syncs, when it has to stop."""

BACKLOG = 2048
"""Connections that may wait to be accepted; uvicorn's own number."""

MAKE_A_KEY = "`samebox keys create NAME`"

TRUSTS_ALL = (
    "no provider is configured, so whatever is pushed may show that two companies are one customer, and may join their "
    "devices; name the providers that may in Policy:TrustedAcrossCustomers"
)

logger = logging.getLogger("samebox")


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(metavar="HOST", help="Listen on this address; default: the setting Server:Host.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(metavar="PORT", min=0, max=65535, help="Listen on this port; 0 takes any; default: Server:Port."),
    ] = None,
) -> None:
    """
    Serve the REST API until Ctrl-C or SIGTERM.

    While there is no API key, the service listens on this machine only and asks for none. To serve other machines, make
    a key first.

    \b
    Examples:
      samebox serve
      samebox keys create helpdesk
      samebox serve --host 0.0.0.0 --port 8080
    """
    session = session_of(context)
    settings = session.settings
    with session.world() as world:
        set_up_logs(logging.INFO)
        keyed = has_key(world)
        address = allowed_host(host, settings.server.host, keyed=keyed)
        with listening(address, settings.server.port if port is None else port) as listener:
            logger.info(
                "listening on %s; %s", url_of(listener), "a key is asked for" if keyed else "no key is asked for"
            )
            if keyed and world.policy.trusted_across_customers is None:
                logger.warning(TRUSTS_ALL)
            answer(world, settings, listener, keyed=keyed)


def has_key(world: World) -> bool:
    """Whether any API key is live."""
    return any(key.revoked_at is None for key in keys.list_keys(world))


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


def answer(world: World, settings: Settings, listener: socket.socket, *, keyed: bool) -> None:
    """Serve on a bound socket until told to end; answers under way are finished first."""
    app = create_app(world, settings, keys_required=keyed)
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, server_header=False, timeout_graceful_shutdown=GRACE, ws="none"
    )
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a server is ended; uvicorn raises it anew at its end
        _Server(config, app.state.context.syncs).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends the syncs with itself: it hands the signal on before its caller could."""

    def __init__(self, config: uvicorn.Config, syncs: Background) -> None:
        super().__init__(config)
        self._syncs = syncs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish answers under way, then end the syncs."""
        await super().shutdown(sockets)
        await asyncio.to_thread(self._syncs.stop, GRACE)


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
