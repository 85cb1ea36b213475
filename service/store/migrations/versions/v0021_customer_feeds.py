"""Keys that are bound to customers have change feeds of their own."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the feeds of keys that are there begin when the upgrade is done (`resolution.upgrading`)."""
    op.create_table(
        "customer_feeds",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", String(64), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer_feeds"),
        sa.UniqueConstraint("digest", name="uq_customer_feeds_digest"),
    )
    op.create_table(
        "feed_customers",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("company_id", String(200), nullable=False),
        sa.Column("feed", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("provider", "company_id", "feed", name="pk_feed_customers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "published_devices",
        sa.Column("feed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device_id", String(64), nullable=False),
        sa.Column("golden", sa.Text(), nullable=False),
        sa.Column("records", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "device_id", name="pk_published_devices"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_published_devices_device_id", "published_devices", ["device_id"])
    op.create_table(
        "customer_changes",
        sa.Column("feed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("device_id", String(64), nullable=False),
        sa.Column("what", String(20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("by", sa.Text()),
        sa.Column("key_id", String(64)),
        sa.PrimaryKeyConstraint("feed", "seq", name="pk_customer_changes"),
    )
    op.create_index("ix_customer_changes_feed_device_id_seq", "customer_changes", ["feed", "device_id", "seq"])
    op.create_index("ix_customer_changes_feed_what_seq", "customer_changes", ["feed", "what", "seq"])
    op.create_table(
        "customer_change_companies",
        sa.Column("feed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("company_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("feed", "company_key", "seq", name="pk_customer_change_companies"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "customer_change_companies",
        "customer_changes",
        "published_devices",
        "feed_customers",
        "customer_feeds",
    ):
        op.drop_table(table)
