"""
A hostname that an agent cut to 15 characters, and the longer name that it stands for.

NetBIOS keeps 15 characters. Inside one customer, a name of just that length stands for the one longer name that begins
so; where several do it stands for none of them (and `evidence.names_differ` lets it contradict none either).
"""

from collections.abc import Sequence

from matching.evidence import NETBIOS_LENGTH
from matching.identity import Identity


def restore(
    identities: list[Identity], customers: Sequence[str | None], psa_providers: frozenset[str]
) -> list[list[int]]:
    """
    Replace cut names, in place, by the one longer name of their customer that begins so; return who shares it now.

    An agent that lists both names side by side counts two boxes, so there the short one was not cut.

    Args:
        customers: Of each identity, the customer; None where it is unknown.
    """
    shelves: dict[tuple[str, str], dict[str, list[int]]] = {}
    for position, identity in enumerate(identities):
        name, customer = identity.name, customers[position]
        if name and len(name) >= NETBIOS_LENGTH and customer:
            shelf = shelves.setdefault((customer, name[:NETBIOS_LENGTH]), {})
            shelf.setdefault(name, []).append(position)
    restored = []
    for (_, short), shelf in shelves.items():
        longer = [name for name in shelf if name != short]
        if short in shelf and len(longer) == 1:
            cut, full = shelf[short], shelf[longer[0]]
            if _providers(identities, cut) & _providers(identities, full) <= psa_providers:
                for position in cut:
                    identities[position] = identities[position]._replace(name=longer[0])
                restored.append([*cut, *full])
    return restored


def _providers(identities: Sequence[Identity], positions: Sequence[int]) -> set[str]:
    return {identities[position].key.provider for position in positions}
