"""Records, the devices they resolve to, what they can be found by, and what happened."""

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_keys",
        sa.Column("id", String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("token_hash", name="uq_api_keys_token_hash"),
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", String(64), nullable=False),
        sa.Column("what", String(20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
    )
    op.create_index("ix_changes_device_id_seq", "changes", ["device_id", "seq"])
    op.create_table(
        "devices",
        sa.Column("id", String(64), nullable=False),
        sa.Column("golden", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("company_key", sa.Text(), nullable=True),
        sa.Column("type_key", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
    )
    op.create_index("ix_devices_company_key_id", "devices", ["company_key", "id"])
    op.create_index("ix_devices_type_key_id", "devices", ["type_key", "id"])
    op.create_table(
        "fields_set_aside",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("kind", String(40), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("agreeing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "kind", name="pk_fields_set_aside"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", String(64), nullable=False),
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_provider", "quarantine", ["provider"])
    op.create_table(
        "records",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("content_hash", String(64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "record_id", name="pk_records"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", String(64), nullable=False),
        sa.Column("reason", String(60), nullable=False),
        sa.Column("worth", sa.Float(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    op.create_table(
        "shared_values",
        sa.Column("id", String(64), nullable=False),
        sa.Column("kind", String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("holders", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shared_values"),
    )
    op.create_table(
        "state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_state"),
    )
    op.create_table(
        "syncs",
        sa.Column("id", String(64), nullable=False),
        sa.Column("provider", String(200), nullable=False),
        sa.Column("mode", String(20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_syncs"),
    )
    op.create_index("ix_syncs_provider_started_at", "syncs", ["provider", "started_at"])
    op.create_table(
        "identifiers",
        sa.Column("kind", String(40), nullable=False),
        sa.Column("value", String(450), nullable=False),
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider", "record_id"],
            ["records.provider", "records.record_id"],
            name="fk_identifiers_records",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "value", "provider", "record_id", name="pk_identifiers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identifiers_provider_record_id", "identifiers", ["provider", "record_id"])
    op.create_table(
        "memberships",
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.Column("device_id", String(64), nullable=False),
        sa.Column("unusable", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_memberships_devices"),
        sa.ForeignKeyConstraint(
            ["provider", "record_id"],
            ["records.provider", "records.record_id"],
            name="fk_memberships_records",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("provider", "record_id", name="pk_memberships"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memberships_device_id", "memberships", ["device_id"])
    op.create_table(
        "retired_devices",
        sa.Column("id", String(64), nullable=False),
        sa.Column("successor", String(64), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["successor"], ["devices.id"], name="fk_retired_devices_devices"),
        sa.PrimaryKeyConstraint("id", name="pk_retired_devices"),
    )
    op.create_index("ix_retired_devices_successor", "retired_devices", ["successor"])
    op.execute("INSERT INTO state (id, version) VALUES (1, 0)")


def downgrade() -> None:
    """Drop them all."""

    op.drop_index("ix_retired_devices_successor", table_name="retired_devices")
    op.drop_table("retired_devices")
    op.drop_index("ix_memberships_device_id", table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("ix_identifiers_provider_record_id", table_name="identifiers")
    op.drop_table("identifiers")
    op.drop_index("ix_syncs_provider_started_at", table_name="syncs")
    op.drop_table("syncs")
    op.drop_table("state")
    op.drop_table("shared_values")
    op.drop_table("reviews")
    op.drop_table("records")
    op.drop_index("ix_quarantine_provider", table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_table("fields_set_aside")
    op.drop_index("ix_devices_type_key_id", table_name="devices")
    op.drop_index("ix_devices_company_key_id", table_name="devices")
    op.drop_table("devices")
    op.drop_index("ix_changes_device_id_seq", table_name="changes")
    op.drop_table("changes")
    op.drop_table("api_keys")
