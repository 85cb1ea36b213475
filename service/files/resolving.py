"""Resolve the components of a run in the worker processes, and keep what comes of it as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from matching.relations.conflict_free import find_conflict_free
from service.columns.database import DuckDBTables
from service.core.packing import Plain
from service.core.progress import Progress
from service.core.workers import WorkerPool
from service.files.lines import RecordLines
from service.files.linking import Linker, worth_first

PIECE = 4_000
"""Records a task: enough that handing it over costs little, and few enough that no process is idle for long."""

# What is not certainly one device is looked at record by record.
CONTESTED = """
    SELECT parts.component, parts.record, places.file, places.start, places.length, longer.hostname
    FROM parts
    JOIN places ON places.record = parts.record
    LEFT JOIN longer ON longer.record = parts.record
    LEFT JOIN conflict_free ON conflict_free.component = parts.component
    WHERE conflict_free.component IS NULL
    ORDER BY parts.component, parts.record
"""

RESOLVED = """
    SELECT parts.record, parts.component AS home
    FROM parts
    JOIN conflict_free ON conflict_free.component = parts.component
    UNION ALL
    SELECT resolved_by_rule.record, resolved_by_rule.home FROM resolved_by_rule
"""


@dataclass(frozen=True)
class _Resolver:
    """What resolves components that are given as their lines."""

    lines: RecordLines
    linker: Linker

    def resolved(self, components: Sequence[Sequence[Plain]]) -> list[Plain]:
        """Return, for each component, the devices of several records by place in it, and the reviews."""
        return [self._resolved(component) for component in components]

    def _resolved(self, component: Sequence[Plain]) -> Plain:
        devices, asked = self.linker.resolved(self.lines.all_usable(component))
        return [list(places) for places in devices], asked


def resolve_components(
    tables: DuckDBTables, lines: RecordLines, linker: Linker, pool: WorkerPool, progress: Progress
) -> list[tuple[str, bytes]]:
    """
    Keep the records of devices of several as `resolved` (record, home), and return the reviews as (reason, line).

    The most worthwhile reviews come first. Raises: WorkerFailed.
    """
    find_conflict_free(tables, {key for decision in linker.decisions for key in (decision.left, decision.right)})
    components = [list(rows) for _, rows in groupby(tables.rows(CONTESTED), key=itemgetter(0))]
    homes: list[tuple[int, int]] = []
    reviews: list[Plain] = []
    for done, (component, (devices, asked)) in enumerate(_results(components, _Resolver(lines, linker), pool), 1):
        for places in devices:
            home = component[places[0]][1]
            homes += [(component[place][1], home) for place in places]
        reviews += asked
        progress("components", done, len(components))
    tables.load("resolved_by_rule", "record BIGINT, home BIGINT", homes)
    tables.table("resolved", RESOLVED)
    reviews.sort(key=worth_first)
    return [review[-2:] for review in reviews]


def _results(
    components: Sequence[Sequence[Plain]], resolver: _Resolver, pool: WorkerPool
) -> Iterator[tuple[Sequence[Plain], Plain]]:
    """Yield each component with its devices and reviews."""
    pieces = list(_pieces(components))
    tasks = ([[row[2:] for row in component] for component in piece] for piece in pieces)
    for piece, results in zip(pieces, pool.work(resolver.resolved, tasks), strict=True):
        yield from zip(piece, results, strict=True)


def _pieces(components: Iterable[Sequence[Plain]]) -> Iterator[list[Sequence[Plain]]]:
    """Yield components in pieces of about `PIECE` records."""
    piece: list[Sequence[Plain]] = []
    size = 0
    for component in components:
        piece.append(component)
        size += len(component)
        if size >= PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
