"""The first answers to requests that were sent with an idempotency key are kept for a day."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", String(200), nullable=False),
        sa.Column("key", String(255), nullable=False),
        sa.Column("request_hash", String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.Text()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_stored_at"), "idempotency_keys", ["stored_at"])


def downgrade() -> None:
    """Drop it again."""
    op.drop_index(op.f("ix_idempotency_keys_stored_at"), "idempotency_keys")
    op.drop_table("idempotency_keys")
