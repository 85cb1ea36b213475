"""A decision knows what a review about its two records proposed when it was made."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of decisions made before nobody knows."""
    op.add_column("decisions", sa.Column("proposed", String(20)))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("decisions", "proposed")
