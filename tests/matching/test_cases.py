"""The labelled cases of `fixtures/cases`: what an experienced engineer expects, whatever the order of the records."""

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from matching.model import Decision, Key, Record, Verdict, key_of
from matching.policy import Policy
from matching.records import latest, read_record
from matching.results.resolution import Resolution, resolve_records
from matching.values.normalise import NORMALISERS
from matching.values.spelling import shown
from service.core.policy_settings import PolicySettings
from tests.matching.increments import GrowingFleet

FOLDER = Path(__file__).parents[2] / "fixtures" / "cases"

SHUFFLES = 3

FIELDS = {
    *("name", "why", "source", "policy", "decisions", "records", "series", "devices", "apart", "reviews", "no_review"),
    *("over_shared", "untrusted", "complete"),
}

Partition = list[tuple[Key, ...]]


@dataclass(frozen=True)
class Case:
    """One case as read from its file; `devices` are all of them, records of their own included."""

    id: str
    data: dict[str, Any]
    policy: Policy
    decisions: Sequence[Decision]
    records: Sequence[Record]
    devices: Partition

    def resolve(self, records: Iterable[Record]) -> Resolution:
        return resolve_records(records, self.policy, self.decisions)

    def orders(self) -> Iterable[list[Record]]:
        """Yield the records as given, reversed, and shuffled, the same shuffles in every run."""
        yield list(self.records)
        yield list(reversed(self.records))
        random = Random(self.id)
        for _ in range(SHUFFLES):
            yield random.sample(self.records, len(self.records))


def read_case(topic: str, data: dict[str, Any]) -> Case:
    """Make a case of its table; a field that is none of the format's is an error, not a silence."""
    assert data.keys() <= FIELDS, f"{data['name']}: unknown {data.keys() - FIELDS}"
    assert data["why"], data["name"]
    assert data["source"], data["name"]
    records, lists = ndjson(data.get("records", "")), list(data["devices"])
    for series in data.get("series", ()):
        for number in range(1, series["count"] + 1):
            records += ndjson(numbered(series["records"], number))
            lists += json.loads(numbered(json.dumps(series["devices"]), number))
    together = [tuple(sorted(map(Key.parse, names))) for names in lists]
    keys = {key_of(record) for record in records}
    named = [key for device in together for key in device]
    assert keys.issuperset(named), f"{data['name']}: a device of a record that there is not"
    assert len(named) == len(set(named)), f"{data['name']}: a record in two devices"
    return Case(
        id=f"{topic}: {data['name']}",
        data=data,
        policy=PolicySettings.model_validate(data.get("policy", {})).to_policy(),
        decisions=[decision(row) for row in map(json.loads, lines(data.get("decisions", "")))],
        records=records,
        devices=sorted([*together, *((key,) for key in keys.difference(named))]),
    )


def lines(text: str) -> list[str]:
    """Return the lines of a block that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


def ndjson(text: str) -> list[Record]:
    """Read the feed records of a block, as `samebox match` would read the lines of a file."""
    return [read_record(json.loads(line))[0] for line in lines(text)]


def numbered(template: str, number: int) -> str:
    """Return one row of a series: `%n` is the number in two hexadecimal digits."""
    return template.replace("%n", f"{number:02x}")


def decision(row: dict[str, str]) -> Decision:
    """Read a decision of the design's section 4."""
    return Decision(Verdict(row["verdict"]), Key.parse(row["left"]), Key.parse(row["right"]))


def read_cases() -> list[Case]:
    """Read every file of the folder."""
    files = sorted(FOLDER.glob("*.toml"))
    return [read_case(path.stem, data) for path in files for data in tomllib.loads(path.read_text("utf-8"))["case"]]


CASES = read_cases()

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def partition(resolution: Resolution) -> Partition:
    return [device.keys for device in resolution.devices]


Asked = tuple[set[Key], set[Key], tuple[str, ...], set[str]]
"""A review: its two sides, its grounds, and the records that wait for the answer."""


