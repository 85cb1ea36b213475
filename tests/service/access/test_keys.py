"""API keys: shown once, kept as a hash, refused once revoked."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from service.access import keys
from service.access.callers import Caller
from service.access.keys import Rights
from service.access.scopes import Scope
from service.core.errors import BadRequest, Conflict, KeyExpired, NotFound, Unauthorised
from service.stewardship.feed import feed
from service.store.access import keys as stored
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.sandbox import Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both, opened, place_in

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PUSHES = Rights(frozenset({Scope.INGEST}), frozenset({"rmm_beta", "rmm_alpha"}))


def zeros(count: int) -> bytes:
    """Return predictable bytes."""
    return bytes(range(count))


def nth(number: int) -> Callable[[int], bytes]:
    """Return a source of bytes that are those of no other number."""
    return lambda count: bytes([number]) * count


def at(moment: datetime, world: Sandbox) -> World:
    """Return a world at a time."""
    return world.changed(now=lambda: moment)


def test_a_key_is_verified_by_its_token_and_stored_without_it(tmp_path: Path) -> None:
    """Who reads the database file cannot ask the service."""
    world = Sandbox(tmp_path)

    key_id, token = keys.create(world, "console", zeros)

    assert re.fullmatch(r"sbx_[A-Za-z0-9_-]{43}", token)
    assert keys.verify(world, token).key_id == key_id
    assert token[4:] not in str(world.rows("SELECT * FROM api_keys"))
    assert token[4:].encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert token[4:] not in str(world.rows("SELECT * FROM api_keys"))


@pytest.mark.parametrize("token", ["", "sbx_", "sbx_" + "A" * 43, "x" * 10_000, "\udcff"])
def test_an_unknown_token_is_refused(tmp_path: Path, token: str) -> None:
    """Whatever it looks like."""
    with pytest.raises(Unauthorised):
        keys.verify(Sandbox(tmp_path), token)


def test_a_revoked_key_is_refused_and_stays_listed(tmp_path: Path) -> None:
    """It can be revoked once; the list shows when."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(world, "console", zeros)

    keys.revoke(world.changed(now=lambda: NOON), key_id)

    with pytest.raises(Unauthorised):
        keys.verify(world, token)
    with pytest.raises(NotFound):
        keys.revoke(world, key_id)
    assert [key.revoked_at for key in keys.list_keys(world)] == [NOON]


def test_the_last_use_is_noted_to_the_minute(tmp_path: Path) -> None:
    """Not at every request: a write a request would make readers wait for writers."""
    world = Sandbox(tmp_path)
    _, token = keys.create(world.changed(now=lambda: NOON), "console", zeros)

    for seconds in (0, 30, 59, 61):
        moment = NOON + timedelta(seconds=seconds)
        keys.verify(world.changed(now=partial(datetime.fromtimestamp, moment.timestamp(), UTC)), token)
        last = keys.list_keys(world)[0].last_used_at
        assert last == NOON + timedelta(seconds=61 if seconds == 61 else 0)


def test_a_token_is_verified_by_one_indexed_read(tmp_path: Path) -> None:
    """Every call does it, however many keys there are; the plan is SQLite's: PostgreSQL reads a small table whole."""
    world = Sandbox(tmp_path).changed(now=lambda: NOON)
    _, token = keys.create(world, "console", zeros)
    keys.verify(world, token)  # notes its use

    with collected(world.store) as statements:
        keys.verify(world, token)

    [query] = statements
    if world.store.engine.dialect.name == "sqlite":
        with world.store.reading() as connection:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}".replace("?", "'x'"))]
        assert sum("SEARCH api_keys USING INDEX" in step for step in plan) == 2
        assert not any(step.startswith("SCAN") for step in plan)


