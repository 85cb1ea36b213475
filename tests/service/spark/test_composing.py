"""Golden records and clusters are composed in pieces of the files that they become."""

import json
from collections.abc import Mapping

from tests.service.files.matching import A17, CW, as_line
from tests.service.spark.requirements import require_spark

require_spark()

from datetime import UTC, datetime

from matching.calibration.calibrate import Calibration
from matching.evidence.identity import identify
from matching.policy import Policy
from service.core.packing import packed
from service.files.outputs import device_id
from service.ingest.ndjson import record_in
from service.spark.composing import PIECE, Composer, MemberRow, cluster_rows, pieces


def device(home: int, *rows: Mapping[str, object]) -> list[MemberRow]:
    """Return the rows of a device."""
    lines = [as_line(row).encode() for row in rows]
    return [(home, line, packed(identify(record_in(line), Policy())), None) for line in lines]


def test_devices_are_lines_in_order() -> None:
    """Each of all its records; a time that is too far ahead wins nothing."""
    late = {**A17, "id": "A-19", "last_seen": "9999-01-01T00:00:00Z"}
    composer = Composer(Policy(), Calibration(), datetime(2026, 11, 1, tzinfo=UTC))

    [(text,)] = composer.rows(iter([*device(0, CW, A17), *device(2, late)]))
    lines = [json.loads(line) for line in text.splitlines()]

    assert [line["records"] for line in lines] == [["cw_manage:4711", "rmm_alpha:A-17"], ["rmm_alpha:A-19"]]
    assert all(source["last_seen"] is None for source in lines[1]["provenance"])


def test_clusters_name_the_device_of_each_record() -> None:
    """By the key of its first record."""
    [(text,)] = cluster_rows(iter([("a", "1", "a", "1"), ("b", "2", "a", "1")]))

    name = device_id(identify({"provider": "a", "id": "1"}, Policy()).key)
    assert text == f"a,1,{name}\nb,2,{name}\n".encode()


def test_pieces_hold_every_line_once() -> None:
    """However long the lines are; nothing is one row too large for memory."""
    lines = [b"x" * size + b"\n" for size in (PIECE // 2, PIECE // 2, 3, PIECE * 2, 1)]

    found = [text for (text,) in pieces(lines)]

    assert b"".join(found) == b"".join(lines)
    assert len(found) == 3
    assert list(pieces([])) == []
