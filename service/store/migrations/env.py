"""Runs the migrations on the connection that `Store.upgrade` gives, inside its transaction."""

from alembic import context

from service.store.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
