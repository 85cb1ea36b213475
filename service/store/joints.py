"""Where records may meet: a row a joint (`matching.joints`) and record."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Text, cast, func, select

from matching.joints import Joint
from matching.model import Key
from service.store.bykeys import ByValues
from service.store.rows import delete_rows, insert_values
from service.store.tables import joints, records

Difference = tuple[int, frozenset[Joint], frozenset[Joint]]
"""The number of a record, the joints that are stored of it, and those that are to be."""

_HOLDERS = ByValues(
    select(records.c.provider, records.c.record_id)
    .join_from(joints, records, joints.c.record == records.c.number)
    .distinct(),
    joints.c.joint,
)


def of(number: ColumnElement[int]) -> ScalarSelect[str]:
    """Return what selects the joints of the record with a number, in one text that `read` understands."""
    texts = func.aggregate_strings(cast(joints.c.joint, Text), ",")
    return select(texts).where(joints.c.record == number).scalar_subquery()


def read(text: str | None) -> frozenset[Joint]:
    """Return the joints that `of` selected."""
    return frozenset(map(int, text.split(","))) if text else frozenset()


def holders(connection: Connection, wanted: Iterable[Joint]) -> set[Key]:
    """Return the records that have one of the joints."""
    return {Key(provider, record_id) for provider, record_id in _HOLDERS.rows(connection, wanted)}


def write(connection: Connection, differences: Iterable[Difference]) -> int:
    """Turn the stored joints of records into the wanted ones, touching only rows that differ; return how many."""
    gone: list[tuple[Joint, int]] = []
    new: list[tuple[Joint, int]] = []
    for number, stored, wanted in differences:
        gone += ((joint, number) for joint in stored - wanted)
        new += ((joint, number) for joint in wanted - stored)
    delete_rows(connection, joints, sorted(gone))
    insert_values(connection, joints, ("joint", "record"), sorted(new))
    return len(gone) + len(new)
