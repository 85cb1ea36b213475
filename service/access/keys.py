"""API keys: made once, shown once, stored as a hash."""

import base64
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import BaseModel, Field

from matching.records import MAX_KEY
from service.access.callers import Caller
from service.access.scopes import Scope
from service.core.errors import BadRequest, Conflict, KeyExpired, NotFound, StoreError, Unauthorised
from service.resolution import customer_changes
from service.store.access import keys as stored
from service.store.access.keys import ApiKey
from service.store.access.visibility import Customer
from service.store.resolved import customer_feeds
from service.store.world import World

PREFIX = "sbx_"
"""Makes a token that leaked into a log or a repository easy to find."""

TOKEN_BYTES = 32  # 43 characters of base64, beyond guessing, so a plain hash protects it
USE_NOTED_EVERY = timedelta(minutes=1)
NOT_AT_ALL = timedelta(0)
"""For how long a token is kept that ends at once."""


@dataclass(frozen=True)
class Rights:
    """
    What a key is made for; `providers` are those whose records it may write, `expires_at` None: never.

    `customers` are those whose records alone it sees, and may write; none: it sees all.
    """

    scopes: frozenset[Scope] = frozenset({Scope.READ})
    providers: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    customers: frozenset[Customer] = frozenset()


class KeyView(BaseModel):
    """What is known of a key; its token is known to nobody but its bearer."""

    id: str
    name: str = Field(description="What the key was made for.")
    scopes: list[Scope]
    providers: list[str] | None = Field(description="Those whose records it may write; null if it is bound to none.")
    customers: list[str] | None = Field(
        description="Those whose records alone it sees, as `provider:company_id`; null if it sees all."
    )
    made_before_scopes: bool = Field(description="Whether it may do everything because it is so old.")
    created_at: datetime
    expires_at: datetime | None = Field(description="Null if it never does.")
    last_used_at: datetime | None = Field(description="To the minute; null if never.")
    former_until: datetime | None = Field(description="How long the token before the last rotation holds.")
    revoked_at: datetime | None


def create(
    world: World,
    name: str,
    token_bytes: Callable[[int], bytes],
    rights: Rights = Rights(),
) -> tuple[str, str]:
    """
    Make a key; return its id and its token, which nobody can show again.

    The change feed of a key that is bound to customers begins with the first key that is bound to the same ones.

    Raises:
        BadRequest: The name is empty, too long or does not print; or the rights make no sense together.
        Conflict: A key of this name is not revoked.
    """
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise BadRequest("a key's name has 1 to 100 printable characters")
    _require_sense(rights)
    _require_future(world, rights.expires_at)
    key_id, token = token_bytes(6).hex(), _token(token_bytes)
    key = ApiKey(
        key_id,
        name,
        hash_of(token),
        world.now(),
        scopes=rights.scopes,
        providers=rights.providers or None,
        expires_at=rights.expires_at,
        customers=[str(each) for each in rights.customers] or None,
    )
    with world.store.writing() as connection:
        if stored.has_live_name(connection, name):
            raise Conflict(f"a key named {name!r} exists; revoke or rotate it, or take another name")
        stored.add(connection, key)
        if visibility := stored.visibility(key):
            customer_changes.begin(connection, world.change(connection), visibility)
    return key_id, token


def rotate(
    world: World,
    key_id: str,
    token_bytes: Callable[[int], bytes],
    *,
    keep_old: timedelta = NOT_AT_ALL,
    expires_at: datetime | None = None,
) -> str:
    """
    Give a key a new token and return it, which nobody can show again.

    Args:
        keep_old: How long the present token goes on to hold; one that was kept by an earlier rotation ends now.
        expires_at: Until when the key holds from now on; None leaves that as it is.

    Raises:
        NotFound: No key has that id, or it is revoked.
        BadRequest: The key has expired, and the call does not say until when it holds from now on.
    """
    _require_future(world, expires_at)
    token, at = _token(token_bytes), world.now()
    with world.store.writing() as connection:
        key = stored.live_by_id(connection, key_id)
        if key is None:
            raise NotFound(f"no key {key_id[:100]!r} that could be rotated; `samebox keys list` shows them")
        ends = expires_at or key.expires_at
        if ends and ends <= at:
            raise BadRequest(f"the key expired at {_moment(ends)}; say until when it is to hold, as in --expires 90d")
        wanted = key._replace(
            token_hash=hash_of(token), former_hash=key.token_hash, former_until=at + keep_old, expires_at=ends
        )
        stored.put_token(connection, wanted)
    return token


def list_keys(world: World) -> list[KeyView]:
    """Return every key, the oldest first."""
    with world.store.reading() as connection:
        return list(map(_view, stored.all_keys(connection)))


