"""The command `db`, for an operator at the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from service.cli.calibrate import show_measured
from service.cli.commands import group
from service.cli.session import login, new_id, now, opened, require_made, session_of
from service.cli.terminal import progress, say
from service.core.errors import StoreError
from service.core.workers import worker_pool
from service.ingest.registry import policy_of
from service.resolution.upgrading import upgrade as upgrade_all
from service.store.access.actors import Actor
from service.store.engine import Store
from service.store.world import World

db_app = group("Upgrade, downgrade or back up the database.")


@db_app.command("upgrade")
def upgrade(
    context: typer.Context,
    backup: Annotated[
        bool, typer.Option("--backup/--no-backup", help="Copy an SQLite database into a file beside it first.")
    ] = True,
) -> None:
    """
    Upgrade the database to this version.

    Before anything changes, an SQLite database is copied into a file beside it, which is named after its revision and
    the time; remove the copy when you no longer need it. PostgreSQL makes its own backups.

    The tables become those of this version and the data stay; a database that does not exist is made. Where the rules
    of matching have changed, search terms and blocking keys are computed again, and all records are measured. What they
    change takes effect at once, unless it is more than Calibration:MaxChange allows: then it is held, and
    `samebox calibrate` shows it. If an upgrade was interrupted, by Ctrl-C for instance, run it again.

    \b
    Examples:
      samebox db upgrade
      samebox db upgrade --no-backup
    """
    settings = session_of(context).settings
    with worker_pool() as pool, opened(settings) as store:
        if backup and (revision := store.outdated_revision()):
            _back_up_beside(store, revision)
        world = World(store, policy_of(settings), now, new_id, actor=Actor(login()))
        with progress("records") as report:
            done = upgrade_all(world, max_change=settings.calibration.max_change, pool=pool, progress=report)
        say(f"{store.name} is up to date")
    if done:
        show_measured(done)


@db_app.command("downgrade")
def downgrade(
    context: typer.Context,
    revision: Annotated[
        str, typer.Argument(metavar="REVISION", help="The revision of the tables, such as 0001; base has none.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """
    Downgrade the tables to those of an older version.

    Do this before you install the older version again. What its tables do not hold is lost, and at `base` everything
    is: make a backup first.

    \b
    Example:
      samebox db backup before.db && samebox db downgrade 0001
    """
    with _store_that_is(context) as store:
        if not yes:
            typer.confirm(f"Take {store.name} back to {revision}? What its tables do not hold is lost", abort=True)
        store.downgrade(revision)
        say(f"{store.name} is at {revision}")


@db_app.command("backup")
def back_up(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Write the copy into this file.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """
    Copy the database into a file.

    Syncs and everything else can go on meanwhile. The copy is the state of one moment, and it is checked before it gets
    its name. To use it, name it in Database:Url or put it in the place of the database. PostgreSQL makes its own
    backups; for it, the command names the pg_dump command to run.

    \b
    Examples:
      samebox db backup samebox-backup.db
      samebox db backup --force /backups/samebox.db
    """
    with _store_that_is(context) as store, progress("pages") as report:
        store.back_up(file, report, replace=force)
    say(f"{file} is a whole copy of {store.name}")


def _back_up_beside(store: Store, revision: str) -> None:
    """Copy a store that will be upgraded. Raises: StoreError, if that fails."""
    if store.file is None:
        say(f"{store.name} is not copied before its upgrade: PostgreSQL makes its own backups")
        return
    copy = store.file.with_name(f"{store.file.stem}-{revision}-{now():%Y%m%dT%H%M%SZ}{store.file.suffix}")
    try:
        with progress("pages") as report:
            store.back_up(copy, report)
    except StoreError as error:
        raise StoreError(f"{error}. Nothing is upgraded; --no-backup upgrades without a copy") from error
    say(f"{copy} is a whole copy of {store.name} as it was, at revision {revision}")


@contextmanager
def _store_that_is(context: typer.Context) -> Iterator[Store]:
    """Open the database, whatever its tables are. Raises: NoStore."""
    with opened(session_of(context).settings) as store:
        require_made(store)
        yield store
