"""`keys` and `db`: what only an operator at the machine may do."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from service.access import keys
from service.cli.commands import group
from service.cli.session import AsJson, now, session_of
from service.cli.terminal import progress, say, show, show_json, show_table
from service.store.engine import Store, open_store

keys_app = group("Make, list and revoke API keys.")
db_app = group("Look after the database.")


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
    with _store_as_it_is(context) as store:
        store.upgrade()
        say(f"{store.name} is up to date")


@db_app.command("downgrade")
def downgrade(
    context: typer.Context,
    revision: Annotated[str, typer.Argument(help="Revision of the tables to go back to, such as 0001, or base: none.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """
    Take the database back to an older version's tables, before that version is installed again.

    What the older tables do not hold is lost, and at `base` everything is: make a backup first.

    \b
    Example:
      samebox db backup before.db && samebox db downgrade 0001
    """
    with _store_as_it_is(context) as store:
        if not yes:
            typer.confirm(f"Take {store.name} back to {revision}? What its tables do not hold is lost", abort=True)
        store.downgrade(revision)
        say(f"{store.name} is at {revision}")


@db_app.command("backup")
def back_up(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to make.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """
    Copy the database into a file, while everything else goes on.

    The copy is one moment's state, checked before it is given its name; to use it, name it in Database:Url or put it in
    the place of the database. PostgreSQL makes its own backups; the command that does is told.

    \b
    Examples:
      samebox db backup samebox-backup.db
      samebox db backup --force /backups/samebox.db
    """
    with _store_as_it_is(context) as store, progress("pages") as report:
        store.back_up(file, lambda done, of: report("backup", done, of), replace=force)
    say(f"{file} is a whole copy of {store.name}")


@contextmanager
def _store_as_it_is(context: typer.Context) -> Iterator[Store]:
    """Open the database, whatever its tables are."""
    store = open_store(session_of(context).settings.database.url)
    try:
        yield store
    finally:
        store.engine.dispose()
