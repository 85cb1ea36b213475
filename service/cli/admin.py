"""`keys` and `db`: what only an operator at the machine may do."""

import secrets
from typing import Annotated

import typer

from service import keys
from service.cli.session import AsJson, now, session_of
from service.store.engine import open_store
from service.terminal import say, show, show_json, show_table

keys_app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")
db_app = typer.Typer(no_args_is_help=True, help="Look after the database.")


@keys_app.command("create")
def create_key(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Who will use it; a key for each is best.")]
) -> None:
    """
    Make a key and show it, once: what is stored is its hash.

    \b
    Example:
      samebox keys create helpdesk > helpdesk.key
      curl -H "Authorization: Bearer $(cat helpdesk.key)" http://HOST:8000/v1/devices
    """
    with session_of(context).store() as store:
        key_id, token = keys.create(store, name, now, secrets.token_bytes)
    show(token)
    say(f"this key is shown once; keep it as you keep a password. To take it back: samebox keys revoke {key_id}")
    say("send it as the header Authorization: Bearer TOKEN; a service that runs without keys has to be started anew")


@keys_app.command("list")
def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """List the keys: who they were made for, when they were last used, and which are revoked."""
    with session_of(context).store() as store:
        found = keys.list_keys(store)
    if as_json:
        show_json([key.model_dump(mode="json") for key in found])
    elif found:
        columns = ("id", "name", "made", "last used", "revoked")
        show_table("API keys", columns, [(k.id, k.name, k.created_at, k.last_used_at, k.revoked_at) for k in found])
    else:
        say("there is no key; `samebox keys create NAME` makes one")


@keys_app.command("revoke")
def revoke_key(context: typer.Context, key_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Revoke a key, for good; `samebox keys list` shows the ids."""
    with session_of(context).store() as store:
        keys.revoke(store, key_id, now)
    say(f"{key_id} is revoked")


@db_app.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring an older database to this version's tables; the data stays. A new one is made."""
    store = open_store(session_of(context).settings.database.url)
    try:
        store.upgrade()
        say(f"{store.name} is up to date")
    finally:
        store.engine.dispose()
