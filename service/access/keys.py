"""API keys: made once, shown once, stored as a hash."""

import base64
import hmac
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import BaseModel, Field

from service.core.errors import BadRequest, NotFound, StoreError, Unauthorised
from service.store import keys as stored
from service.store.keys import ApiKey
from service.store.world import World

PREFIX = "sbx_"
"""Makes a token that leaked into a log or a repository easy to find."""

TOKEN_BYTES = 32  # 43 characters of base64, beyond guessing, so a plain hash protects it
USE_NOTED_EVERY = timedelta(minutes=1)


class KeyView(BaseModel):
    """What is known of a key; its token is known to nobody but its bearer."""

    id: str
    name: str = Field(description="What the key was made for.")
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the minute; null if never.")
    revoked_at: datetime | None


def create(world: World, name: str, token_bytes: Callable[[int], bytes]) -> tuple[str, str]:
    """
    Make a key; return its id and its token, which nobody can show again.

    Raises:
        BadRequest: The name is empty, too long or does not print.
    """
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise BadRequest("a key's name has 1 to 100 printable characters")
    key_id = token_bytes(6).hex()
    token = PREFIX + base64.urlsafe_b64encode(token_bytes(TOKEN_BYTES)).decode().rstrip("=")
    with world.store.writing() as connection:
        stored.add(connection, ApiKey(key_id, name, _hash(token), world.now()))
    return key_id, token


def list_keys(world: World) -> list[KeyView]:
    """Return every key, the oldest first."""
    with world.store.reading() as connection:
        return list(map(_view, stored.all_keys(connection)))


def revoke(world: World, key_id: str) -> None:
    """
    Take a key back; it is refused from now on.

    Raises:
        NotFound: No key has that id, or it is revoked already.
    """
    with world.store.writing() as connection:
        if not stored.revoke(connection, key_id, world.now()):
            raise NotFound(f"no key {key_id[:100]!r} that could be revoked; `samebox keys list` shows them")


def verify(world: World, token: str) -> KeyView:
    """
    Return the key of a token.

    Raises:
        Unauthorised: No key has it, or the key is revoked; the error does not say which.
    """
    token_hash = _hash(token)
    with world.store.reading() as connection:
        key = stored.by_hash(connection, token_hash)
    if key is None or not hmac.compare_digest(key.token_hash, token_hash) or key.revoked_at:
        raise Unauthorised("that key is not known here; `samebox keys create` makes one")
    view = _view(key)
    if view.last_used_at is None or world.now() - view.last_used_at >= USE_NOTED_EVERY:
        with suppress(StoreError), world.store.writing(patient=False) as connection:
            # a sync that is writing must not keep callers waiting, so the note may be lost
            stored.touch(connection, view.id, world.now())
    return view


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _view(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )
