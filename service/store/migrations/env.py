"""Runs the migrations on the connection that `Store.upgrade` gives, inside its transaction."""

from alembic import context

from service.store.database.feed_tables import customer_feeds

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=customer_feeds.metadata,  # that of all tables
    transactional_ddl=True,
)
context.run_migrations()
