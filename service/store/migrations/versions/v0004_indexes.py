"""Indexes by checksum refer to records by number alone: a foreign key is looked at for each of their many rows."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXES = "identifiers", "joints"


def upgrade() -> None:
    """Drop the foreign keys."""
    for table in INDEXES:
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.drop_constraint(f"fk_{table}_records", type_="foreignkey")


def downgrade() -> None:
    """Add them again."""
    for table in INDEXES:
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.create_foreign_key(f"fk_{table}_records", "records", ["record"], ["number"], ondelete="CASCADE")