def test_a_key_is_verified_while_a_sync_is_writing(tmp_path: Path) -> None:
    """The note of its use is lost then, the caller is not kept waiting."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(world, "console", zeros)

    with world.store.writing():
        assert keys.verify(world, token).key_id == key_id


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
def test_a_key_needs_a_name_that_prints(tmp_path: Path, name: str) -> None:
    """Or nobody knows later what to revoke."""
    with pytest.raises(BadRequest, match="name"):
        keys.create(Sandbox(tmp_path), name, zeros)


def test_a_bearer_may_do_what_the_key_was_made_for(tmp_path: Path) -> None:
    """Read, unless something else is said; the providers go with the scope that writes."""
    world = Sandbox(tmp_path)
    _, reader = keys.create(world, "console", nth(1))
    pusher_id, pusher = keys.create(world, "agent", nth(2), PUSHES)

    assert keys.verify(world, reader).granted == {Scope.READ}
    caller = keys.verify(world, pusher)
    assert caller == Caller("agent", pusher_id, PUSHES.scopes, PUSHES.providers)
    assert [(view.scopes, view.providers) for view in keys.list_keys(world)] == [
        (["read"], None),
        (["ingest"], ["rmm_alpha", "rmm_beta"]),
    ]


@pytest.mark.parametrize(
    ("rights", "why"),
    [
        (Rights(frozenset()), "at least one scope"),
        (Rights(frozenset({Scope.INGEST})), "names the providers"),
        (Rights(frozenset({Scope.READ}), frozenset({"a"})), "not bound"),
        (Rights(frozenset({Scope.ADMIN, Scope.INGEST}), frozenset({"a"})), "not bound"),
        (Rights(frozenset({Scope.INGEST}), frozenset({"a:1"})), "no colon"),
        (Rights(frozenset({Scope.INGEST}), frozenset({" "})), "printable"),
        (Rights(expires_at=NOON), "in the past"),
    ],
)
def test_rights_that_make_no_sense_are_refused(tmp_path: Path, rights: Rights, why: str) -> None:
    """A key that could do nothing, or is less bound than it looks, is not made."""
    world = Sandbox(tmp_path)

    with pytest.raises(BadRequest, match=why):
        keys.create(at(NOON, world), "agent", zeros, rights)
    assert keys.list_keys(world) == []


def test_two_live_keys_have_two_names(tmp_path: Path) -> None:
    """The name is what histories say; that of a revoked key is free again, that of an expired one is not."""
    world = Sandbox(tmp_path)
    key_id, _ = keys.create(at(NOON, world), "agent", nth(1), Rights(expires_at=NOON + HOUR))

    with pytest.raises(Conflict, match="'agent' exists"):
        keys.create(at(NOON + 2 * HOUR, world), " agent ", nth(2))
    keys.revoke(world, key_id)

    assert keys.create(world, "agent", nth(2))


def test_an_expired_key_is_told_that_it_is(tmp_path: Path) -> None:
    """Whoever holds it held a valid one, and is told how to renew it; a revoked one is unknown."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(at(NOON, world), "agent", nth(1), Rights(expires_at=NOON + HOUR))

    assert keys.verify(at(NOON + HOUR - timedelta(seconds=1), world), token).key_id == key_id
    with pytest.raises(KeyExpired, match=f"expired at 2026-11-01 13:00 UTC; `samebox keys rotate {key_id}`"):
        keys.verify(at(NOON + HOUR, world), token)
    keys.revoke(world, key_id)
    with pytest.raises(Unauthorised, match="not known"):
        keys.verify(at(NOON + HOUR, world), token)


def test_a_rotated_key_keeps_all_but_its_token(tmp_path: Path) -> None:
    """The old token ends at once and its bearer is told so."""
    world = Sandbox(tmp_path)
    key_id, old = keys.create(at(NOON, world), "agent", nth(1), PUSHES)
    before = keys.verify(at(NOON, world), old)

    new = keys.rotate(at(NOON, world), key_id, nth(2))

    assert keys.verify(at(NOON, world), new) == before
    with pytest.raises(KeyExpired, match="was replaced and ended at 2026-11-01 12:00 UTC"):
        keys.verify(at(NOON, world), old)


def test_an_old_token_may_be_kept_for_a_while(tmp_path: Path) -> None:
    """Both hold until then; the next rotation keeps the token before it alone, and revoking ends both."""
    world = Sandbox(tmp_path)
    key_id, first = keys.create(at(NOON, world), "agent", nth(1))

    second = keys.rotate(at(NOON, world), key_id, nth(2), keep_old=HOUR)
    assert {keys.verify(at(NOON, world), token).key_id for token in (first, second)} == {key_id}
    assert keys.list_keys(world)[0].former_until == NOON + HOUR
    with pytest.raises(KeyExpired):
        keys.verify(at(NOON + HOUR, world), first)
    third = keys.rotate(at(NOON, world), key_id, nth(3), keep_old=HOUR)
    with pytest.raises(Unauthorised, match="not known"):
        keys.verify(at(NOON, world), first)
    assert {keys.verify(at(NOON, world), token).key_id for token in (second, third)} == {key_id}
    keys.revoke(world, key_id)
    for token in (second, third):
        with pytest.raises(Unauthorised, match="not known"):
            keys.verify(at(NOON, world), token)


def test_an_expired_key_is_rotated_with_a_new_end(tmp_path: Path) -> None:
    """Without one the new token would be dead; the old one does not come to life again beyond what is asked."""
    world = Sandbox(tmp_path)
    key_id, old = keys.create(at(NOON, world), "agent", nth(1), Rights(expires_at=NOON + HOUR))
    later = at(NOON + 2 * HOUR, world)

    with pytest.raises(BadRequest, match="say until when"):
        keys.rotate(later, key_id, nth(2))
    with pytest.raises(BadRequest, match="in the past"):
        keys.rotate(later, key_id, nth(2), expires_at=NOON)
    new = keys.rotate(later, key_id, nth(2), expires_at=NOON + 3 * HOUR)

    assert keys.verify(later, new).key_id == key_id
    with pytest.raises(KeyExpired):
        keys.verify(later, old)
    with pytest.raises(KeyExpired):
        keys.verify(at(NOON + 3 * HOUR, world), new)