def keys_before_scopes(world: World) -> str | None:
    """Return the sentence on keys that may do everything because they are older than scopes; None if there are none."""
    old = [f"{key.name} ({key.id})" for key in list_keys(world) if key.made_before_scopes and not key.revoked_at]
    if not old:
        return None
    count = "1 key that was" if len(old) == 1 else f"{len(old)} keys that were"
    return (
        f"{count} made before there were scopes may do everything: {', '.join(old)}; make narrower ones with "
        "`samebox keys create NAME --scope read`, then `samebox keys revoke ID`"
    )


def revoke(world: World, key_id: str) -> None:
    """
    Take a key back; it is refused from now on. With the last key that is bound to some customers goes their feed.

    Raises:
        NotFound: No key has that id, or it is revoked already.
    """
    with world.store.writing() as connection:
        key = stored.live_by_id(connection, key_id)
        if key is None:
            raise NotFound(f"no key {key_id[:100]!r} that could be revoked; `samebox keys list` shows them")
        stored.revoke(connection, key_id, world.now())
        visibility = stored.visibility(key)
        if visibility and visibility not in stored.live_visibilities(connection):
            customer_feeds.drop(connection, visibility)


def verify(world: World, token: str) -> Caller:
    """
    Return who bears a token, by one indexed read, or by none where nothing was written to the store since the last one.

    Raises:
        KeyExpired: The key, or this token of it, was known once.
        Unauthorised: No key has it, or the key is revoked; the error does not say which.
    """
    return verify_hash(world, hash_of(token))


def verify_hash(world: World, token_hash: str) -> Caller:
    """Return who bears the token that has a hash (`hash_of`). Raises: what `verify` does."""
    at = world.now()
    key = _key(world, token_hash)
    if key is None or key.revoked_at:
        raise Unauthorised("that key is not known here; `samebox keys create` makes one")
    _require_in_time(key, token_hash, at)
    if key.last_used_at is None or at - key.last_used_at >= USE_NOTED_EVERY:
        with suppress(StoreError), world.store.writing(patient=False) as connection:
            # a sync that is writing must not keep callers waiting, so the note may be lost
            stored.touch(connection, key.id, at)
    providers = None if key.providers is None else frozenset(key.providers)
    return Caller(key.name, key.id, frozenset(_scopes(key)), providers, stored.visibility(key))


def _key(world: World, token_hash: str) -> ApiKey | None:
    known: dict[str, ApiKey] = world.store.notes()
    if token_hash not in known:
        with world.store.reading() as connection:
            key = stored.by_hash(connection, token_hash)
        if key is None:  # tokens that strangers make up would fill the notes
            return None
        known[token_hash] = key
    return known[token_hash]


def _require_in_time(key: ApiKey, token_hash: str, at: datetime) -> None:
    is_present = hmac.compare_digest(key.token_hash, token_hash)
    if not is_present and key.former_until and key.former_until <= at:
        raise KeyExpired(
            f"this token of the key was replaced and ended at {_moment(key.former_until)}; use the new one"
        )
    if key.expires_at and key.expires_at <= at:
        raise KeyExpired(f"this key expired at {_moment(key.expires_at)}; `samebox keys rotate {key.id}` renews it")


def _require_sense(rights: Rights) -> None:
    if not rights.scopes:
        raise BadRequest(f"a key has at least one scope: {', '.join(Scope)}")
    if Scope.ADMIN in rights.scopes or Scope.INGEST not in rights.scopes:
        if rights.providers:
            raise BadRequest("providers bind a key with the scope ingest that is not admin; this one is not bound")
    elif not rights.providers:
        raise BadRequest("a key with the scope ingest names the providers that it may write: --provider rmm_alpha")
    if rights.customers and Scope.ADMIN in rights.scopes:
        raise BadRequest("a key with the scope admin does everything and cannot be bound to customers")
    for provider in rights.providers:
        if not provider.strip() or ":" in provider or not provider.isprintable() or len(provider) > MAX_KEY:
            raise BadRequest(f"a provider has 1 to {MAX_KEY} printable characters and no colon")


def _require_future(world: World, expires_at: datetime | None) -> None:
    if expires_at and expires_at <= world.now():
        raise BadRequest(f"a key cannot expire in the past, at {_moment(expires_at)}")


def _token(token_bytes: Callable[[int], bytes]) -> str:
    return PREFIX + base64.urlsafe_b64encode(token_bytes(TOKEN_BYTES)).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return the hash of a token, or of any other secret that cannot be guessed: what is stored of it."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _scopes(key: ApiKey) -> list[Scope]:
    return [Scope.ADMIN] if key.scopes is None else [scope for scope in Scope if scope in key.scopes]


def _view(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        scopes=_scopes(key),
        providers=None if key.providers is None else list(key.providers),
        customers=None if key.customers is None else list(key.customers),
        made_before_scopes=key.scopes is None,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        former_until=key.former_until,
        revoked_at=key.revoked_at,
    )
