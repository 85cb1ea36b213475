"""Find the devices that a person names: by a record, by the id of a device, or by an identifier in any notation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from matching.evidence.identity import identify
from matching.model import Key
from matching.policy import Policy
from service.core.choosing import MOST_REPEATED, did_you_mean, unknown_value
from service.core.errors import UnknownValue
from service.devices.lookup import MOST_FOUND, MOST_HOLDERS
from service.devices.searching import Found, IdentifierQuery, LookupKind, search
from service.store.ingested import known_names, records
from service.store.resolved import device_records, devices
from service.store.world import World


@dataclass(frozen=True)
class ListedDevice:
    """A device in a list: its golden values, its records, and the one of them by which it is named for short."""

    id: str
    values: Mapping[str, Any]
    records: Sequence[Key]
    record: Key

    @property
    def providers(self) -> list[str]:
        """Who lists it, in order of name."""
        return sorted({key.provider for key in self.records})


def find(world: World, text: str, kind: LookupKind | None = None) -> Found:
    """
    Return the devices that a text names, with what it was understood as.

    The id of a device names it, and a retired id names its successor; there are no meanings then. A record names its
    device and no other.

    Args:
        kind: What the text is; None: it is detected.

    Raises:
        BadRequest: The text is blank.
    """
    with world.store.reading() as connection:
        if kind is None and (device_id := _of_id(connection, text.strip())):
            return Found((), [device_id], 1, is_exact=True)
        found = search(connection, world.policy_in(connection), IdentifierQuery(text, kind), MOST_FOUND, MOST_HOLDERS)
        exact = [each for each in found.meanings if each.kind is LookupKind.RECORD and each.devices]
        return Found(exact, found.device_ids[:1], 1, is_exact=True) if exact else found


def listed(world: World, device_ids: Sequence[str]) -> list[ListedDevice]:
    """Return some devices as a list shows them, in that order; ids of none are left out."""
    with world.store.reading() as connection:
        rows = devices.by_ids(connection, device_ids)
        keys = device_records.keys(connection, list(rows))
        policy = world.policy_in(connection)
    known = [device_id for device_id in device_ids if device_id in rows]
    return [ListedDevice(each, json.loads(rows[each].golden), keys[each], _short(keys[each], policy)) for each in known]


def record_named(world: World, text: str) -> Key | None:
    """Return the stored record of which a text is the name, as `provider:id`; None where there is none."""
    if not all(text.strip().partition(":")):
        return None
    key = Key.parse(text)
    with world.store.reading() as connection:
        return key if records.exists(connection, key) else None


def telling_records(world: World, device_id: str) -> list[Key]:
    """Return the records of a device, first the one that says the most kinds of evidence."""
    with world.store.reading() as connection:
        rows = device_records.of_devices(connection, [device_id])
        policy = world.policy_in(connection)
    identities = [identify(row.record, policy) for row in rows]
    said = {each.key: len({kind for kind, _ in each.values()}) + bool(each.links) for each in identities}
    return sorted(said, key=lambda key: (-said[key], key))


def unknown_device(world: World, text: str) -> UnknownValue:
    """Return the error for a text that names no device and no record; its sentence has the nearest names."""
    provider, _, own = text.strip().partition(":")
    with world.store.reading() as connection:
        providers = known_names.providers(connection)
        if own and provider in providers:
            return UnknownValue(f"no record {text[:MOST_REPEATED]!r}")
        if own and did_you_mean(provider, providers):
            return unknown_value("provider", provider, providers)
        return unknown_value("device", text, known_names.device_names(connection))


def nearest(world: World, text: str) -> str:
    """Return the question whether the device whose name is nearest is meant; empty where none is spelt alike."""
    with world.store.reading() as connection:
        return did_you_mean(text, known_names.device_names(connection))


def _of_id(connection: Connection, text: str) -> str | None:
    if devices.by_ids(connection, [text]):
        return text
    retired = devices.retired(connection, text)
    return retired.successor if retired else None


def _short(keys: Sequence[Key], policy: Policy) -> Key:
    """A PSA's record, which people know; else the one that is quickest to type."""
    return min(keys, key=lambda key: (key.provider not in policy.psa_providers, len(str(key)), key))
