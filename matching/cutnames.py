"""
A hostname that an agent cut to 15 characters, and the longer name that it stands for.

NetBIOS keeps 15 characters. Inside one customer, a name of just that length stands for the one longer name that begins
so; where several do it stands for none of them (and `evidence.names_differ` lets it contradict none either).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from matching.evidence import NETBIOS_LENGTH
from matching.identity import Identity

Names = dict[str, set[str]]
"""A name -> the providers that list a live box under it."""


def restore(
    identities: Sequence[Identity], customer_of: Callable[[str | None], str | None], psa_providers: frozenset[str]
) -> list[Identity]:
    """
    Return the identities, cut names replaced by the one longer name of their customer that begins so.

    An agent that lists both names side by side counts two boxes, so there the short one was not cut.
    """
    shelves: dict[tuple[str, str], Names] = {}
    for identity in identities:
        customer = customer_of(identity.company)
        if customer and identity.name and len(identity.name) >= NETBIOS_LENGTH:
            shelf = shelves.setdefault((customer, identity.name[:NETBIOS_LENGTH]), {})
            shelf.setdefault(identity.name, set()).add(identity.key.provider)
    full = {shelf: name for shelf, names in shelves.items() if (name := _full_name(shelf[1], names, psa_providers))}
    return [_restored(identity, customer_of(identity.company), full) for identity in identities]


def _full_name(short: str, names: Names, psa_providers: frozenset[str]) -> str | None:
    longer = [name for name in names if name != short]
    if len(longer) != 1 or short not in names:
        return None
    side_by_side = names[short] & names[longer[0]]
    return longer[0] if side_by_side <= psa_providers else None


def _restored(identity: Identity, customer: str | None, full: dict[tuple[str, str], str]) -> Identity:
    full_name = full.get((customer or "", identity.name or ""))
    return replace(identity, name=full_name) if full_name else identity
