"""The last batch of reports of each name is remembered."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "report_runs",
        sa.Column("name", String(200), nullable=False),
        sa.Column("as_of", UtcTime(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_report_runs"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("report_runs")
