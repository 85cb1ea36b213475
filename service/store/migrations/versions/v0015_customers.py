"""A record is found by its customer, and an API key may be bound to customers."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from service.store.database.types import String, UtcTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROWS = 5_000
"""Records that are read at a time."""

LONGEST = 200
"""Characters of a company id that a key can be bound to."""

INDEX = "ix_records_provider_company_id"

RECORDS = sa.table("records", *map(sa.column, ("number", "payload", "company_id")))


def upgrade() -> None:
    """Add the columns, and read the company ids of the records that there are."""
    op.add_column("api_keys", sa.Column("customers", sa.Text))
    op.add_column("records", sa.Column("company_id", String(LONGEST)))
    change = RECORDS.update().where(RECORDS.c.number == sa.bindparam("of")).values(company_id=sa.bindparam("said"))
    query = sa.select(RECORDS.c.number, RECORDS.c.payload).order_by(RECORDS.c.number).limit(ROWS)
    connection = op.get_bind()
    rows = connection.execute(query).all()
    while rows:
        said = [{"of": row.number, "said": own} for row in rows if (own := _company_id(row.payload))]
        if said:
            connection.execute(change, said)
        rows = connection.execute(query.where(RECORDS.c.number > rows[-1].number)).all()
    op.create_index(INDEX, "records", ["provider", "company_id"])


def downgrade() -> None:
    """Drop them; a key that is bound is revoked, because the version before would let it see everything."""
    keys = sa.table("api_keys", sa.column("customers"), sa.column("revoked_at", UtcTime))
    live = keys.c.customers.is_not(None) & keys.c.revoked_at.is_(None)
    op.execute(keys.update().where(live).values(revoked_at=datetime.now(UTC)))
    op.drop_index(INDEX, "records")
    op.drop_column("records", "company_id")
    op.drop_column("api_keys", "customers")


def _company_id(payload: str) -> str | None:
    company_id = str(json.loads(payload).get("company_id", "")).strip()
    return company_id if company_id and company_id.isprintable() and len(company_id) <= LONGEST else None
