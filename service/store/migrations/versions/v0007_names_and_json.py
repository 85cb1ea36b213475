"""Blocking keys and untrusted fields get the names that the field has for them."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the tables and columns."""
    op.rename_table("joints", "blocking_keys")
    op.alter_column("blocking_keys", "joint", new_column_name="blocking_key")
    op.alter_column("memberships", "joints", new_column_name="blocking_keys")
    op.rename_table("fields_set_aside", "untrusted_fields")
    _rename_keys({"joints": "blocking_keys", "fields_set_aside": "untrusted_fields"})


def downgrade() -> None:
    """Give them their former names."""
    op.rename_table("untrusted_fields", "fields_set_aside")
    op.alter_column("memberships", "blocking_keys", new_column_name="joints")
    op.alter_column("blocking_keys", "blocking_key", new_column_name="joint")
    op.rename_table("blocking_keys", "joints")
    _rename_keys({"blocking_keys": "joints", "untrusted_fields": "fields_set_aside"})


def _rename_keys(tables: dict[str, str]) -> None:
    """Name primary keys after their tables, as PostgreSQL keeps them; SQLite has no names to change."""
    if op.get_context().dialect.name == "postgresql":
        for former, table in tables.items():
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT pk_{former} TO pk_{table}")
