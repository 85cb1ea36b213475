"""
Resolve records into what is stored: device rows without ids and times, blocking keys and reviews.

Pure: any process may do it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from matching.model import Device, Key
from matching.results.golden import golden_record
from matching.results.resolution import Resolution
from service.resolution.joining import JoinRow
from service.store.database.canonical_json import canonical_json
from service.store.database.postings import packed
from service.store.database.types import indexable, storable
from service.store.resolved import provenance
from service.store.stewardship import reviews as stored_reviews
from service.store.stewardship.reviews import ReviewRow


class ComposedDevice(NamedTuple):
    """A device that has no id yet: its records, and what its row will hold."""

    keys: Sequence[Key]
    golden: str
    provenance: str
    company_key: str | None
    type_key: str | None
    search_text: str
    is_active: bool = True
    last_seen: str | None = None
    has_conflict: bool = False

    @property
    def last_seen_at(self) -> datetime | None:
        """When it was last seen; None where no record says."""
        return datetime.fromisoformat(self.last_seen) if self.last_seen else None


class Composition(NamedTuple):
    """
    The devices, the blocking keys of every record as its row holds them, and the rows of all reviews.

    `joins` has, by a device's first record, what joined its records if all of them are new, where that is known.
    """

    devices: Sequence[ComposedDevice]
    blocking_keys: Mapping[Key, bytes]
    reviews: Sequence[ReviewRow]
    joins: Mapping[Key, Sequence[JoinRow]] = MappingProxyType({})


def compose(resolution: Resolution) -> Composition:
    """Return what records resolve to."""
    reviews = [stored_reviews.row_of(review) for review in resolution.reviews]
    keys = {key: packed(own) for key, own in resolution.blocking_keys.items()}
    return Composition([composed(device) for device in resolution.devices], keys, reviews)


def compose_kept(resolution: Resolution, home: Mapping[Key, str], reviews: Sequence[ReviewRow]) -> Composition:
    """
    Return records in the devices in which they are, with the reviews that there are, whatever they resolve to.

    Args:
        home: Of every record, the id of its device.
    """
    groups: dict[str, list[Key]] = {}
    for key in sorted(resolution.records):
        groups.setdefault(home[key], []).append(key)
    keys = {key: packed(own) for key, own in resolution.blocking_keys.items()}
    return Composition([compose_one(resolution, own) for own in groups.values()], keys, reviews)


def compose_one(resolution: Resolution, keys: Sequence[Key]) -> ComposedDevice:
    """Return some records as one device, whatever they resolve to."""
    policy = resolution.partition.premises.policy
    said = [(resolution.records[key], resolution.identity(key)) for key in keys]
    return composed(Device(tuple(keys), golden_record(said, policy)))


def composed(device: Device) -> ComposedDevice:
    values = device.golden.values
    shown = [str(values[field]) for field in ("name", "hostname", "serial") if field in values]
    return ComposedDevice(
        keys=device.keys,
        golden=canonical_json(values),
        provenance=provenance.written(device.golden.provenance),
        company_key=_folded(values.get("company")),
        type_key=_folded(values.get("type")),
        search_text=storable("\n".join(shown).casefold()),
        is_active=bool(values["active"]),
        last_seen=_text(values.get("last_seen")),
        has_conflict="conflicts" in values,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _folded(value: object) -> str | None:
    return None if value is None else indexable(str(value).casefold())
