"""Of the records of one device, which one stands for it in each provider, and which are surplus, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from matching.evidence.identity import is_live
from matching.model import Key, Record
from matching.policy import Policy
from matching.records import seen_at
from matching.results.golden import survivor
from service.reports.devices import ReportedDevice, ReportedRecord


@dataclass(frozen=True, slots=True)
class Surplus:
    """A surplus record, the one that is to be kept, and why that one."""

    record: ReportedRecord
    kept: ReportedRecord
    reason: str

    @property
    def is_inside(self) -> bool:
        """Whether one provider lists both."""
        return self.record.provider == self.kept.provider


BOTH_STAY = "another provider lists the same device: both records stay, the device counts once"


def surplus(device: ReportedDevice, policy: Policy) -> Iterator[Surplus]:
    """
    Yield the records of a device beyond one: those that their own provider lists beside another, then one a provider.

    The PSA comes first, because its rows are billed, and its record stands for those of the other providers.
    """
    if len(device.records) == 1:
        return
    anchors: list[ReportedRecord] = []
    for is_psa, records in _by_provider(device, policy):
        kept = records[0] if len(records) == 1 else _kept(records, policy, is_psa=is_psa)
        anchors.append(kept)
        for each in records:
            if each is not kept:
                yield Surplus(each, kept, _reason(each.record, kept.record, policy, is_psa=is_psa))
    for other in anchors[1:]:
        yield Surplus(other, anchors[0], BOTH_STAY)


def _by_provider(device: ReportedDevice, policy: Policy) -> Iterator[tuple[bool, list[ReportedRecord]]]:
    """The device's records, a provider at a time: the PSA first."""

    def place(record: ReportedRecord) -> tuple[bool, str]:
        return record.provider not in policy.psa_providers, record.provider

    def order(record: ReportedRecord) -> tuple[tuple[bool, str], Key]:
        return place(record), record.row.key

    for (is_agent, _), records in groupby(sorted(device.records, key=order), place):
        yield not is_agent, list(records)


def _kept(reported: list[ReportedRecord], policy: Policy, *, is_psa: bool) -> ReportedRecord:
    records = [each.record for each in reported]
    kept = survivor(records, policy) if is_psa else _last_reporting(records, policy)
    return next(each for each in reported if each.record is kept)


def _last_reporting(records: list[Record], policy: Policy) -> Record:
    """Of several agents on one box the one that reports is alive; the others are what a re-installation left."""
    live = [record for record in records if is_live(record, policy)] or records
    last = max((moment for record in live if (moment := seen_at(record))), default=None)
    return survivor([record for record in live if seen_at(record) == last] if last else live, policy)


def _reason(record: Record, kept: Record, policy: Policy, *, is_psa: bool) -> str:
    if is_live(kept, policy) and not is_live(record, policy):
        return f"the kept one is in use, this one is not ({record.get('status') or 'inactive'})"
    if not is_psa and seen_at(kept) != seen_at(record):
        return "the kept one reported last"
    if len(kept) != len(record):
        return f"the kept one has more fields filled ({len(kept)} against {len(record)})"
    return "the kept one is the older entry"
