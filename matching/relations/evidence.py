"""How many records of each provider say each kind of evidence, from tables (`matching.evidence.counting`)."""

from matching.evidence.counting import EvidenceCount
from matching.relations.database import SqlDatabase

EVIDENCE = """
    SELECT records.provider, count(*), count(records.guid), sum(coalesce(own.has_serial, 0)), count(linked.record),
        sum(coalesce(own.has_mac, 0)), count(records.hostname), count(records.company)
    FROM records
    LEFT JOIN (
        SELECT held.record,
            max(CASE WHEN held.kind = 'serial' AND held.standing = 'own' THEN 1 ELSE 0 END) AS has_serial,
            max(CASE WHEN held.kind = 'mac' THEN 1 ELSE 0 END) AS has_mac
        FROM held
        WHERE held.standing IN ('own', 'weak')
        GROUP BY held.record
    ) AS own ON own.record = records.record
    LEFT JOIN (SELECT DISTINCT links.record FROM links) AS linked ON linked.record = records.record
    GROUP BY records.provider
"""


def count_evidence_in(database: SqlDatabase) -> list[EvidenceCount]:
    """
    Return a count a provider, in order of provider, of a database that has all of `tables.TABLES`.

    It counts before suppression: no hostname is set aside as truncated there, and no adapter as over-shared.
    """
    return sorted(EvidenceCount(provider, *map(int, counts)) for provider, *counts in database.rows(EVIDENCE))
