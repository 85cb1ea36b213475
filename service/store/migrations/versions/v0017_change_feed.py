"""The change feed is read by kind and by company, and may forget what is old."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """
    Make the index and the table.

    Of a change that is there, the company is that of its device now, or of the one that took its place.
    """
    op.create_index("ix_changes_what_seq", "changes", ["what", "seq"])
    op.create_table(
        "change_companies",
        sa.Column("company_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("company_key", "seq", name="pk_change_companies"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO change_companies SELECT company_key, seq FROM changes "
        "LEFT JOIN retired_devices ON retired_devices.id = changes.device_id "
        "JOIN devices ON devices.id = coalesce(retired_devices.successor, changes.device_id) "
        "WHERE company_key IS NOT NULL"
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("change_companies")
    op.drop_index("ix_changes_what_seq", "changes")
