"""Where records may meet, what was learnt, what people decided, and syncs that can be resumed."""

import json

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and say of each sync so far how it ended."""
    op.create_table(
        "joints",
        sa.Column("joint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider", "record_id"],
            ["records.provider", "records.record_id"],
            name="fk_joints_records",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("joint", "provider", "record_id", name="pk_joints"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_joints_provider_record_id", "joints", ["provider", "record_id"])
    op.create_table(
        "calibrations",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("policy", String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", String(64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_calibrations"),
    )
    op.create_index("ix_calibrations_status", "calibrations", ["status"])
    _say_of_which_record_each_review_is()
    op.create_table(
        "decisions",
        sa.Column("id", String(64), nullable=False),
        sa.Column("verdict", String(20), nullable=False),
        sa.Column("left_provider", String(200), nullable=False),
        sa.Column("left_id", String(200), nullable=False),
        sa.Column("right_provider", String(200), nullable=False),
        sa.Column("right_id", String(200), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_left_provider_left_id", "decisions", ["left_provider", "left_id"])
    op.create_index("ix_decisions_right_provider_right_id", "decisions", ["right_provider", "right_id"])
    with op.batch_alter_table("syncs") as syncs:
        syncs.add_column(sa.Column("status", String(20), nullable=False, server_default="succeeded"))
        syncs.add_column(sa.Column("since", sa.DateTime(timezone=True), nullable=True))
        syncs.add_column(sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
        syncs.add_column(sa.Column("resumes", String(64), nullable=True))
        syncs.add_column(sa.Column("cursor", sa.Text(), nullable=True))
        syncs.add_column(sa.Column("expected", sa.Integer(), nullable=True))
        syncs.alter_column("finished_at", existing_type=sa.DateTime(timezone=True), nullable=True)
    op.execute("UPDATE syncs SET status = 'failed' WHERE error IS NOT NULL")
    with op.batch_alter_table("syncs") as syncs:
        syncs.alter_column("status", existing_type=String(20), server_default=None)
    op.create_table(
        "leases",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("sync_id", String(64), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", name="pk_leases"),
    )
    op.create_table(
        "arrivals",
        sa.Column("sync_id", String(64), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["sync_id"], ["syncs.id"], name="fk_arrivals_syncs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sync_id", "place", name="pk_arrivals"),
    )


def _say_of_which_record_each_review_is() -> None:
    with op.batch_alter_table("reviews") as reviews:
        reviews.add_column(sa.Column("provider", String(200), nullable=False, server_default=""))
        reviews.add_column(sa.Column("record_id", String(200), nullable=False, server_default=""))
    table = sa.table("reviews", sa.column("id"), sa.column("body"), sa.column("provider"), sa.column("record_id"))
    for review_id, body in op.get_bind().execute(sa.select(table.c.id, table.c.body)).all():
        provider, _, record_id = json.loads(body)["left"][0].partition(":")
        row = {"provider": provider, "record_id": record_id}
        op.get_bind().execute(table.update().where(table.c.id == review_id).values(row))
    with op.batch_alter_table("reviews") as reviews:
        reviews.alter_column("provider", existing_type=String(200), server_default=None)
        reviews.alter_column("record_id", existing_type=String(200), server_default=None)
    op.create_index("ix_reviews_provider_record_id", "reviews", ["provider", "record_id"])


def downgrade() -> None:
    """Drop them; syncs that were running are taken for failed."""
    op.drop_table("arrivals")
    op.drop_table("leases")
    op.execute("UPDATE syncs SET error = coalesce(error, status) WHERE status <> 'succeeded'")
    op.execute("UPDATE syncs SET finished_at = started_at WHERE finished_at IS NULL")
    with op.batch_alter_table("syncs") as syncs:
        syncs.drop_column("status")
        syncs.drop_column("since")
        syncs.drop_column("as_of")
        syncs.drop_column("resumes")
        syncs.drop_column("cursor")
        syncs.drop_column("expected")
        syncs.alter_column("finished_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.drop_index("ix_decisions_right_provider_right_id", table_name="decisions")
    op.drop_index("ix_decisions_left_provider_left_id", table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_calibrations_status", table_name="calibrations")
    op.drop_table("calibrations")
    op.drop_index("ix_reviews_provider_record_id", table_name="reviews")
    with op.batch_alter_table("reviews") as reviews:
        reviews.drop_column("record_id")
        reviews.drop_column("provider")
    op.drop_index("ix_joints_provider_record_id", table_name="joints")
    op.drop_table("joints")
