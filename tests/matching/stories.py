"""Short ways to write records, and to read what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from matching.evidence.groups import Group, group_of
from matching.evidence.identity import Identity, identify
from matching.model import Decision, Key, Record, Verdict
from matching.policy import Policy
from matching.records import read_record
from matching.results.resolution import Resolution, resolve_records

Rows = Sequence[Mapping[str, Any]]
"""Records as plain dicts, as a feed has them."""


def resolve_rows(rows: Rows, policy: Policy | None = None, decisions: Sequence[Decision] = ()) -> Resolution:
    """Read and resolve some rows."""
    return resolve_records([read_record(dict(row))[0] for row in rows], policy, decisions)


def devices_of(rows: Rows, policy: Policy | None = None, decisions: Sequence[Decision] = ()) -> list[str]:
    """Return the devices of some rows, each as the keys of its records with blanks between them."""
    return [" ".join(map(str, device.keys)) for device in resolve_rows(rows, policy, decisions).devices]


def questions_of(rows: Rows, policy: Policy | None = None) -> list[str]:
    """Return the reasons of the reviews that some rows open."""
    return [str(review.reason) for review in resolve_rows(rows, policy).reviews]


def record(key: str, **fields: Any) -> Record:
    """Return the record with this key, read from its fields as written."""
    provider, record_id = Key.parse(key)
    return read_record({"provider": provider, "id": record_id, **fields})[0]


def identity(key: str, policy: Policy | None = None, **fields: Any) -> Identity:
    """Return what a record with these fields says."""
    return identify(record(key, **fields), policy or Policy())


def group(key: str, customer: str | None = None, complete: Sequence[str] = (), **fields: Any) -> Group:
    """Return the group of one record with these fields, of a customer, where some providers list every adapter."""
    return group_of(identity(key, **fields), customer, frozenset(complete))


def same(left: str, right: str) -> Decision:
    """Return the decision that two records are one box."""
    return Decision(Verdict.SAME, Key.parse(left), Key.parse(right))


def different(left: str, right: str) -> Decision:
    """Return the decision that two records are two boxes."""
    return Decision(Verdict.DIFFERENT, Key.parse(left), Key.parse(right))