def open_reviews(resolution: Resolution) -> list[Asked]:
    return [
        (set(review.left), set(review.right), review.grounds, set(map(str, review.waiting)))
        for review in resolution.reviews
    ]


def asks(review: Asked, one: str, other: str) -> bool:
    """Whether a review is about the devices of these two records."""
    left, right, *_ = review
    first, second = Key.parse(one), Key.parse(other)
    return (first in left and second in right) or (first in right and second in left)


def canonical(text: str) -> str:
    """Return `kind value` with the value as the engine shows it."""
    kind, _, raw = text.partition(" ")
    return f"{kind} {shown(kind, NORMALISERS[kind](raw))}"


def test_there_are_many_cases_and_each_has_its_own_name() -> None:
    """Every rule has its traps; a name that stands twice would hide one of them."""
    assert len(CASES) >= 140
    assert len({case.data["name"] for case in CASES}) == len(CASES)


@each_case
def test_a_case_gives_the_expected_devices_in_every_order(case: Case) -> None:
    """Given, reversed and shuffled, the records resolve to the devices that the case names and to no others."""
    for order in case.orders():
        resolution = case.resolve(order)
        assert partition(resolution) == case.devices
        for left, right in case.data.get("apart", ()):
            assert resolution.device_of(Key.parse(left)) != resolution.device_of(Key.parse(right))


@each_case
def test_a_case_gives_the_expected_devices_record_by_record(case: Case) -> None:
    """Records that arrive one by one, each time only what they touch resolved again, end where the batch ends."""
    batch = case.resolve(case.records)
    for order in islice(case.orders(), 3):
        growing = GrowingFleet(case.policy, batch.calibration)
        growing.decide(list(case.decisions))
        for record in order:
            known = growing.records.get(key_of(record))
            growing.upsert(latest(known, record) if known else record)
        assert sorted(set(growing.devices.values())) == case.devices
        assert growing.reviews == list(batch.reviews)
        if len(order) > 30:
            break  # one order of a large case takes as long as all other cases


@each_case
def test_a_case_opens_the_expected_reviews(case: Case) -> None:
    """What must be asked is asked, with the reason where the case gives one; what is certain is not asked."""
    found = open_reviews(case.resolve(case.records))

    for expected in case.data.get("reviews", ()):
        reasons = [ground for review in found if asks(review, *expected["pair"]) for ground in review[2]]
        assert reasons, f"no review of {expected['pair']}; there are {found}"
        assert expected.get("reason", reasons[0]) in reasons
        if "waiting" in expected:
            assert [review[3] for review in found if asks(review, *expected["pair"])] == [set(expected["waiting"])]
    for left, right in case.data.get("no_review", ()):
        assert not any(asks(review, left, right) for review in found)
    if case.data.get("reviews") == []:
        assert found == []


@each_case
def test_a_case_is_explained(case: Case) -> None:
    """Every two records of a case get a sentence, and it says of them what the devices say."""
    resolution = case.resolve(case.records)
    keys = sorted({key_of(record) for record in case.records})

    for left, right in combinations(keys, 2) if len(keys) <= 12 else pairwise(keys):
        explanation = resolution.explain(left, right)
        assert explanation.same == (resolution.device_of(left) == resolution.device_of(right))
        assert str(left) in explanation.sentence
        assert str(right) in explanation.sentence
        assert explanation.path if explanation.same else explanation.would_change


@each_case
def test_a_case_reports_what_was_learnt(case: Case) -> None:
    """Over-shared values, untrusted fields and complete lists are said, where a case names them."""
    resolution = case.resolve(case.records)
    calibration = resolution.calibration

    if (values := case.data.get("over_shared")) is not None:
        reported = {f"{value.kind} {shown(value.kind, value.value)}" for value in resolution.shared}
        assert reported == set(map(canonical, values))
    if (fields := case.data.get("untrusted")) is not None:
        assert {f"{trust.provider} {trust.kind}" for trust in calibration.untrusted} == set(fields)
    if (providers := case.data.get("complete")) is not None:
        assert calibration.complete == set(providers)
