"""Where the tables are, and which revisions there are."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from service.store import schema
from service.store.database.tables import metadata
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both, opened


def test_the_files_are_named_after_their_revisions_in_order() -> None:
    """The names are read where Alembic would have to be loaded to know them."""
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.set_main_option("path_separator", "os")
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert [*schema.REVISIONS] == walked[::-1]


@on_both
def test_a_store_that_is_ready_is_at_the_last_revision(tmp_path: Path) -> None:
    """Its tables are named without the one in which Alembic keeps the revision."""
    with Sandbox(tmp_path).store.reading() as connection:
        assert schema.revision(connection) == schema.REVISIONS[-1]
        assert schema.tables(connection) == set(metadata.tables)


def test_an_empty_database_has_no_revision_and_no_tables(tmp_path: Path) -> None:
    """So it is told from one that is behind."""
    with opened(f"sqlite:///{tmp_path}/new.db").reading() as connection:
        assert schema.revision(connection) is None
        assert schema.tables(connection) == set()


@on_both
def test_a_downgrade_leads_to_the_revision_and_an_upgrade_back(tmp_path: Path) -> None:
    """To the base none is left, and its revision is none."""
    with Sandbox(tmp_path).store.writing() as connection:
        schema.downgrade(connection, schema.REVISIONS[-2])
        assert schema.revision(connection) == schema.REVISIONS[-2]
        schema.downgrade(connection, "base")
        assert (schema.revision(connection), schema.tables(connection)) == (None, set())
        schema.upgrade(connection)
        assert schema.revision(connection) == schema.REVISIONS[-1]
