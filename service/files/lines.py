"""Records read again from their lines, and what is usable of them, in any process."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.calibration.calibrate import Calibration
from matching.calibration.usable import usable
from matching.evidence.identity import Identity, identify
from matching.model import Record
from matching.policy import Policy
from service.core.packing import Plain
from service.ingest.linefiles import Descriptors, Place
from service.ingest.ndjson import record_in

PLACES_OF_IDENTITIES = """
    SELECT places.record, encode(concat_ws(' ', places.file, places.start, places.length)) AS identity FROM places
"""
"""The table `identities` of `matching.relations`: instead of each identity, where its line is (`identity_at`)."""


@dataclass(frozen=True)
class RecordLines:
    """The lines of all records; each is given as file, start, length and the hostname that its truncated one means."""

    files: Descriptors
    policy: Policy
    calibration: Calibration

    def usable(self, line: Plain) -> tuple[Record, Identity]:
        """Return the record in a line, and what is usable of it under the calibration."""
        *place, longer = line
        record = record_in(self.files.line(Place(*place)))
        return record, usable(identify(record, self.policy), self.calibration, longer)

    def all_usable(self, lines: Sequence[Plain]) -> list[Identity]:
        """Return what is usable of some records."""
        return [self.usable(line)[1] for line in lines]


def identity_at(files: Descriptors, policy: Policy, place: bytes) -> Identity:
    """Return the identity of the record at a place, given as in `PLACES_OF_IDENTITIES`."""
    return identify(record_in(files.line(Place(*map(int, place.split())))), policy)
