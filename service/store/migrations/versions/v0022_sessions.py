"""People sign in to the console with a key."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sessions",
        sa.Column("id_hash", String(64), nullable=False),
        sa.Column("token_hash", String(64), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_begun_at", "sessions", ["begun_at"])


def downgrade() -> None:
    """Drop it; everybody signs in again."""
    op.drop_table("sessions")
