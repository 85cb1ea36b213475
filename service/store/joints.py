"""Where records may meet: a row a joint (`matching.joints`) and record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from matching.model import Key
from service.store.bykeys import ByKeys, ByValues
from service.store.rows import delete_rows, insert_rows
from service.store.tables import joints

Joints = Mapping[Key, frozenset[int]]
"""Record -> its joints."""

_OF_RECORDS = ByKeys(select(joints).where, (joints.c.provider, joints.c.record_id))
_HOLDERS = ByValues(select(joints.c.provider, joints.c.record_id).distinct(), joints.c.joint)


def of(connection: Connection, keys: Iterable[Key]) -> Joints:
    """Return the joints of records; one that has none is absent."""
    found: defaultdict[Key, set[int]] = defaultdict(set)
    for joint, provider, record_id in _OF_RECORDS.rows(connection, keys):
        found[Key(provider, record_id)].add(joint)
    return {key: frozenset(own) for key, own in found.items()}


def holders(connection: Connection, wanted: Iterable[int]) -> set[Key]:
    """Return the records that have one of the joints."""
    return {Key(provider, record_id) for provider, record_id in _HOLDERS.rows(connection, wanted)}


def write(connection: Connection, stored: Joints, wanted: Joints) -> int:
    """Turn the stored joints of some records into the wanted ones, touching only rows that differ; return how many."""
    none = frozenset[int]()
    gone = [(joint, *key) for key, own in stored.items() for joint in own - wanted.get(key, none)]
    new = [(joint, *key) for key, own in wanted.items() for joint in own - stored.get(key, none)]
    delete_rows(connection, joints, sorted(gone))
    names = joints.c.keys()
    insert_rows(connection, joints, (dict(zip(names, row, strict=True)) for row in sorted(new)))
    return len(gone) + len(new)
