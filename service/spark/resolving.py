"""
Resolve components in the workers, by the pure functions that one machine calls: the quick test, and the rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from matching.calibration.calibrate import Calibration
from matching.calibration.usable import usable
from matching.evidence.identity import Identity
from matching.relations.database import SqlRow
from service.core.packing import unpacked
from service.files.linking import Linker
from service.spark.tables import SparkTables, mapped

COLUMNS = (
    "record BIGINT, home BIGINT, worth DOUBLE, left_keys ARRAY<STRING>, right_keys ARRAY<STRING>, place BIGINT, "
    "reason STRING, text BINARY"
)
"""
A row with a home: a record of a device of several, whose first record is `home`. The others are reviews.

Keys of a review are provider, id, provider, id, ... so that arrays compare as lists of keys do.
"""

ComponentRow = tuple[int, int, bytes, str | None]
"""Component, record, packed identity, and the longer hostname that the record's stands for."""


@dataclass(frozen=True)
class Resolver:
    """What resolves the components of a partition, in any process."""

    linker: Linker

    def rows(self, rows: Iterator[ComponentRow]) -> Iterator[SqlRow]:
        """Yield the devices of several records and the reviews, of rows in order of component and record."""
        for _, inside in groupby(rows, key=itemgetter(0)):
            yield from self._resolved(list(inside))

    def _resolved(self, rows: list[ComponentRow]) -> Iterator[SqlRow]:
        calibration = self.linker.calibration
        devices, asked = self.linker.resolved(
            [usable_identity(identity, calibration, longer) for *_, identity, longer in rows]
        )
        for places in devices:
            for place in places:
                yield rows[place][1], rows[places[0]][1], *[None] * 6
        for place, (worth, left, right, reason, text) in enumerate(asked):
            yield None, None, worth, _flat(left), _flat(right), place, reason, text


def usable_identity(packed: bytes, calibration: Calibration, longer: str | None) -> Identity:
    """Return what is usable of a packed identity, as it is where one machine hands it to a process."""
    return usable(unpacked(packed), calibration, longer)._replace(suppressed=())


def resolve_components(tables: SparkTables, resolver: Resolver) -> None:
    """Keep the devices of several records and the reviews as `resolved`, from `parts` and `longer`."""
    frame = tables.session.sql(
        "SELECT parts.component, parts.record, standing.identity, longer.hostname FROM parts"
        " JOIN standing ON standing.record = parts.record LEFT JOIN longer ON longer.record = parts.record"
    )
    ordered = frame.repartition(tables.partitions, "component").sortWithinPartitions("component", "record")
    tables.keep("resolved", mapped(ordered, resolver.rows, COLUMNS))


def review_lines(tables: SparkTables) -> Iterator[bytes]:
    """Yield the lines of reviews.ndjson, the most worthwhile first (`linking.worth_first`)."""
    frame = tables.session.table("resolved").where("home IS NULL")
    for row in frame.orderBy("worth", "left_keys", "right_keys", "place").select("text").toLocalIterator():
        yield bytes(row.text)


def review_reasons(tables: SparkTables) -> dict[str, int]:
    """Return reason -> how many reviews give it."""
    return dict(tables.rows("SELECT reason, count(*) FROM resolved WHERE home IS NULL GROUP BY reason"))


def _flat(keys: list[tuple[str, str]]) -> list[str]:
    return [text for key in keys for text in key]
