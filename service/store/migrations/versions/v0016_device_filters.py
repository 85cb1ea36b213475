"""Devices are found by whether they are active, when they were seen, whether they conflict, and by who lists them."""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from service.store.database.types import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROWS = 5_000
"""Devices that are read at a time."""

FILTERED = ("id", "company_key", "type_key", "is_active", "has_conflict", "last_seen_at", "updated_at")

DEVICES = sa.table(
    "devices",
    *map(sa.column, ("id", "golden", "is_active", "has_conflict")),
    sa.column("last_seen_at", UtcTime),
)


def upgrade() -> None:
    """Add the columns, fill them from the golden values, and make the indexes."""
    op.add_column("devices", sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("devices", sa.Column("last_seen_at", UtcTime()))
    op.add_column("devices", sa.Column("has_conflict", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    change = DEVICES.update().where(DEVICES.c.id == sa.bindparam("of"))
    change = change.values({name: sa.bindparam(name) for name in ("is_active", "last_seen_at", "has_conflict")})
    query = sa.select(DEVICES.c.id, DEVICES.c.golden).order_by(DEVICES.c.id).limit(ROWS)
    rows = connection.execute(query).all()
    while rows:
        connection.execute(change, [{"of": row.id, **_values(row.golden)} for row in rows])
        rows = connection.execute(query.where(DEVICES.c.id > rows[-1].id)).all()
    if connection.dialect.name == "postgresql":  # it makes no index while checks of foreign keys wait for the end
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.create_index("ix_devices_filters", "devices", FILTERED)
    op.create_index("ix_memberships_provider_device_id", "memberships", ["provider", "device_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_memberships_provider_device_id", "memberships")
    op.drop_index("ix_devices_filters", "devices")
    for column in ("has_conflict", "last_seen_at", "is_active"):
        op.drop_column("devices", column)


def _values(golden: str) -> dict[str, object]:
    values = json.loads(golden)
    seen = values.get("last_seen")
    return {
        "is_active": bool(values.get("active", True)),
        "last_seen_at": datetime.fromisoformat(seen) if seen else None,
        "has_conflict": "conflicts" in values,
    }
