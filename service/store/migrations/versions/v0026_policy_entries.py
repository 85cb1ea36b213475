"""People add to the policy of the settings, one entry at a time."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "policy_entries",
        sa.Column("id", String(64), nullable=False),
        sa.Column("kind", String(20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_policy_entries"),
    )


def downgrade() -> None:
    """Drop it; from the next change on the devices follow from the settings alone."""
    op.drop_table("policy_entries")
