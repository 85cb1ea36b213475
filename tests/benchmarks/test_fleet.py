"""The made-up fleet of the accuracy benchmark: repeatable, labelled, as nasty as its table says, and independent."""

import ast
import json
from collections import Counter
from functools import cache
from hashlib import sha256
from math import sqrt
from pathlib import Path

import pytest

from benchmarks.fleet import Fleet, generate
from benchmarks.fleet.hardware import FILLER_SERIALS
from benchmarks.fleet.rates import RATES

FIRST_EDITION = "57254b75db76a801d6e30cd51188e9b0624e6534dbb1b45077aab8ac7ec46ad3"
"""Checksum of the first edition with seed 3 and some 2,000 records: records, truth, pathologies and draws."""

ROOMS = sorted((Path(__file__).parents[2] / "benchmarks" / "fleet").glob("*.py"))
SIZE = 20_000
"""Records that are asked for: enough that every pathology of either edition is drawn for."""

COMMON = {"cw_manage", "rmm_alpha", "rmm_beta", "rmm_gamma", "mdm_delta"}
PROVIDERS = {1: COMMON, 2: COMMON | {"iot_epsilon"}}


@pytest.fixture(scope="module", params=RATES)
def fleet(request: pytest.FixtureRequest) -> Fleet:
    """One fleet of each edition for all tests of this module."""
    return made(request.param)


@cache
def made(edition: int) -> Fleet:
    """Return the fleet of an edition that the tests share."""
    return generate(seed=7, records=SIZE, edition=edition)


@pytest.mark.parametrize("edition", RATES)
def test_the_same_seed_gives_the_same_fleet(edition: int) -> None:
    """Whoever repeats the benchmark measures the same records."""
    first, second = (generate(seed=3, records=1_000, edition=edition) for _ in range(2))

    assert first == second


def test_the_first_edition_stays_as_it_was() -> None:
    """Figures of earlier versions were measured on it: nothing that a later edition adds may draw from its stream."""
    fleet = generate(seed=3, records=2_000)
    truth = sorted((*key, label) for key, label in fleet.truth.items())
    pathologies = {name: sorted(labels) for name, labels in fleet.pathologies.items()}
    whole = json.dumps([fleet.records, truth, pathologies, fleet.drawn, fleet.struck], sort_keys=True)

    assert sha256(whole.encode()).hexdigest() == FIRST_EDITION


def test_another_seed_gives_another_fleet() -> None:
    """A score can be checked on data that nobody has looked at."""
    assert generate(seed=3, records=1_000).records != generate(seed=4, records=1_000).records


def test_every_record_is_json_with_provider_and_id(fleet: Fleet) -> None:
    """The records are what the feed files hold: JSON objects, texts for provider and id, no field without a value."""
    for row in fleet.records:
        assert json.loads(json.dumps(row)) == row
        assert row["provider"] in PROVIDERS[fleet.edition]
        assert isinstance(row["id"], str)
        assert None not in row.values()


def test_every_record_has_one_label(fleet: Fleet) -> None:
    """The truth names each record once and nothing else."""
    keys = [(row["provider"], row["id"]) for row in fleet.records]

    assert len(keys) == len(set(keys))
    assert set(keys) == set(fleet.truth)


def test_the_fleet_has_about_the_records_that_were_asked_for(fleet: Fleet) -> None:
    """Sizes are drawn, so the number is met within a tenth or so; a device has about three records."""
    assert 0.8 < len(fleet.records) / SIZE < 1.2
    assert 2.7 < len(fleet.records) / fleet.devices < 3.6


@pytest.mark.parametrize(("edition", "pathology"), [(edition, name) for edition in RATES for name in RATES[edition]])
def test_a_pathology_strikes_at_its_stated_rate(edition: int, pathology: str) -> None:
    """What the table says is what is drawn, within five standard deviations."""
    fleet = made(edition)
    share, drawn = RATES[edition][pathology].share, fleet.drawn[pathology]

    assert drawn > 0
    assert abs(fleet.struck.get(pathology, 0) - share * drawn) <= 5 * sqrt(drawn * share * (1 - share)) + 1


def test_pathologies_leave_their_devices_labelled(fleet: Fleet) -> None:
    """Scores by pathology need the devices it struck, and only devices that have a record."""
    labels = set(fleet.truth.values())
    common = {name for name, struck in fleet.struck.items() if struck >= 20}

    assert len(common) > 20
    assert {name for name in common if not fleet.pathologies[name]} == set()
    assert all(devices <= labels for devices in fleet.pathologies.values())


def test_providers_show_what_they_can_show(fleet: Fleet) -> None:
    """Two agents report no GUID, one reports one MAC, and every provider misses a part of the fleet."""
    labels: dict[str, set[str]] = {provider: set() for provider in PROVIDERS[fleet.edition]}
    for row in fleet.records:
        labels[row["provider"]].add(fleet.truth[row["provider"], row["id"]])
        assert not (row["provider"] in {"rmm_gamma", "mdm_delta"} and "bios_guid" in row)
        assert row["provider"] != "rmm_beta" or len(row.get("macs", [])) <= 1

    assert all(0.3 < len(labels[provider]) / fleet.devices < 0.95 for provider in COMMON)
    assert all(found for found in labels.values())


def test_placeholder_serials_sit_on_many_devices(fleet: Fleet) -> None:
    """Linking by serial without a list, or without counting, must go wrong on this fleet."""
    holders = Counter(row["serial"] for row in fleet.records if row["provider"] == "rmm_alpha" and "serial" in row)

    assert max(holders[filler] for filler in FILLER_SERIALS) > 3


def test_row_ids_are_no_guids_of_any_machine() -> None:
    """In the other variant the PSA's `mobileGuid` agrees with nothing that an agent measures."""
    rows = generate(seed=5, records=1_500, row_ids=True).records
    psa = {row["bios_guid"].lower() for row in rows if row["provider"] == "cw_manage"}
    agents = {row["bios_guid"].lower() for row in rows if row["provider"] == "rmm_alpha" and "bios_guid" in row}

    assert len(psa) == sum(row["provider"] == "cw_manage" for row in rows)
    assert not psa & agents


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_the_fleet_shares_no_code_with_the_matcher(path: Path) -> None:
    """A truth that the matcher had a hand in would prove nothing."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]

    assert not {name.partition(".")[0] for name in names} & {"matching", "service", "fixtures"}
