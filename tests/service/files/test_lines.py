"""What is usable of a record is found in its line again."""

from pathlib import Path

from matching.calibration.calibrate import Calibration
from matching.evidence.identity import identify
from matching.model import Kind, SharedValue
from matching.policy import Policy
from service.columns.database import DuckDBTables
from service.files.lines import PLACES_OF_IDENTITIES, RecordLines, identity_at
from service.ingest.linefiles import LineFiles
from service.ingest.ndjson import record_in
from tests.service.files.matching import A17, CW, as_line, ndjson


def test_a_place_gives_the_record_and_what_is_usable_of_it(tmp_path: Path) -> None:
    """Under a calibration, with the longer hostname that a truncated one means."""
    path = ndjson(tmp_path / "f", [A17, CW])
    line = path.read_bytes().splitlines(keepends=True)
    shared = SharedValue(Kind.SERIAL, str(A17["serial"]), "on too many boxes")

    with LineFiles([str(path)], tmp_path) as files:
        lines = RecordLines(files.descriptors, Policy(), Calibration((shared,)))
        record, identity = lines.usable((0, len(line[0]), len(line[1]), "acme-lt-1-of-reception"))

    assert record == CW
    assert str(identity.key) == "cw_manage:4711"
    assert (identity.serials, identity.hostname) == ((), "acme-lt-1-of-reception")


def test_a_place_in_a_table_gives_the_identity_before_calibration(tmp_path: Path) -> None:
    """As the table `identities` has it."""
    path = ndjson(tmp_path / "f", [A17, CW])
    line = path.read_bytes().splitlines(keepends=True)
    with LineFiles([str(path)], tmp_path) as files, DuckDBTables(threads=1) as tables:
        places = [(0, 0, len(line[0]), len(line[1])), (1, 0, 0, len(line[0]))]
        tables.load("places", "record BIGINT, file BIGINT, start BIGINT, length BIGINT", places)
        found = {
            record: identity_at(files.descriptors, Policy(), place)
            for record, place in tables.rows(PLACES_OF_IDENTITIES)
        }

    records = [record_in(as_line(row).encode()) for row in (CW, A17)]
    assert found == {place: identify(record, Policy()) for place, record in enumerate(records)}