def test_only_a_live_key_is_rotated(tmp_path: Path) -> None:
    """A revoked one stays revoked."""
    world = Sandbox(tmp_path)
    key_id, _ = keys.create(world, "agent", nth(1))
    keys.revoke(world, key_id)

    for unknown in (key_id, "none"):
        with pytest.raises(NotFound, match="rotated"):
            keys.rotate(world, unknown, nth(2))


def test_keys_made_before_scopes_may_do_everything_and_are_told(tmp_path: Path) -> None:
    """By name and id, as long as they are not revoked; a rotation does not hide them."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(world, "console", nth(1))
    keys.create(world, "helpdesk", nth(2))
    assert keys.keys_before_scopes(world) is None
    with world.store.writing() as connection:
        connection.exec_driver_sql("UPDATE api_keys SET scopes = NULL WHERE name = 'console'")

    assert keys.verify(world, token).granted == set(Scope)
    assert keys.verify(world, token).may_write("anything")
    assert str(keys.keys_before_scopes(world)).startswith(
        f"1 key that was made before there were scopes may do everything: console ({key_id});"
    )
    keys.rotate(world, key_id, nth(3))
    assert keys.keys_before_scopes(world)
    keys.revoke(world, key_id)
    assert keys.keys_before_scopes(world) is None


def test_a_key_is_not_read_again_until_something_is_written(tmp_path: Path, database: str) -> None:
    """By anyone, in this process or another; on a server it is read each time. When it ends is looked at each time."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(at(NOON, world), "console", zeros, Rights(expires_at=NOON + HOUR))
    for _ in range(3):
        keys.verify(at(NOON, world), token)
    with collected(world.store) as asked:
        keys.verify(at(NOON, world), token)
    assert len(asked) == (0 if database == "sqlite" else 1)
    with pytest.raises(KeyExpired):
        keys.verify(at(NOON + HOUR, world), token)

    with opened(place_in(tmp_path)).writing() as connection:
        stored.revoke(connection, key_id, NOON)
    with pytest.raises(Unauthorised, match="not known"):
        keys.verify(at(NOON, world), token)


def test_who_bears_a_key_bound_to_customers_sees_these_alone(tmp_path: Path) -> None:
    """Also after a rotation; a key that is bound to none sees all."""
    world = Sandbox(tmp_path)
    customers = frozenset({Customer("cw_manage", "250"), Customer("rmm_alpha", "a:b")})
    key_id, token = keys.create(world, "acme", nth(1), Rights(customers=customers))
    _, unbound = keys.create(world, "all", nth(2))

    assert keys.verify(world, token).visibility == Visibility(customers)
    assert keys.verify(world, keys.rotate(world, key_id, nth(3))).visibility == Visibility(customers)
    assert keys.verify(world, unbound).visibility is None
    listed = {each.name: each.customers for each in keys.list_keys(world)}
    assert listed == {"acme": ["cw_manage:250", "rmm_alpha:a:b"], "all": None}


def test_keys_bound_to_the_same_customers_share_a_feed(tmp_path: Path) -> None:
    """It begins with the first of them and goes with the last; an unbound key neither makes nor ends one."""
    world = Sandbox(tmp_path)
    customers = frozenset({Customer("a", "1"), Customer("b", "1")})
    seen = world.acting(None, Visibility(customers))
    world.push(record("a:1", company_id="1", serial="SN-10001"))
    first, _ = keys.create(world, "first", nth(1), Rights(customers=customers))
    world.push(record("b:1", company_id="1", serial="SN-10001"))
    second, _ = keys.create(world, "second", nth(2), Rights(customers=customers))
    keys.revoke(world, keys.create(world, "all", nth(3))[0])
    keys.revoke(world, first)

    assert [each.detail["added"] for each in feed(seen).data] == [["b:1"]]
    keys.revoke(world, second)
    assert feed(seen).data == []
    for table in (
        "customer_feeds",
        "feed_customers",
        "published_devices",
        "customer_changes",
        "customer_change_companies",
    ):
        assert world.rows(f"SELECT * FROM {table}") == []


def test_a_key_that_does_everything_is_not_bound_to_customers(tmp_path: Path) -> None:
    """Its syncs and settings are about all of them."""
    rights = Rights(frozenset({Scope.ADMIN}), customers=frozenset({Customer("cw_manage", "250")}))

    with pytest.raises(BadRequest, match="cannot be bound to customers"):
        keys.create(Sandbox(tmp_path), "acme", zeros, rights)
