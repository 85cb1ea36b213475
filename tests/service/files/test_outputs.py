"""The files of a run: all of them or none, and lines that do not depend on who writes them."""

import json
from pathlib import Path

import pytest

from matching.evidence.identity import identify
from matching.model import Key
from matching.policy import Policy
from service.core.errors import CannotWrite
from service.files.outputs import (
    CLUSTERS,
    cluster_line,
    device_id,
    device_line,
    output_folder,
    rejected_line,
    summary_text,
    write_rows,
)
from service.ingest.linefiles import BadLine
from service.ingest.ndjson import record_in
from tests.service.files.matching import A17, CW, as_line


def fail_halfway(out: Path) -> None:
    """Write one file, and then find the disk full."""
    with output_folder(out) as scratch:
        write_rows(scratch / CLUSTERS, [b"other\n"])
        raise OSError(28, "No space left on device")


def test_files_take_their_places_only_when_all_are_written(tmp_path: Path) -> None:
    """After an error there is what was there before, and no folder that was not."""
    with output_folder(tmp_path / "out") as scratch:
        write_rows(scratch / CLUSTERS, [b"one\n", b"two\n"])
        assert not (tmp_path / "out" / CLUSTERS).exists()
    for out in (tmp_path / "out", tmp_path / "new"):
        with pytest.raises(CannotWrite):
            fail_halfway(out)

    assert [path.name for path in (tmp_path / "out").iterdir()] == [CLUSTERS]
    assert (tmp_path / "out" / CLUSTERS).read_bytes() == b"one\ntwo\n"
    assert not (tmp_path / "new").exists()


def test_a_cluster_is_a_line_of_csv() -> None:
    """Commas and quotation marks are quoted as RFC 4180 has it."""
    assert cluster_line(Key("p", 'a,"b"'), "d-1") == b'p,"a,""b""",d-1\n'


def test_a_device_is_named_after_its_first_record() -> None:
    """Its line has the records in the order given, and the golden record with its sources."""
    records = [record_in(as_line(row).encode()) for row in (CW, A17)]
    rows = [(record, identify(record, Policy())) for record in records]

    line = json.loads(device_line(rows, Policy()))

    assert line["device_id"] == device_id(Key("cw_manage", "4711"))
    assert line["records"] == ["cw_manage:4711", "rmm_alpha:A-17"]
    assert line["values"]["hostname"] == "acme-lt-1"
    assert {field for source in line["provenance"] for field in source["fields"]} == set(line["values"])


def test_a_rejected_line_says_where_it_stood() -> None:
    """File, line, reason and the beginning of the line."""
    bad = BadLine("f.ndjson", 2, "not JSON", "{")

    assert json.loads(rejected_line(bad)) == {"file": "f.ndjson", "line": 2, "reason": "not JSON", "excerpt": "{"}


def test_the_summary_is_indented_json() -> None:
    """A person reads it as well, and it ends with a line feed."""
    assert summary_text({"devices": 3}) == b'{\n  "devices": 3\n}\n'
