"""A component becomes devices and questions, whoever resolves it."""

import json

import pytest

from benchmarks.fleet import generate
from matching.calibration.calibrate import Calibration
from matching.clustering.partition import Partition, partition
from matching.evidence.identity import identify
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from matching.records import read_record
from service.files.linking import Linker, worth_first
from tests.service.files.matching import A17, CW

PAIR = Key("cw_manage", "4711"), Key("rmm_alpha", "A-17")
LAPTOP = [identify(read_record(row)[0], Policy()) for row in (CW, A17)]


@pytest.fixture(scope="module")
def fleet() -> Partition:
    """A fleet with every pathology."""
    rows = generate(seed=3, records=1500).records
    return partition([identify(read_record(dict(row))[0], Policy()) for row in rows], Policy())


def linker(calibration: Calibration, *decisions: Decision, with_reviews: bool = True) -> Linker:
    """Return what resolves components under a calibration and decisions."""
    return Linker(Policy(), calibration, decisions, with_reviews)


def test_records_without_a_conflict_are_one_device() -> None:
    """By their places in the component."""
    devices, asked = linker(Calibration()).resolved(LAPTOP)

    assert ([list(places) for places in devices], asked) == ([[0, 1]], [])


def test_a_decision_parts_what_the_evidence_joins() -> None:
    """Also where no two records of the component are in conflict; one about other records changes nothing."""
    parted = linker(Calibration(), Decision(Verdict.DIFFERENT, *PAIR))
    other = linker(Calibration(), Decision(Verdict.DIFFERENT, PAIR[0], Key("rmm_alpha", "B")))

    assert parted.resolved(LAPTOP)[0] == []
    assert [list(places) for places in other.resolved(LAPTOP)[0]] == [[0, 1]]


def test_a_decision_joins_what_has_nothing_in_common() -> None:
    """Its two records are in one component because of it."""
    apart = [LAPTOP[0]._replace(serials=(), macs=(), hostname=None), LAPTOP[1]]

    devices, _ = linker(Calibration(), Decision(Verdict.SAME, *PAIR)).resolved(apart)

    assert [list(places) for places in devices] == [[0, 1]]


def test_devices_and_questions_are_those_of_the_engine(fleet: Partition) -> None:
    """Component by component; without reviews the devices are the same."""
    asking, quick = (linker(fleet.calibration, with_reviews=each) for each in (True, False))
    asked = []
    for component in fleet.components:
        identities = [fleet.identities[position] for position in component]
        devices, reviews = asking.resolved(identities)
        found = {tuple(component[place] for place in places) for places in devices}
        expected = [tuple(device) for device in fleet.only(component, [component]).devices()]

        assert found == {tuple(component[place] for place in places) for places in expected if len(places) > 1}
        assert quick.resolved(identities) == (devices, [])
        asked += reviews
    worths = [json.loads(review[-1])["worth"] for review in sorted(asked, key=worth_first)]
    assert len(worths) > 1
    assert worths == sorted(worths, reverse=True)
