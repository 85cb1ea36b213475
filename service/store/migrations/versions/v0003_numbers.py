"""
Records get numbers, by which the indexes name them; what they can be found by is indexed by checksum.

Tables are copied and made anew: SQLite cannot change a primary key, and would take all that refers to a dropped table
with it. What records can be found by is read off them, as it is after a push.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from matching.checksums import checksum
from matching.evidence.search import SearchTerm, search_terms
from service.store.database.types import Number, String, indexable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COPIED = ("records", "memberships", "joints")
SAID = "payload, content_hash, seen_at, first_seen_at, changed_at, returned_at"
ROWS = 5_000
"""Rows of an index that are written at a time."""

_Row = Mapping[str, Any]


def upgrade() -> None:
    """Number the records, in order of key."""
    _set_aside("SELECT row_number() OVER (ORDER BY provider, record_id) AS number, records.* FROM records")
    op.create_table(
        "records",
        sa.Column("number", Number, autoincrement=False, nullable=False),
        *_of_records(),
        sa.PrimaryKeyConstraint("number", name="pk_records"),
        sa.UniqueConstraint("provider", "record_id", name="uq_records_provider_record_id"),
    )
    op.execute(f"INSERT INTO records SELECT number, provider, record_id, {SAID} FROM old_records")  # noqa: S608 - our own names
    _create_memberships()
    _create_postings("identifiers", "term")
    _create_postings("joints", "joint")
    op.execute(
        "INSERT INTO joints SELECT joint, number FROM old_joints "
        "JOIN records ON records.provider = old_joints.provider AND records.record_id = old_joints.record_id"
    )
    _index("identifiers", lambda row, term: {"term": checksum(term), "record": row.number})
    _forget_old()


def downgrade() -> None:
    """Name records by provider and id everywhere."""
    _set_aside("SELECT * FROM records")
    op.create_table("records", *_of_records(), sa.PrimaryKeyConstraint("provider", "record_id", name="pk_records"))
    op.execute(f"INSERT INTO records SELECT provider, record_id, {SAID} FROM old_records")  # noqa: S608 - our own names
    _create_memberships()
    kind_and_value = sa.Column("kind", String(40), nullable=False), sa.Column("value", String(450), nullable=False)
    _create_keyed("identifiers", *kind_and_value)
    _create_keyed("joints", sa.Column("joint", sa.BigInteger(), autoincrement=False, nullable=False))
    op.execute(
        "INSERT INTO joints SELECT joint, provider, record_id FROM old_joints JOIN old_records ON number = record"
    )
    _index("identifiers", _keyed)
    _forget_old()


def _keyed(row: Any, term: SearchTerm) -> _Row:
    value = indexable(term.value)
    return {"kind": term.kind, "value": value, "provider": row.provider, "record_id": row.record_id}


def _set_aside(records: str) -> None:
    """Copy the tables that are made anew, and drop them, who refers to another one first."""
    op.execute(f"CREATE TABLE old_records AS {records}")
    op.execute("CREATE TABLE old_memberships AS SELECT * FROM memberships")
    op.execute("CREATE TABLE old_joints AS SELECT * FROM joints")
    for table in ("identifiers", "joints", "memberships", "records"):
        op.drop_table(table)


def _forget_old() -> None:
    op.execute("INSERT INTO memberships SELECT * FROM old_memberships")
    if op.get_context().dialect.name == "postgresql":  # a table of which something is left to check cannot be dropped
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in COPIED:
        op.drop_table(f"old_{table}")


def _index(table: str, row_of: Callable[[Any, SearchTerm], _Row]) -> None:
    """Index every record by what it can be found by."""
    rows = _indexed(row_of)
    while portion := list(islice(rows, ROWS)):
        target = sa.table(table, *map(sa.column, portion[0]))
        op.get_bind().execute(target.insert(), portion)


def _indexed(row_of: Callable[[Any, SearchTerm], _Row]) -> Iterator[_Row]:
    records = sa.table("records", *map(sa.column, _columns("records")))
    query = sa.select(records).execution_options(yield_per=ROWS)
    for row in op.get_bind().execute(query):
        distinct = {tuple(found.items()): found for found in (row_of(row, term) for term in _terms(row.payload))}
        yield from distinct.values()


def _terms(payload: str) -> Iterable[SearchTerm]:
    return search_terms(json.loads(payload))


def _columns(table: str) -> list[str]:
    return [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]


def _of_records() -> list[sa.Column[Any]]:
    return [
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("content_hash", String(64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _create_memberships() -> None:
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
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("provider", "record_id", name="pk_memberships"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memberships_device_id", "memberships", ["device_id"])


def _create_postings(table: str, checksum_name: str) -> None:
    op.create_table(
        table,
        sa.Column(checksum_name, sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record", Number, nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name=f"fk_{table}_records", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(checksum_name, "record", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_record", table, ["record"])


def _create_keyed(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("provider", String(200), nullable=False),
        sa.Column("record_id", String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider", "record_id"],
            ["records.provider", "records.record_id"],
            name=f"fk_{table}_records",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*(column.name for column in columns), "provider", "record_id", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_provider_record_id", table, ["provider", "record_id"])
