"""Sessions: begun with a key, limited by age and idleness, and over at once when the key is."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matching.policy import Policy
from service.access import keys, sessions
from service.access.keys import Rights
from service.access.scopes import Scope
from service.access.sessions import IDLE, LONGEST
from service.core.errors import InsufficientScope, Unauthorised
from service.store.access import sessions as stored
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.sandbox import numbered
from tests.service.stores import on_both, opened, place_in

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that shows noon."""
    return Clock()


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> World:
    """Return an empty world with that clock."""
    return World(opened(place_in(tmp_path)), Policy(), clock, numbered("id"))


def key(world: World, name: str = "anna", rights: Rights = Rights()) -> tuple[str, str]:  # noqa: B008 - frozen
    """Make a key; return its id and its token."""
    return keys.create(world, name, secrets.token_bytes, rights)


def session(world: World, token: str) -> str:
    """Begin a session; return its id."""
    return sessions.begin(world, token, secrets.token_bytes).id


def is_over(world: World, session_id: str) -> bool:
    """Whether a session is refused."""
    try:
        sessions.resume(world, session_id)
    except Unauthorised:
        return True
    return False


def test_a_session_is_its_key(world: World) -> None:
    """Whoever signs in is the caller that the API would know: name, scopes and customers."""
    rights = Rights(frozenset({Scope.STEWARD}), customers=frozenset({Customer("cw_manage", "250")}))
    _, token = key(world, rights=rights)

    begun = sessions.begin(world, token, secrets.token_bytes)

    assert begun.caller == sessions.resume(world, begun.id) == keys.verify(world, token)


def test_each_session_has_an_id_of_its_own_of_which_only_the_hash_is_stored(world: World) -> None:
    """Whoever reads the store cannot take a session over."""
    _, token = key(world)
    one, other = session(world, token), session(world, token)

    assert one != other
    with world.store.reading() as connection:
        assert stored.find(connection, one) is None
        assert stored.find(connection, keys.hash_of(one)) is not None


def test_no_session_begins_without_a_key_that_may_read(world: World) -> None:
    """There would be no page to see; an unknown key is told from that."""
    _, token = key(world, rights=Rights(frozenset({Scope.INGEST}), frozenset({"cw_rmm"})))

    with pytest.raises(InsufficientScope):
        session(world, token)
    with pytest.raises(Unauthorised):
        session(world, "sbx_unknown")


def test_a_session_is_over_at_once_when_its_key_is_revoked(world: World) -> None:
    """Another key's session goes on."""
    key_id, token = key(world)
    _, others = key(world, "ben")
    mine, theirs = session(world, token), session(world, others)
    assert not is_over(world, mine)

    keys.revoke(world, key_id)

    assert is_over(world, mine)
    assert not is_over(world, theirs)


def test_a_session_is_over_when_its_key_expires(world: World, clock: Clock) -> None:
    """To the second."""
    _, token = key(world, rights=Rights(expires_at=NOON + timedelta(minutes=10)))
    mine = session(world, token)

    clock.now = NOON + timedelta(minutes=10) - SECOND
    assert not is_over(world, mine)
    clock.now += SECOND
    assert is_over(world, mine)


def test_a_session_is_over_when_its_token_is_replaced(world: World) -> None:
    """A key is rotated because somebody else may have its token, who may have signed in with it."""
    key_id, token = key(world)
    mine = session(world, token)

    keys.rotate(world, key_id, secrets.token_bytes)

    assert is_over(world, mine)


def test_a_session_is_over_after_half_an_hour_without_a_request(world: World, clock: Clock) -> None:
    """Each request begins the half hour anew."""
    _, token = key(world)
    mine = session(world, token)

    clock.now += IDLE - SECOND
    assert not is_over(world, mine)
    clock.now += IDLE - SECOND
    assert not is_over(world, mine)
    clock.now += IDLE
    assert is_over(world, mine)


def test_a_session_is_over_after_eight_hours_of_use(world: World, clock: Clock) -> None:
    """However often it is used; the next sign-in forgets it."""
    _, token = key(world)
    mine = session(world, token)
    while clock.now + timedelta(minutes=20) < NOON + LONGEST:
        clock.now += timedelta(minutes=20)
        assert not is_over(world, mine)

    clock.now = NOON + LONGEST
    assert is_over(world, mine)
    session(world, token)
    with world.store.reading() as connection:
        assert stored.find(connection, keys.hash_of(mine)) is None


def test_the_use_of_a_session_is_noted_once_a_minute(world: World, clock: Clock) -> None:
    """A page that is read does not write each time."""
    _, token = key(world)
    mine = session(world, token)
    noted = []
    for seconds in (59, 60, 61):
        clock.now = NOON + seconds * SECOND
        assert not is_over(world, mine)
        with world.store.reading() as connection:
            found = stored.find(connection, keys.hash_of(mine))
        assert found
        noted.append(found.seen_at)

    assert noted == [NOON, NOON + 60 * SECOND, NOON + 60 * SECOND]


def test_signing_out_ends_one_session(world: World) -> None:
    """Others of the same key go on, and to sign out twice is no error."""
    _, token = key(world)
    one, other = session(world, token), session(world, token)

    sessions.end(world, one)
    sessions.end(world, one)

    assert is_over(world, one)
    assert not is_over(world, other)
