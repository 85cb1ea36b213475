"""
Sessions of people at the console: begun with a key, and over as soon as that key is.

A session stands for the token that it was begun with, and at each request that token says who is signed in. So whatever
is done to the key is done to the session.
"""

import base64
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from service.access.callers import Caller
from service.access.keys import hash_of, verify, verify_hash
from service.access.scopes import Scope
from service.core.errors import StoreError, Unauthorised
from service.store.access import sessions as stored
from service.store.access.sessions import StoredSession
from service.store.world import World

LONGEST = timedelta(hours=8)
"""After this long a session is over, used or not."""

IDLE = timedelta(minutes=30)
"""After this long without a request a session is over."""

USE_NOTED_EVERY = timedelta(minutes=1)

ID_BYTES = 32
"""Bytes of a session's id: beyond guessing, so a plain hash protects it."""


class BegunSession(NamedTuple):
    """A session that was just begun: its id, which nobody can show again, and who is signed in."""

    id: str
    caller: Caller


def begin(world: World, token: str, token_bytes: Callable[[int], bytes]) -> BegunSession:
    """
    Sign in with the token of a key; sessions that are too old to be used are forgotten.

    Raises:
        KeyExpired: The key, or this token of it, was known once.
        Unauthorised: No key has the token, or the key is revoked.
        InsufficientScope: The key may not read, so there is no page that it could see.
    """
    caller, at = verify(world, token), world.now()
    caller.require([Scope.READ])
    session_id = base64.urlsafe_b64encode(token_bytes(ID_BYTES)).decode().rstrip("=")
    with world.store.writing() as connection:
        stored.remove_begun_before(connection, at - LONGEST)
        stored.add(connection, StoredSession(hash_of(session_id), hash_of(token), at, at))
    return BegunSession(session_id, caller)


def resume(world: World, session_id: str) -> Caller:
    """
    Return who is signed in, and note that the session is used.

    Raises:
        Unauthorised: There is no such session, or it is over: by its age, by idleness, or because its key is.
    """
    at = world.now()
    with world.store.reading() as connection:
        session = stored.find(connection, hash_of(session_id))
    if session is None or at - session.begun_at >= LONGEST or at - session.seen_at >= IDLE:
        raise Unauthorised("that session is over; sign in again")
    caller = verify_hash(world, session.token_hash)
    if at - session.seen_at >= USE_NOTED_EVERY:
        with suppress(StoreError), world.store.writing(patient=False) as connection:
            # a sync that is writing must not keep people waiting, so the note may come a request later
            stored.touch(connection, session.id_hash, at)
    return caller


def end(world: World, session_id: str) -> None:
    """Sign out: the session is forgotten, if there is one."""
    with world.store.writing() as connection:
        stored.remove(connection, hash_of(session_id))
