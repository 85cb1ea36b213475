"""What the stored records of each provider say, for a provider that nobody can ask: one that is pushed or imported."""

from matching.evidence.counting import EvidenceCount, count_evidence
from matching.evidence.identity import identify
from service.store.ingested import records
from service.store.resolved import counts
from service.store.world import World

MOST = 1000
"""Records of a provider that are counted: enough to see what is empty, and soon read."""


def stored_evidence(world: World) -> list[EvidenceCount]:
    """Count what the first records of each provider say, in order of provider. Raises: StoreError."""
    with world.store.reading() as connection:
        first = [
            record for each in counts.listings(connection) for record in records.first(connection, each.provider, MOST)
        ]
        policy = world.policy_in(connection)
    return count_evidence(identify(record, policy) for record in first)
