"""
Identities as plain tuples, which `marshal` can carry to another process and back.

Why a value could not be used is left out, for nothing in another process asks for it.
"""

import sys
from typing import Any

from matching.identity import Identity
from matching.model import Key, Kind

Plain = tuple[Any, ...]
"""An identity, or a row of one, without types of our own."""


def packed(identity: Identity) -> Plain:
    """Return an identity as plain values. Names that come again and again are interned: a message carries them once."""
    (provider, record_id), guid, serials, links, macs, weak, name, is_field, company, company_name, live, _ = identity
    return (
        (sys.intern(provider), record_id),
        *(guid, serials, tuple(map(tuple, links)) if links else ()),
        *(macs, tuple((str(kind), value) for kind, value in weak) if weak else (), name, is_field),
        *(company and sys.intern(company), company_name and sys.intern(company_name), live, ()),
    )


def unpacked(plain: Plain) -> Identity:
    """Return the identity that was packed."""
    key, guid, serials, links, macs, weak, *rest = plain
    if links or weak:
        links = tuple(map(Key._make, links))
        weak = tuple((Kind(kind), value) for kind, value in weak)
    return Identity._make((Key._make(key), guid, serials, links, macs, weak, *rest))
