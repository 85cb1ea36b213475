"""Warn of what no record of a provider says, although its rows came and could be read."""

from collections.abc import Iterable

from matching.evidence.counting import EvidenceCount

MANY = 20
"""Records of a provider from which on it is no chance that none of them says a thing (docs/decisions/0059)."""

COMPANY_REMEDIES = {
    "cw_manage": (
        "the security role of the API member has to allow Inquire: All on Companies > Company Maintenance, and the"
        " configurations have to name a company"
    ),
}
"""Provider -> why its rows may name no company, and what to do about it."""


def evidence_warnings(counts: Iterable[EvidenceCount]) -> list[str]:
    """Return a sentence for each provider with many records that says nothing of something, and what to do about it."""
    return [sentence for count in counts if count.records >= MANY for sentence in _warnings(count)]


def _warnings(count: EvidenceCount) -> list[str]:
    none = f"{count.provider}: none of {count.records:,} records"
    if not count.identifiers:
        return [f"{none} gives any identifier, so they join nobody; look at which fields its rows fill"]
    if count.company:
        return []
    remedy = COMPANY_REMEDIES.get(count.provider, "let its rows name the customer; a catch-all is none")
    joins_nobody = ", so its hostnames join nobody" if count.hostname else ""
    return [f"{none} names a company{joins_nobody}: {remedy}"]
