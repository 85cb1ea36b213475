"""Pack identities into bytes, to hand them to worker processes."""

import marshal
import sys
from typing import Any

from matching.evidence.derived import Derived
from matching.evidence.identity import Identity
from matching.model import Key, Kind, Suppressed

Plain = tuple[Any, ...]
"""What `marshal` can carry: values without types of our own."""


def packed(identity: Identity) -> bytes:
    """
    Return an identity as bytes, but for why values could not be used: nobody who resolves or composes asks for it.

    Names that come again and again are interned, here and where it is unpacked.
    """
    return marshal.dumps(_plain(identity, ()))


def packed_whole(identity: Identity) -> bytes:
    """Return all of an identity as bytes."""
    return marshal.dumps(
        _plain(identity, tuple((str(each.kind), each.value, each.reason) for each in identity.suppressed))
    )


def _plain(identity: Identity, suppressed: Plain) -> Plain:
    key, guid, serials, links, macs, weak, name, is_field, cut, company, company_name, live = identity[:12]
    return (
        (sys.intern(key.provider), key.id),
        *(guid, serials, tuple(map(tuple, links)) if links else ()),
        *(macs, tuple((str(kind), value) for kind, value in weak) if weak else (), name, is_field, cut),
        *(company and sys.intern(company), company_name and sys.intern(company_name), live, suppressed),
        _plain_derived(identity.derived) if identity.derived else (),
        identity.shared_adapters,
        identity.has_placeholder_serial,
    )


def _plain_derived(derived: tuple[Derived, ...]) -> Plain:
    return tuple(
        (str(kind), value, note, source and (str(source[0]), source[1])) for kind, value, note, source in derived
    )


def _derived(kind: str, value: str, note: str, source: tuple[str, str] | None) -> Derived:
    return Derived(Kind(kind), value, note, source and (Kind(source[0]), source[1]))


def unpacked(content: bytes) -> Identity:
    """Return the identity that was packed."""
    key, guid, serials, links, macs, weak, *rest, suppressed, derived, shared, has_placeholder = marshal.loads(content)  # noqa: S302 - packed by this program
    if links or weak:
        links = tuple(map(Key._make, links))
        weak = tuple((Kind(kind), value) for kind, value in weak)
    if suppressed:
        suppressed = tuple(Suppressed(*each) for each in suppressed)
    if derived:
        derived = tuple(_derived(*each) for each in derived)
    return Identity._make(
        (Key._make(key), guid, serials, links, macs, weak, *rest, suppressed, derived, shared, has_placeholder)
    )
