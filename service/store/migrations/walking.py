"""Set up Alembic to run the migrations on an open connection."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Walk to the last revision."""
    command.upgrade(_configured(connection), "head")


def downgrade(connection: Connection, to: str) -> None:
    """Walk back to a revision, or to "base"."""
    command.downgrade(_configured(connection), to)


def _configured(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
