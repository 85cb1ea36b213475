"""Calibrations are kept in versions; one is in force, one may be held, and of the others only the report is left."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import CompanyMap, Ground
from matching.calibration.trust import UntrustedField
from matching.model import Key, Kind, Record, SharedValue
from matching.policy import Policy
from matching.results.resolution import resolve_records
from service.store.database import tables
from service.store.database.interface import KEPT
from service.store.resolved import calibrations
from service.store.resolved.calibrations import CalibrationStatus, Ruling, Version, digest_of
from service.store.resolved.rules import policy_digest
from tests.service.resolution.conftest import COPIES, GUID
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SHARED = Calibration((SharedValue(Kind.SERIAL, "SN-1", "on 5 boxes", (Key("a", "1"),)),))


def add(
    connection: Connection,
    calibration: Calibration,
    status: CalibrationStatus,
    report: Mapping[str, Any] | None = None,
) -> Version:
    """Store a calibration that the records of version 7 teach."""
    return calibrations.add(connection, calibration, status, NOON, 7, "p" * 64, report or {})


def test_a_calibration_reads_back_as_it_was(tmp_path: Path) -> None:
    """But for the holders of shared values, which are shown elsewhere and decide nothing."""
    fleet: list[Record] = [*COPIES]
    fleet += [record(f"c:{n}", serial=f"SN-{n:05}", bios_guid=GUID.replace("7B", f"{n + 10}")) for n in range(2, 22)]
    fleet += [record(f"b:{n}", serial=f"SN-{n:05}", bios_guid=GUID.replace("7B", f"{n + 40}")) for n in range(2, 22)]
    fleet += [record("d:1", company="Acme Inc.", hostname="x"), record("e:1", company="ACME", hostname="x")]
    world = Sandbox(tmp_path)
    world.take_in(*fleet)
    learnt = resolve_records(fleet, POLICY).calibration

    stored = in_force(Sandbox(tmp_path))  # opened anew: what this process has read it may have kept

    assert stored.suppression == learnt.suppression
    assert stored.untrusted == learnt.untrusted
    assert stored.untrusted
    assert stored.companies == learnt.companies
    assert stored.complete == learnt.complete
    assert [each.reason for each in stored.shared] == [each.reason for each in learnt.shared]


def test_an_alignment_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """That one kept a sentence, where there is a code and a number now."""
    fleet = [record(f"d:{n}", company="Fabrikam", serial=f"SN-{n:05}") for n in range(9)]
    fleet += [record(f"e:{n}", company="Tailspin", serial=f"SN-{n:05}") for n in range(9)]
    fleet += [record("d:a", company="Acme Inc.", hostname="x"), record("e:a", company="ACME", hostname="x")]
    world = Sandbox(tmp_path)
    world.take_in(*fleet)
    learnt = in_force(world).companies
    with world.store.writing() as connection:
        body = json.loads(connection.execute(select(tables.calibrations.c.body)).scalar_one())
        body["companies"]["why"] = [[pair.left, pair.right, pair.sentence] for pair in learnt.why]
        del body["companies"]["different"], body["companies"]["undivided"]
        connection.execute(update(tables.calibrations).values(body=json.dumps(body)))

    assert {pair.ground for pair in learnt.why} == {Ground.HARDWARE_ALONE, Ground.EQUAL_NAMES}
    assert in_force(Sandbox(tmp_path)).companies == learnt


def test_the_calibration_in_force_is_read_once_by_a_store_however_many_there_are(tmp_path: Path) -> None:
    """A change of one record asks for it; of those that are over none stays in memory for good."""
    world = Sandbox(tmp_path)
    for number in range(6):
        world.take_in(*(record(f"p{number}:{n}", serial=f"SN-1000{n}") for n in range(3)))

    with collected(world.store) as statements:
        world.push(record("p1:1", serial="SN-10009"))
        world.push(record("p1:1", serial="SN-10008"))
    kept = world.store.engine.get_execution_options()[KEPT]

    assert not [each for each in statements if "calibrations.body" in each]
    assert 1 <= len(kept) <= calibrations.MOST_KEPT


def test_the_next_version_in_force_supersedes_the_one_before(tmp_path: Path) -> None:
    """There is never more than one in force; of the one that is over the body is dropped and the report is kept."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        add(connection, Calibration(), CalibrationStatus.IN_FORCE, {"why": "the first"})
        added = add(connection, SHARED, CalibrationStatus.IN_FORCE)

    with world.store.reading() as connection:
        assert calibrations.in_force(connection) == (
            added,
            Calibration((SharedValue(Kind.SERIAL, "SN-1", "on 5 boxes"),)),
        )
        assert calibrations.held(connection) is None
    assert (added.version, added.of_version) == (2, 7)
    assert world.rows("SELECT version, status, report FROM calibrations WHERE body = '{}'") == [
        (1, "superseded", '{"why":"the first"}')
    ]


