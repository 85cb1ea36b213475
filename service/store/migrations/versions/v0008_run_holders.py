"""A lease names the process that holds it, so that one that was killed is known to be gone."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    ("boot_id", String(64)),
    ("pid_namespace", String(64)),
    ("pid", sa.Integer()),
    ("start_ticks", sa.BigInteger()),
)


def upgrade() -> None:
    """Add the columns, empty: of who holds a lease now nothing more is known."""
    for name, type_ in COLUMNS:
        op.add_column("leases", sa.Column(name, type_, nullable=True))


def downgrade() -> None:
    """Take the columns away: all leases last until their time is over, as before."""
    for name, _ in COLUMNS:
        op.drop_column("leases", name)
