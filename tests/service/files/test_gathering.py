"""Files are read once: who is who, and where each line is."""

import gzip
from pathlib import Path

import pytest

from matching.model import Key
from matching.policy import Policy
from service.core.workers import WorkerPool
from service.files.gathering import Gathered, gather, record_at
from service.ingest.linefiles import LineFiles
from tests.service.files.matching import A17, CW, SERVER, ndjson


def gathered(folder: Path, *files: Path, jobs: int = 1) -> Gathered:
    """Read some files."""
    with LineFiles([str(file) for file in files], folder) as opened, WorkerPool(jobs) as pool:
        return gather(opened, Policy(), pool)


@pytest.mark.parametrize("jobs", [1, 2])
def test_identities_are_in_order_of_key_and_each_has_its_line(tmp_path: Path, jobs: int) -> None:
    """Whichever file a record is in, compressed or not, the record can be read again from its place."""
    right = tmp_path / "right.gz"
    right.write_bytes(gzip.compress(ndjson(tmp_path / "right", [SERVER, CW]).read_bytes()))
    files = [str(ndjson(tmp_path / "left", ["", A17])), str(right)]
    with LineFiles(files, tmp_path) as opened, WorkerPool(jobs) as pool:
        found = gather(opened, Policy(), pool)
        records = [record_at(opened.descriptors, found.place(position)) for position in range(3)]

    assert [each.key for each in found.identities] == [
        Key("cw_manage", "4711"),
        *(Key("rmm_alpha", f"A-{n}") for n in (17, 18)),
    ]
    assert records == [CW, A17, SERVER]


@pytest.mark.parametrize("newer_first", [True, False])
def test_of_lines_with_one_key_the_later_record_stands(tmp_path: Path, *, newer_first: bool) -> None:
    """Whichever comes first; the others are counted, also those that say the same."""
    old = {**A17, "last_seen": "2001-01-01T00:00:00Z", "serial": "OLD-12345"}
    rows = [A17, old, A17] if newer_first else [old, A17, A17]

    found = gathered(tmp_path, ndjson(tmp_path / "f", rows))

    assert [each.serials for each in found.identities] == [("5CG1234ABC",)]
    assert found.repeated == 2


def test_lines_of_which_no_record_can_be_made_are_counted_in_their_file(tmp_path: Path) -> None:
    """From 1 in each file, blank lines included; the others are read."""
    files = [ndjson(tmp_path / "one", ["", "{", CW]), ndjson(tmp_path / "two", ["[1]", A17])]

    found = gathered(tmp_path, *files)

    assert [(Path(bad.file).name, bad.line) for bad in found.rejected] == [("one", 2), ("two", 1)]
    assert len(found.identities) == 2
