"""The checksums under which a record stands in an index are packed beside it, and a membership knows its number."""

import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.store.database.types import Number

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROWS = 5_000
"""Records that are looked at at a time."""

RECORDS = sa.table("records", *map(sa.column, ("number", "provider", "record_id", "terms")))
MEMBERSHIPS = sa.table("memberships", *map(sa.column, ("provider", "record_id", "record", "joints")))
IDENTIFIERS = sa.table("identifiers", sa.column("term"), sa.column("record"))
JOINTS = sa.table("joints", sa.column("joint"), sa.column("record"))


def upgrade() -> None:
    """Read off the indexes what stands in them of each record."""
    nothing = sa.text("x''" if op.get_context().dialect.name == "sqlite" else "''")
    for table, column in (("records", "terms"), ("memberships", "joints")):
        op.add_column(table, sa.Column(column, sa.LargeBinary(), nullable=False, server_default=nothing))
    op.add_column("memberships", sa.Column("record", Number, nullable=False, server_default="0"))
    terms = RECORDS.update().where(RECORDS.c.number == sa.bindparam("of")).values(terms=sa.bindparam("packed"))
    own = MEMBERSHIPS.c.provider == sa.bindparam("by"), MEMBERSHIPS.c.record_id == sa.bindparam("id")
    numbers = MEMBERSHIPS.update().where(*own).values(record=sa.bindparam("number"))
    joints = MEMBERSHIPS.update().where(*own).values(joints=sa.bindparam("packed"))
    for records in _portions(op.get_bind()):
        _fill(terms, [{"of": row.number, "packed": packed} for row, packed in _packed(records, IDENTIFIERS)])
        _fill(numbers, [{"by": row.provider, "id": row.record_id, "number": row.number} for row in records])
        found = _packed(records, JOINTS)
        _fill(joints, [{"by": row.provider, "id": row.record_id, "packed": packed} for row, packed in found])
    op.drop_index("ix_identifiers_record", "identifiers")
    op.drop_index("ix_joints_record", "joints")


def downgrade() -> None:
    """Make the indexes again."""
    op.create_index("ix_identifiers_record", "identifiers", ["record"])
    op.create_index("ix_joints_record", "joints", ["record"])
    op.drop_column("records", "terms")
    op.drop_column("memberships", "joints")
    op.drop_column("memberships", "record")


def _portions(connection: sa.Connection) -> Iterator[list[Any]]:
    """The records in order of their numbers, some at a time."""
    columns = RECORDS.c.number, RECORDS.c.provider, RECORDS.c.record_id
    query = sa.select(*columns).order_by(RECORDS.c.number).limit(ROWS)
    rows = list(connection.execute(query))
    while rows:
        yield rows
        rows = list(connection.execute(query.where(RECORDS.c.number > rows[-1].number)))


def _packed(records: list[Any], index: sa.TableClause) -> Iterator[tuple[Any, bytes]]:
    """Records with all that stands in an index of each; without those of which nothing does."""
    by_number = {row.number: row for row in records}
    value, record = index.c
    among = record.between(records[0].number, records[-1].number)
    standing = op.get_bind().execute(sa.select(record, value.label("checksum")).where(among).order_by(record, value))
    for number, rows in groupby(standing, attrgetter("record")):
        own = [row.checksum for row in rows]
        yield by_number[number], struct.pack(f">{len(own)}q", *own)


def _fill(statement: sa.Update, values: Iterable[dict[str, Any]]) -> None:
    if rows := list(values):
        op.get_bind().execute(statement, rows)
