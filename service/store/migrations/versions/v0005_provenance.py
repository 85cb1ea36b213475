"""Where a device's values came from is written once a record and rule, and no longer once a field."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROWS = 5_000
"""Devices that are rewritten at a time."""

DEVICES = sa.table("devices", sa.column("id"), sa.column("provenance"))


def upgrade() -> None:
    """Gather the fields by record and rule."""
    _rewrite(_gathered)


def downgrade() -> None:
    """Give each field all of it again."""
    _rewrite(_spread)


def _gathered(fields: dict[str, Any]) -> dict[str, Any]:
    sources: dict[tuple[Any, ...], dict[str, list[str]]] = {}
    for field, held in sorted(fields.items()):
        source = held["provider"], held["record_id"], held["last_seen"]
        sources.setdefault(source, {}).setdefault(held["rule"], []).append(field)
    return {
        "sources": [[*source, rules] for source, rules in sources.items()],
        "others": {field: held["others"] for field, held in fields.items() if held["others"]},
    }


def _spread(held: dict[str, Any]) -> dict[str, Any]:
    return {
        field: {
            "provider": provider,
            "record_id": record_id,
            "last_seen": last_seen,
            "rule": rule,
            "others": held["others"].get(field, []),
        }
        for provider, record_id, last_seen, rules in held["sources"]
        for rule, fields in rules.items()
        for field in fields
    }


def _rewrite(change: Callable[[Any], Any]) -> None:
    connection = op.get_bind()
    query = sa.update(DEVICES).where(DEVICES.c.id == sa.bindparam("of")).values(provenance=sa.bindparam("told"))
    for rows in _portions(connection):
        told = [
            {
                "of": row.id,
                "told": json.dumps(change(json.loads(row.provenance)), sort_keys=True, separators=(",", ":")),
            }
            for row in rows
        ]
        connection.execute(query, told)


def _portions(connection: sa.Connection) -> Iterator[list[Any]]:
    """The devices in order of id, some at a time."""
    query = sa.select(DEVICES).order_by(DEVICES.c.id).limit(ROWS)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        rows = list(connection.execute(query.where(DEVICES.c.id > rows[-1].id)))
