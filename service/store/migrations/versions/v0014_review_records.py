"""The reviews about a device are found by its records, whichever side they are on."""

import json

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and fill it from the reviews that there are."""
    table = op.create_table(
        "review_records",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.Column("review_id", String(64), nullable=False),
        sa.PrimaryKeyConstraint("provider", "record_id", "review_id", name="pk_review_records"),
        sqlite_with_rowid=False,
    )
    found = op.get_bind().execute(sa.text("SELECT id, body FROM reviews")).all()
    sides = {
        (*key.split(":", 1), review_id)
        for review_id, body in found
        for side in ("left", "right")
        for key in json.loads(body)[side]
    }
    names = ("provider", "record_id", "review_id")
    op.bulk_insert(table, [dict(zip(names, row, strict=True)) for row in sorted(sides)])


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("review_records")