def test_what_a_person_dropped_is_recognised_under_its_policy(tmp_path: Path) -> None:
    """By what it decides, for nothing else of it is kept; a calibration that is only held was not dropped."""
    with Sandbox(tmp_path).store.writing() as connection:
        version = add(connection, SHARED, CalibrationStatus.HELD)
        assert not calibrations.was_dropped(connection, version.policy, version.digest)
        calibrations.move(connection, CalibrationStatus.HELD, CalibrationStatus.DROPPED)

        assert calibrations.was_dropped(connection, version.policy, version.digest)
        assert not calibrations.was_dropped(connection, "q" * 64, version.digest)
        assert not calibrations.was_dropped(connection, version.policy, digest_of(Calibration()))


def test_a_calibration_of_a_transaction_that_failed_is_not_remembered(tmp_path: Path) -> None:
    """The store keeps what it has read; a version that was rolled back must not pass for the one with its number."""
    world = Sandbox(tmp_path)

    def fail() -> None:
        with world.store.writing() as connection:
            add(connection, SHARED, CalibrationStatus.IN_FORCE)
            assert calibrations.ruling(connection)
            raise LookupError("out of disk")

    with pytest.raises(LookupError):
        fail()
    with world.store.writing() as connection:
        add(connection, Calibration(), CalibrationStatus.IN_FORCE)

    with world.store.reading() as connection:
        assert calibrations.ruling(connection) == Ruling("p" * 64, Calibration(), is_current=True)


OTHER = {
    "a value": Calibration((SharedValue(Kind.SERIAL, "SN-2", "on 5 boxes"),)),
    "a field": Calibration(SHARED.shared, (UntrustedField("a", Kind.SERIAL, 9, 1),)),
    "a company": Calibration(SHARED.shared, companies=CompanyMap({"b:acme": "a:acme"})),
    "two customers": Calibration(SHARED.shared, companies=CompanyMap(different=frozenset({("a:acme", "b:acme")}))),
    "two as one": Calibration(SHARED.shared, companies=CompanyMap(undivided=frozenset({("a:acme", "b:acme")}))),
    "a catch-all": Calibration(SHARED.shared, companies=CompanyMap(catch_alls=frozenset({"a:misc"}))),
    "a provider": Calibration(SHARED.shared, complete=frozenset({"a"})),
    "a prefix": Calibration(SHARED.shared, ambiguous_prefixes=frozenset({("a:acme", "acme-laptop-000")})),
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_a_digest_tells_calibrations_apart_that_decide_something_else(other: Calibration) -> None:
    """Two with one digest are taken for one: each part that decides anything is in it."""
    assert digest_of(other) != digest_of(SHARED)


def test_counts_sentences_and_companies_by_themselves_are_not_in_a_digest() -> None:
    """They move with every record, and a measurement would never be the same as the one before."""
    same = Calibration(
        (SharedValue(Kind.SERIAL, "SN-1", "on 6 boxes", (Key("a", "1"), Key("a", "2"))),),
        companies=CompanyMap({"a:new": "a:new"}, {"a:new": frozenset({"a"})}),
    )

    assert digest_of(same) == digest_of(SHARED)


def test_every_change_of_a_policy_has_a_digest_of_its_own() -> None:
    """And the order in which an operator lists values is no change."""
    denied = [
        Policy(deny={Kind.SERIAL: frozenset(values)}) for values in (["SN-1", "SN-2"], ["SN-2", "SN-1"], ["SN-1"])
    ]
    digests = list(map(policy_digest, [*denied, POLICY, Policy(islands=4)]))

    assert digests[0] == digests[1]
    assert len(set(digests)) == 4
