"""
Identities as bytes, which other processes can be given.

Why a value could not be used is left out, for nothing in another process asks for it.
"""

import marshal
import sys
from typing import Any

from matching.identity import Identity
from matching.model import Key, Kind

Plain = tuple[Any, ...]
"""What `marshal` can carry: values without types of our own."""


def packed(identity: Identity) -> bytes:
    """Return an identity as bytes. Names that come again and again are interned, here and where it is unpacked."""
    (provider, record_id), guid, serials, links, macs, weak, name, is_field, company, company_name, live, _ = identity
    plain = (
        (sys.intern(provider), record_id),
        *(guid, serials, tuple(map(tuple, links)) if links else ()),
        *(macs, tuple((str(kind), value) for kind, value in weak) if weak else (), name, is_field),
        *(company and sys.intern(company), company_name and sys.intern(company_name), live, ()),
    )
    return marshal.dumps(plain)


def unpacked(content: bytes) -> Identity:
    """Return the identity that was packed."""
    key, guid, serials, links, macs, weak, *rest = marshal.loads(content)  # noqa: S302 - packed by this program
    if links or weak:
        links = tuple(map(Key._make, links))
        weak = tuple((Kind(kind), value) for kind, value in weak)
    return Identity._make((Key._make(key), guid, serials, links, macs, weak, *rest))
