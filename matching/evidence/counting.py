"""
Count how many records of each provider say each kind of evidence.

A kind that no record of a provider says is as much worth knowing as one whose values are wrong: without companies,
hostnames join nobody.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from matching.evidence.identity import Identity


class EvidenceCount(NamedTuple):
    """
    How many records of a provider there are, and how many of them have a usable value of each kind.

    Weak MACs and display names that look like hostnames count; `company` counts records of a company that is no
    catch-all.
    """

    provider: str
    records: int
    bios_guid: int
    serial: int
    link: int
    mac: int
    hostname: int
    company: int

    @property
    def identifiers(self) -> int:
        """The sum over the kinds that can join records; 0 where no record has any."""
        return self.bios_guid + self.serial + self.link + self.mac + self.hostname

    def kinds(self) -> dict[str, int]:
        """Return kind, or `company` -> how many records say it."""
        return dict(zip(self._fields[2:], self[2:], strict=True))


def count_evidence(identities: Iterable[Identity]) -> list[EvidenceCount]:
    """
    Return a count a provider, in order of provider.

    Complexity: linear; records that say the same kinds are counted together, because there are a million of them.
    """
    patterns = Counter(map(_pattern, identities))
    return added(
        EvidenceCount(provider, times, *(times * has for has in kinds))
        for (provider, *kinds), times in patterns.items()
    )


def added(counts: Iterable[EvidenceCount]) -> list[EvidenceCount]:
    """Return the sums of counts that were made of parts of the records, in order of provider."""
    columns: dict[str, list[tuple[int, ...]]] = {}
    for provider, *numbers in counts:
        columns.setdefault(provider, []).append(tuple(numbers))
    sums = {provider: [sum(column) for column in zip(*rows, strict=True)] for provider, rows in columns.items()}
    return [EvidenceCount(provider, *numbers) for provider, numbers in sorted(sums.items())]


def _pattern(identity: Identity) -> tuple[str, bool, bool, bool, bool, bool, bool]:
    return (
        identity.key.provider,
        identity.guid is not None,
        bool(identity.serials),
        bool(identity.links),
        bool(identity.adapters()),
        identity.hostname is not None or identity.truncated is not None,
        identity.company is not None,
    )
