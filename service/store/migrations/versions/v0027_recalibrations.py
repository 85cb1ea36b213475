"""What people put in force is followed while the devices are resolved anew, and stays to be read afterwards."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "recalibrations",
        sa.Column("id", String(64), nullable=False),
        sa.Column("kind", String(20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("devices_changed", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recalibrations"),
    )


def downgrade() -> None:
    """Drop it; what was put in force stays so."""
    op.drop_table("recalibrations")
