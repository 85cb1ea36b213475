"""
The store notes under which rules of the engine its indexes were made, and under which its devices.

What the versions before wrote is of rules 1. Who goes back gets devices that the version before works out anew with its
next write, because no policy has the digest of the calibration in force.
"""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("state", "calibrations")


def upgrade() -> None:
    """Note the rules of the versions before, whose defaults nobody knows."""
    for table in TABLES:
        op.add_column(table, sa.Column("engine", sa.Integer(), nullable=False, server_default="1"))
        op.add_column(table, sa.Column("defaults", String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget the rules; a held calibration is none of the version before."""
    op.execute("UPDATE calibrations SET policy = '' WHERE status = 'in_force' AND engine > 1")
    op.execute("UPDATE calibrations SET status = 'superseded', body = '{}' WHERE status = 'held' AND engine > 1")
    for table in TABLES:
        op.drop_column(table, "defaults")
        op.drop_column(table, "engine")
