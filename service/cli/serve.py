"""The command `serve`. Without an API key it listens on this machine only."""

import logging
import socket
from typing import Annotated

import typer

from service.access import keys
from service.app import create_app
from service.cli.logs import set_up_logs
from service.cli.session import session_of
from service.core.settings import Settings
from service.server.listening import allowed_host, listening, url_of
from service.server.run import run
from service.store.world import World

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
    Serve the console and the REST API until Ctrl-C or SIGTERM.

    While there is no API key, the service listens on this machine only and asks for none. To serve other machines, make
    a key first: it opens the API, and people sign in to the console with it.

    \b
    Examples:
      samebox serve
      samebox keys create helpdesk
      samebox serve --host 0.0.0.0 --port 8080
    """
    session = session_of(context)
    settings = session.settings
    with session.world(create=True) as world:
        set_up_logs(logging.INFO)
        keyed = has_key(world)
        address = allowed_host(host, settings.server.host, keyed=keyed)
        with listening(address, settings.server.port if port is None else port) as listener:
            asked = "a key is asked for" if keyed else "no key is asked for"
            logger.info("listening on %s; %s; a browser shows the console there", url_of(listener), asked)
            if keyed and world.policy.trusted_across_customers is None:
                logger.warning(TRUSTS_ALL)
            answer(world, settings, listener, keyed=keyed)


def has_key(world: World) -> bool:
    """Whether any API key is live."""
    return any(key.revoked_at is None for key in keys.list_keys(world))


def answer(world: World, settings: Settings, listener: socket.socket, *, keyed: bool) -> None:
    """Serve on a bound socket until Ctrl-C or SIGTERM; answers under way are finished first."""
    app = create_app(world, settings, keys_required=keyed)
    run(app, settings.server, listener, app.state.context.syncs)
