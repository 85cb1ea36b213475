"""API keys have scopes, providers, an expiry and a former token; changes and runs say who made them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FORMER_HASH = "uq_api_keys_former_hash"


def upgrade() -> None:
    """Add the columns; a key that was made before has no scopes, which counts as all."""
    with op.batch_alter_table("api_keys") as batch:
        batch.add_column(sa.Column("scopes", sa.Text))
        batch.add_column(sa.Column("providers", sa.Text))
        batch.add_column(sa.Column("expires_at", UtcTime))
        batch.add_column(sa.Column("former_hash", String(64)))
        batch.add_column(sa.Column("former_until", UtcTime))
        batch.create_unique_constraint(FORMER_HASH, ["former_hash"])
    for table in ("changes", "syncs"):
        op.add_column(table, sa.Column("by", sa.Text))
        op.add_column(table, sa.Column("key_id", String(64)))


def downgrade() -> None:
    """Drop them; a key with scopes is revoked, because the version before would let it do everything."""
    keys = sa.table("api_keys", sa.column("scopes"), sa.column("revoked_at", UtcTime))
    live = keys.c.scopes.is_not(None) & keys.c.revoked_at.is_(None)
    op.execute(keys.update().where(live).values(revoked_at=datetime.now(UTC)))
    for table in ("syncs", "changes"):
        op.drop_column(table, "key_id")
        op.drop_column(table, "by")
    with op.batch_alter_table("api_keys") as batch:
        batch.drop_constraint(FORMER_HASH, type_="unique")
        for name in ("former_until", "former_hash", "expires_at", "providers", "scopes"):
            batch.drop_column(name)
