"""
What nobody can reach: exact linking with the truth at hand, so that only records of one device may join.

What stays apart here shares no value, however careful the matcher: a printer that one provider knows by its MAC and
another by its serial, a row with nothing but a misspelt name. Repair of typing errors may still come above it.
"""

from time import perf_counter

from benchmarks.flat import flat
from benchmarks.fleet import Fleet
from benchmarks.scoring import Result, result
from matching.model import Key


def link(fleet: Fleet) -> Result:
    """Score the linking that joins records of one device whenever any value is shared, directly or through others."""
    start = perf_counter()
    cluster_of: dict[int, list[int]] = {}
    holder: dict[tuple[str, str], int] = {}
    for n, row in enumerate(fleet.records):
        cluster_of[n] = [n]
        label, values = fleet.truth[row["provider"], row["id"]], flat(n, row, cleaned=True)
        for value in (values.guid, *values.serials, *values.macs, values.hostname):
            if value:
                _join(cluster_of, holder.setdefault((label, value), n), n)
    found = {Key(row["provider"], row["id"]): str(cluster_of[n][0]) for n, row in enumerate(fleet.records)}
    return result("ceiling of exact values", fleet, found, perf_counter() - start)


def _join(cluster_of: dict[int, list[int]], left: int, right: int) -> None:
    """Make one cluster of two; clusters are lists that their members share, so they stay as small as a device."""
    kept, gone = cluster_of[left], cluster_of[right]
    if kept is not gone:
        kept += gone
        cluster_of.update(dict.fromkeys(gone, kept))
