"""What holds of a store at any moment, whoever died writing to it, and what of it can be compared with another's."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from matching.checksums import checksum
from matching.evidence.search import search_terms
from matching.model import Verdict
from matching.policy import OnConflict, Policy
from service.core.paging import PageRequest
from service.devices.lookup import DeviceView
from service.resolution.applying import rebuild
from service.stewardship.deciding import list_decisions
from service.stewardship.feed import ChangeView
from service.store.database import tables
from service.store.database.postings import unpacked
from service.store.resolved import calibrations
from service.store.resolved.rules import policy_digest
from tests.service.sandbox import INDEXES, POLICY, Sandbox
from tests.service.stewardship.test_feed import all_changes, replayed

OTHER_POLICY = Policy(board_replacement=OnConflict.REVIEW, mac_against_name=OnConflict.JOIN)
"""What an operator may change the settings to."""

STANDING = {
    "records": "SELECT provider, record_id, payload FROM records",
    **INDEXES,
    "reviews": "SELECT id, reason, worth, body FROM reviews",
    "shared values": "SELECT id, kind, value, reason, holders FROM shared_values",
    "untrusted fields": "SELECT provider, kind, pairs, agreeing FROM untrusted_fields",
    "quarantine": "SELECT id, provider, record_id, reason FROM quarantine",
    "decisions": "SELECT verdict, left_provider, left_id, right_provider, right_id, why FROM decisions"
    " WHERE revoked_at IS NULL",
    "calibrations": "SELECT status, policy, digest FROM calibrations WHERE status IN ('in_force', 'held')",
    "leases": "SELECT provider FROM leases",
    "arrivals": "SELECT sync_id, place FROM arrivals",
}
"""What is the same in two stores in which the same was done, whenever and under whichever ids."""


def portrait(world: Sandbox) -> dict[str, Any]:
    """Return what a store holds but for ids and times; devices are named by their records."""
    devices = {
        " ".join(f"{row.provider}:{row.id}" for row in view.records): view.model_dump(include={"values", "provenance"})
        for view in world.devices()
    }
    return {"devices": devices, **{name: sorted(world.rows(query)) for name, query in STANDING.items()}}


def assert_whole(world: Sandbox) -> list[ChangeView]:
    """
    Require all that has to hold; return the change feed.

    A server may be busy for a moment with what a dead process asked of it last; who writes waits until that is over.
    """
    with world.store.writing():
        pass
    with world.store.reading() as connection:
        assert_homes(connection)
        _assert_findable(connection)
    changes = all_changes(world, limit=1000)
    _assert_told(world, changes)
    _assert_ids_lead_somewhere(world, changes)
    _assert_decided(world)
    _assert_as_rebuilt(world)
    return changes


def assert_homes(connection: Connection) -> None:
    """Every record is in exactly one device, which is there, and every device has a record."""
    records = _rows(connection, tables.records.c.provider, tables.records.c.record_id, tables.records.c.number)
    members = _rows(
        connection, *(tables.memberships.c[name] for name in ("provider", "record_id", "record", "device_id"))
    )
    devices = {device_id for (device_id,) in _rows(connection, tables.devices.c.id)}
    assert sorted(row[:3] for row in members) == sorted(records)
    assert {row[3] for row in members} == devices


def assert_shown_whole(views: Iterable[DeviceView]) -> None:
    """What one answer shows of devices is of one moment: no record is in two, no value from a record of another."""
    seen: set[tuple[str, str]] = set()
    for view in views:
        own = {(row.provider, row.id) for row in view.records}
        assert own
        assert not own & seen
        assert {(each.provider, each.record_id) for each in view.provenance.values()} <= own
        seen |= own


def _assert_findable(connection: Connection) -> None:
    """A record is found by all that it says, and by nothing else; nobody is sent to one that is not there."""
    said = {
        (checksum(term), number)
        for number, payload in _rows(connection, tables.records.c.number, tables.records.c.payload)
        for term in search_terms(json.loads(payload))
    }
    assert said == set(_rows(connection, tables.identifiers.c.term, tables.identifiers.c.record))
    own = _rows(connection, tables.records.c.number, tables.records.c.terms)
    assert said == {(term, number) for number, terms in own for term in unpacked(terms)}


def _assert_told(world: Sandbox, changes: list[ChangeView]) -> None:
    """The feed has no gap; from it alone follow the devices; each value changes from what it was last changed to."""
    assert [each.seq for each in changes] == list(range(1, len(changes) + 1))
    assert replayed(changes) == world.groups()
    told: dict[tuple[str, str], Any] = {}
    for each in changes:
        for field, values in each.detail.get("fields", {}).items():
            assert told.get((each.device_id, field), values["from"]) == values["from"], each
            told[each.device_id, field] = values["to"]
    for view in world.devices():
        for (device_id, field), value in told.items():
            assert device_id != view.id or view.values.get(field) == value, (view.id, field)


def _assert_ids_lead_somewhere(world: Sandbox, changes: list[ChangeView]) -> None:
    """Every id ever told is a live device or retired, never both; a retired one says why, and leads to a live one."""
    live = {device_id for (device_id,) in world.rows("SELECT id FROM devices")}
    retired = {row[0]: row[1:] for row in world.rows("SELECT id, successor, why FROM retired_devices")}
    told = {each.device_id for each in changes}
    told |= {each for change in changes for name in ("absorbed", "from") for each in change.detail.get(name, ())}
    told |= {change.detail["successor"] for change in changes if change.detail.get("successor")}
    assert not live & retired.keys()
    assert told == live | retired.keys()
    assert all(why and (successor is None or successor in live) for successor, why in retired.values())


def _assert_decided(world: Sandbox) -> None:
    """What people said of two records that are both there is so."""
    home = {key: device_id for device_id, keys in world.groups().items() for key in keys}
    for each in list_decisions(world, PageRequest(1000)).data:
        if each.left in home and each.right in home:
            assert (home[each.left] == home[each.right]) == (each.verdict is Verdict.SAME), each


def _assert_as_rebuilt(world: Sandbox) -> None:
    """Worked out anew under the policy in force, nothing differs: devices, golden records, joints, reviews."""
    with world.store.reading() as connection:
        known = calibrations.in_force(connection)
    if known:
        [policy] = (each for each in (POLICY, OTHER_POLICY) if policy_digest(each) == known[0].policy)
        done = rebuild(world.changed(policy=policy), dry_run=True)
        assert not done.rows.total(), done.rows
        assert not done.changes


def _rows(connection: Connection, *columns: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(*columns))]
