"""What the agreements of a provider bill is kept, and when it was read."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "agreement_reads",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("read_at", UtcTime()),
        sa.Column("active", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("provider", name="pk_agreement_reads"),
    )
    op.create_table(
        "billed_additions",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("company_id", String(200), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text()),
        sa.Column("price", sa.Text()),
        sa.Column("unread", sa.Text()),
        sa.PrimaryKeyConstraint("provider", "id", name="pk_billed_additions"),
    )


def downgrade() -> None:
    """Drop them; the next sync reads the agreements again."""
    op.drop_table("billed_additions")
    op.drop_table("agreement_reads")
