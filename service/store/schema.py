"""Find the revision of the tables, and migrate to another. Alembic loads slowly: it is loaded for migrations only."""

from importlib import import_module
from importlib.resources import files

from sqlalchemy import Connection, inspect, text

REVISIONS = tuple(
    sorted(file.name[1:5] for file in files("service.store.migrations.versions").iterdir() if file.name.startswith("v"))
)
"""All that there are, in order: a migration's file is named after the one it leads to."""

HERE = "alembic_version"
"""The table in which Alembic keeps the revision; it stays when all others go."""


def tables(connection: Connection) -> set[str]:
    """Return the names of the tables that there are."""
    return {*inspect(connection).get_table_names()} - {HERE}


def revision(connection: Connection) -> str | None:
    """Return where the tables are, None where no migration has been."""
    if not inspect(connection).has_table(HERE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {HERE}")).scalar()  # noqa: S608 - our own name


def upgrade(connection: Connection) -> None:
    """Bring the tables to the last revision."""
    import_module("service.store.migrations.walking").upgrade(connection)


def downgrade(connection: Connection, to: str) -> None:
    """Take the tables back to a revision, or to "base"."""
    import_module("service.store.migrations.walking").downgrade(connection, to)
