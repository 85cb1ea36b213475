"""A decision names the review that it answered."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; which reviews older decisions answered is not known."""
    op.add_column("decisions", sa.Column("review", String(64)))
    op.create_index("ix_decisions_review", "decisions", ["review"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_decisions_review", "decisions")
    op.drop_column("decisions", "review")
