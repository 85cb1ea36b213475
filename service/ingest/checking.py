"""
Ask a provider how it is, and for its first pages as a sync would: with the same fields, conditions and page size.

So a check fails where a sync would, before anything is stored, and shows what the rows are worth as evidence.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import NamedTuple, cast

from matching.evidence.counting import EvidenceCount, count_evidence
from matching.evidence.identity import identify
from matching.policy import Policy
from service.core.errors import ProviderError
from service.ingest.evidence_warnings import evidence_warnings
from service.ingest.protocol import Adapter, FetchedPage, missing_rows, sort

PAGES = 2
"""Pages that are read: a server that cannot go on behind a page fails at the second one."""


class Examined(NamedTuple):
    """Facts on a provider, each a name and a value; what its first records say; sentences on what is missing there."""

    facts: Sequence[tuple[str, str]]
    evidence: Sequence[EvidenceCount]
    warnings: Sequence[str]


async def examine(adapter: Adapter, policy: Policy) -> Examined:
    """
    Ask a provider how it is, and read the first pages of its rows.

    Raises:
        ProviderError: The provider failed, as it would in a sync.
    """
    facts = await adapter.check()
    announced = await adapter.expected()
    pages, has_ended = await _first_pages(adapter)
    found = sort(adapter, FetchedPage([row for page in pages for row in page.rows]), every=True)
    billed, unbilled = await _agreements(adapter)
    missing = await missing_rows(adapter, found.rows, announced) if has_ended else None
    evidence = count_evidence(identify(record, policy) for record in found.records)
    warnings = [*([missing] if missing else []), *_unusable(adapter.name, len(found.records), found.rows)]
    read = (
        f"{found.rows:,}, of which {len(found.quarantined):,} cannot be read"
        if found.quarantined
        else f"{found.rows:,}"
    )
    facts = [*facts, ("rows read now", read), *billed]
    return Examined(facts, evidence, [*unbilled, *warnings, *evidence_warnings(evidence)])


async def _agreements(adapter: Adapter) -> tuple[list[tuple[str, str]], list[str]]:
    """Whether agreements can be read, where they are to be; where not, all else of a sync goes well."""
    if adapter.agreements is None:
        return [], []
    try:
        return [("agreements", await adapter.agreements.check())], []
    except ProviderError as error:
        return [("agreements", "cannot be read")], [f"{error}; until then what is billed is not known"]


async def _first_pages(adapter: Adapter) -> tuple[list[FetchedPage], bool]:
    """Read the first pages, and say whether there are no others."""
    pages: list[FetchedPage] = []
    async with aclosing(cast("AsyncGenerator[FetchedPage]", adapter.fetch())) as fetched:
        async for page in fetched:
            pages.append(page)
            if len(pages) == PAGES:
                return pages, False
    return pages, True


def _unusable(provider: str, records: int, rows: int) -> list[str]:
    if records:
        return []
    if rows:
        return [f"{provider}: no record can be made of the rows that it sends; see `samebox quarantine` after a sync"]
    return [f"{provider}: no row came; look at what its settings select, and at what its key may see"]
