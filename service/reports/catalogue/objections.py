"""What speaks against retiring a surplus record: what a person should look at before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from matching.evidence.identity import is_live
from matching.model import Kind
from matching.policy import Policy
from matching.records import seen_at
from service.reports.catalogue.evidence import Evidence
from service.reports.catalogue.open_reviews import AskedAbout
from service.reports.catalogue.surplus import Surplus
from service.reports.devices import ReportedDevice

TOGETHER = timedelta(days=1)
"""Two agents of one provider that were seen within this time of each other may both be at work."""

AskedByRecord = Mapping[str, Sequence[AskedAbout]]
"""Record -> the open reviews that have it on a side."""


def objections(
    device: ReportedDevice, found: Surplus, evidence: Evidence, asked: AskedByRecord, policy: Policy
) -> Iterator[str]:
    """Yield what speaks against, in words, the weightiest first."""
    kinds: list[str] = []
    for kind, sentence in evidence.differences(found.record.row.key, found.kept.row.key):
        kinds.append(kind)
        yield sentence
    if others := [Kind(kind).label for kind in device.golden.get("conflicts", ()) if kind not in kinds]:
        yield f"records of the device differ on {' and '.join(others)}"
    yield from _questions(found, asked)
    yield from _use(device, found, policy)


def _questions(found: Surplus, asked: AskedByRecord) -> Iterator[str]:
    of_record, of_kept = asked.get(found.record.name, ()), asked.get(found.kept.name, ())
    for each in of_record:
        yield each.asks("both" if each in of_kept else "this one")
    for each in of_kept:
        if each not in of_record:
            yield each.asks("the kept one")


def _use(device: ReportedDevice, found: Surplus, policy: Policy) -> Iterator[str]:
    record, kept = found.record.record, found.kept.record
    if not is_live(kept, policy):
        in_use = [each.name for each in device.records if is_live(each.record, policy)]
        if in_use:
            yield f"the kept one is not in use, and {in_use[0]} is"
        return
    seen, kept_seen = seen_at(record), seen_at(kept)
    if seen and kept_seen and seen > kept_seen:
        yield f"this one was seen later than the kept one: {seen:%Y-%m-%d}, {kept_seen:%Y-%m-%d}"
    elif seen and kept_seen and is_live(record, policy) and kept_seen - seen <= TOGETHER:
        yield "both are in use, and were seen within a day of each other"
