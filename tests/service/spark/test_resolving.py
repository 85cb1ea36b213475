"""Components are resolved as one machine resolves them."""

from collections.abc import Mapping

from tests.service.files.matching import A17, CW, SERVER, as_line
from tests.service.spark.requirements import require_spark

require_spark()

from matching.calibration.calibrate import Calibration
from matching.evidence.identity import identify
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from service.core.packing import packed
from service.files.linking import Linker
from service.ingest.ndjson import record_in
from service.spark.resolving import ComponentRow, Resolver

GUIDS = ("4C4C4544-0042-3510-8054-B4C04F4A5931", "5C4C4544-0042-3510-8054-B4C04F4A5931")


def component(number: int, first: int, *rows: Mapping[str, object]) -> list[ComponentRow]:
    """Return the rows of a component whose records are numbered from `first` on."""
    identities = [packed(identify(record_in(as_line(row).encode()), Policy())) for row in rows]
    return [(number, first + place, identity, None) for place, identity in enumerate(identities)]


def resolver(*decisions: Decision) -> Resolver:
    """Return what resolves without any calibration."""
    return Resolver(Linker(Policy(), Calibration(), decisions, with_reviews=True))


def test_records_of_a_device_name_its_first() -> None:
    """By the numbers that they have among all records; a component of records that stay apart gives none."""
    rows = [*component(3, 3, CW, A17), *component(7, 7, {**CW, "serial": "OTHER-123", "macs": []}, SERVER)]

    assert [row[:2] for row in resolver().rows(iter(rows))] == [(3, 3), (4, 3)]


def test_reviews_come_with_what_they_are_ordered_by() -> None:
    """Worth first, then the keys of both sides in one list each."""
    boards = (
        {**row, "bios_guid": guid, "hostname": f"pc-{guid[0]}"} for row, guid in zip((CW, A17), GUIDS, strict=True)
    )

    [row] = resolver().rows(iter(component(0, 0, *boards)))

    assert row[:2] == (None, None)
    assert row[2] < 0
    assert row[3:6] == (["cw_manage", "4711"], ["rmm_alpha", "A-17"], 0)
    assert row[7].endswith(b"\n")


def test_a_decision_joins_in_the_worker_as_well() -> None:
    """Two records without anything in common."""
    decision = Decision(Verdict.SAME, Key("cw_manage", "4711"), Key("rmm_alpha", "A-18"))
    other = {**CW, "serial": "OTHER-123", "macs": [], "hostname": "acme-lt-9"}

    assert [row[:2] for row in resolver(decision).rows(iter(component(0, 0, other, SERVER)))] == [(0, 0), (1, 0)]
