"""Decisions that are made at once have a group, by which they are taken back at once."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; decisions that stand are single ones."""
    op.add_column("decisions", sa.Column("group_id", String(64), nullable=True))
    op.create_index("ix_decisions_group_id", "decisions", ["group_id"])
    op.create_index("ix_decisions_at", "decisions", ["at"])


def downgrade() -> None:
    """Drop it; the decisions stand as single ones."""
    op.drop_index("ix_decisions_at", "decisions")
    op.drop_index("ix_decisions_group_id", "decisions")
    op.drop_column("decisions", "group_id")
