"""A hostname of 15 characters stands for the one longer name that begins so, and for none of several."""

from typing import cast

import pytest

from matching.calibration.truncated_names import longer_hostnames, restored
from matching.model import Key, Kind, Record
from matching.policy import Policy
from matching.results.resolution import resolve_records, resolve_under
from tests.matching.stories import identity

LONG: list[Record] = [
    {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "acme-laptop-0042"},
    {"provider": "alpha", "id": "2", "company": "Acme", "hostname": "acme-laptop-0043"},
]


def truncated(provider: str, company: str = "Acme") -> Record:
    """Return a record under what both long names are truncated to."""
    return {"provider": provider, "id": "9", "company": company, "hostname": "ACME-LAPTOP-004"}


def test_a_prefix_is_ambiguous_once_several_longer_names_share_it() -> None:
    """The customer is named as the company map has it; one longer name is what the truncated one stands for."""
    assert resolve_records([*LONG, truncated("beta")]).calibration.ambiguous_prefixes == {
        ("alpha:Acme", "acme-laptop-004")
    }
    assert resolve_records([LONG[0], truncated("beta")]).calibration.ambiguous_prefixes == frozenset()


@pytest.mark.parametrize(
    ("records", "policy"),
    [
        ([*LONG, truncated("alpha")], Policy()),
        ([*LONG, truncated("beta")], Policy(allow={Kind.HOSTNAME: frozenset({"acme-laptop-004"})})),
        ([*LONG, truncated("beta", company="Bolt")], Policy()),
    ],
    ids=["an agent lists it beside a longer one", "the operator says so", "another customer's"],
)
def test_a_name_that_was_not_truncated_is_evidence(records: list[Record], policy: Policy) -> None:
    """It joins its namesake, which it is only one of."""
    namesake = {**records[-1], "provider": "gamma"}

    resolution = resolve_records([*records, cast("Record", namesake)], policy)

    assert Key("gamma", "9") in resolution.device_of(Key(records[-1]["provider"], "9")).keys


def test_prefixes_that_became_ambiguous_since_the_calibration_are_looked_at_together() -> None:
    """Until the next calibration the truncated name stands for none, and its equals are still equal."""
    learnt = resolve_records([LONG[0], truncated("beta"), truncated("gamma")]).calibration

    resolution = resolve_under([*LONG, truncated("beta"), truncated("gamma")], Policy(), (), learnt)

    assert sorted(len(device.keys) for device in resolution.devices) == [1, 1, 2]


def test_a_truncated_name_becomes_the_longer_one_of_its_customer() -> None:
    """Another customer's names are no candidates, nor are they where the customer is unknown."""
    rows = [identity("alpha:1", hostname="acme-laptop-0042"), identity("beta:1", hostname="acme-laptop-004")]

    for customers, expected in ((["acme", "acme"], {1: "acme-laptop-0042"}), (["acme", "bolt"], {}), ([None] * 2, {})):
        assert longer_hostnames(rows, customers, frozenset(), ()) == expected
    assert restored(rows[1], "acme", (), "acme-laptop-0042").hostname == "acme-laptop-0042"
    assert restored(rows[1], "acme", (), None) is rows[1]


def test_an_ambiguous_name_is_suppressed_and_kept() -> None:
    """It agrees with nobody, and still says what it may be."""
    row, ambiguous = identity("beta:1", hostname="acme-laptop-004"), {("acme", "acme-laptop-004")}

    found = restored(row, "acme", ambiguous, None)

    assert (found.hostname, found.truncated) == (None, "acme-laptop-004")
    assert found.suppressed[-1].reason == "several longer names of the customer begin so"
    assert restored(row, None, ambiguous, None) is restored(row, "bolt", ambiguous, None) is row
