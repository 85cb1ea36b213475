"""Serve an application on a socket, within bounds, until Ctrl-C or SIGTERM."""

import asyncio
import contextlib
import gc
import socket
import sys
from functools import partial
from typing import cast

import uvicorn
from fastapi import FastAPI

from service.api.http.waiting import Waiting
from service.core.server_settings import ServerSettings
from service.server.connections import Connections
from service.server.protocol import BoundedProtocol, Bounds
from service.syncs.background import Background

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

GRACE = 5
"""Seconds that the service waits for answers under way, and then for syncs, when it has to stop."""

OTHER_FILES = 128
"""Descriptors that are kept for the database, the log and the providers."""

LOOP = f"{__name__}:{new_event_loop.__name__}"
"""The event loop, as uvicorn wants it named."""


def run(app: FastAPI, settings: ServerSettings, listener: socket.socket, syncs: Background) -> None:
    """Serve on a bound socket until Ctrl-C or SIGTERM; then finish answers under way and interrupt syncs."""
    bounds = Bounds(settings.header_seconds, settings.answer_seconds, settings.trusted_proxies)
    connections = Connections(most_connections(settings.connections), settings.connections_per_client)
    protocol = partial(BoundedProtocol, all_connections=connections, bounds=bounds)
    config = uvicorn.Config(
        app,
        loop=LOOP,
        http=cast(type[asyncio.Protocol], protocol),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # `request_log` says more
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,  # uvicorn's own default believes whoever asks from this machine
        timeout_graceful_shutdown=GRACE,
    )
    gc.collect()
    gc.freeze()  # the program itself goes with the process: to look through it takes 80 ms, in which nobody is answered
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a server is ended; uvicorn raises it anew at its end
        _Server(config, app.state.waiting, syncs).run(sockets=[listener])


def most_connections(wanted: int) -> int:
    """Return how many connections may be open: as wanted, or what the limit of the process' descriptors leaves."""
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 - only POSIX has it

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if limit == resource.RLIM_INFINITY else min(wanted, max(limit - OTHER_FILES, limit // 4))


class _Server(uvicorn.Server):
    """Ends waits and syncs with itself: it hands the signal on before its caller could."""

    def __init__(self, config: uvicorn.Config, waiting: Waiting, syncs: Background) -> None:
        super().__init__(config)
        self._waiting, self._syncs = waiting, syncs

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish answers under way, those of callers who wait for changes at once, then end the syncs."""
        self._waiting.end()
        await super().shutdown(sockets)
        await asyncio.to_thread(self._syncs.stop, GRACE)
