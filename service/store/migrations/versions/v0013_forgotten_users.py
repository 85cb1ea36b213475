"""Names of last users that are to be forgotten, as salted hashes."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "forgotten_users",
        sa.Column("name_hash", String(64), nullable=False),
        sa.Column("salt", String(64), nullable=False),
        sa.Column("forgotten_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_forgotten_users")),
    )


def downgrade() -> None:
    """Drop it: the names come back with the next sync, if the providers still have them."""
    op.drop_table("forgotten_users")
