"""
Forget a last user: take the name out of all that is stored, and store no more of it.

The name of a person is in records, and from there in golden records, provenance and the change feed. Records are
changed in the one way in which they change, so devices and feed follow; other places are cleaned where they are.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from service.core.errors import BadRequest
from service.resolution.applying import apply
from service.store.ingested import forgotten_users, records
from service.store.ingested.redaction import fragment_of, redact
from service.store.resolved import devices
from service.store.resolved.changes import CauseKind
from service.store.world import World

LONGEST_NAME = 200
"""Characters of a name that somebody asks to forget."""


class ForgottenName(NamedTuple):
    """
    Where a name was: in how many records, of how many devices, and in how many rows of each other table.

    `elsewhere` counts the records that go on holding it in a field by which a device is known, such as its hostname.
    """

    records: int
    devices: int
    rows: dict[str, int]
    elsewhere: int


def forget(world: World, name: str, random_bytes: Callable[[int], bytes], *, dry_run: bool = False) -> ForgottenName:
    """
    Take a last user's name out of everything that is stored, and drop it from all that comes later.

    `jdoe` is found in any case of letters, and also as `ACME\\jdoe` or `jdoe@acme.com`; `ACME\\jdoe` only as it is.
    A dry run changes nothing and tells what it would change.

    Raises:
        BadRequest: It is no name.
        StoreError: The database failed; nothing was changed.
    """
    wanted = _checked(name)
    fragment = fragment_of(wanted)
    with world.store.writing() as connection:
        attempt = connection.begin_nested()
        users = forgotten_users.add(connection, wanted, random_bytes(16).hex(), world.now())
        found, elsewhere = records.naming(connection, users, fragment)
        keys = [each.key for each in found]
        device_ids = {member.device_id for member in devices.members(connection, keys).values()}
        rows = redact(connection, users, fragment)
        apply(connection, found, world.change(connection, {CauseKind.FORGOTTEN.value: len(found)}))
        redact(connection, users, fragment)  # the feed would say what the values were before
        if dry_run:
            attempt.rollback()
    if not dry_run:
        world.store.compact()
    return ForgottenName(len(found), len(device_ids), dict(rows), elsewhere)


def remember(world: World, name: str) -> bool:
    """
    Store the name again when it comes; return whether it was one to forget. What was removed stays so until then.

    Raises:
        BadRequest: It is no name.
        StoreError: The database failed; nothing was changed.
    """
    wanted = _checked(name)
    with world.store.writing() as connection:
        return forgotten_users.remove(connection, wanted)


def _checked(name: str) -> str:
    name = name.strip()
    if not re.search(r"\w", name):
        raise BadRequest("name the user, as a provider writes the name: jdoe, ACME\\jdoe or jdoe@acme.com")
    if len(name) > LONGEST_NAME or re.search(r"[,;|\x00-\x1f]", name):
        raise BadRequest(f"a user's name has at most {LONGEST_NAME} characters, and neither , nor ; nor | among them")
    return name
