"""A sentence says what two records of a device share."""

from pathlib import Path

import pytest

from matching.model import Key, Kind
from matching.policy import Policy
from service.reports.catalogue.evidence import Evidence
from tests.service.people import decide
from tests.service.reports.fleets import reported_devices
from tests.service.sandbox import Sandbox, record

A, B, C = Key("a", "1"), Key("b", "1"), Key("c", "1")
MAC = "3C-52-82-AA-BB-01"


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world with nothing in it."""
    return Sandbox(tmp_path)


def between(world: Sandbox, left: Key, right: Key) -> str:
    """Return what the records of the only device say about two of them."""
    [device] = reported_devices(world)
    return Evidence(device, Policy()).between(left, right)


def test_what_both_say_is_named(world: Sandbox) -> None:
    """Every value that they share, strongest first, and as people write it."""
    said = {"serial": "SN-10001", "macs": [MAC], "hostname": "acme-lt-1"}
    world.push(record("a:1", **said, model="EliteBook"), record("b:1", **said))

    assert between(world, A, B) == "a:1 and b:1: same serial SN-10001, MAC 3C:52:82:AA:BB:01, hostname acme-lt-1"


def test_records_that_share_nothing_are_joined_through_others(world: Sandbox) -> None:
    """Hop by hop, each with what the two of it share."""
    world.push(record("a:1", serial="SN-10001"), record("b:1", macs=[MAC]))
    world.push(record("c:1", serial="SN-10001", macs=[MAC]))

    assert between(world, A, B) == "a:1 and c:1: same serial SN-10001; c:1 and b:1: same MAC 3C:52:82:AA:BB:01"


def test_a_link_is_said_in_words(world: Sandbox) -> None:
    """The two share no value; one provider names the other's record."""
    world.push(record("a:1", links=[{"provider": "b", "id": "1"}]), record("b:1", serial="SN-10001"))

    assert between(world, A, B) == "a:1 and b:1: one names the other"


def test_where_nothing_speaks_a_decision_does(world: Sandbox) -> None:
    """The sentence says where more is to be learnt."""
    world.push(record("a:1", serial="SN-10001"), record("b:1", hostname="acme-lt-1"))
    decide(world, "same", "a:1", "b:1")

    assert between(world, A, B) == "a:1 and b:1: no value that both say (`samebox explain` shows why they are one)"


def test_hardware_that_both_say_is_reason_enough(world: Sandbox) -> None:
    """No detour is made through a third record, however strong."""
    guid = "4C4C4544-0042-3510-8054-B4C04F4A5931"
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-10001", bios_guid=guid))
    world.push(record("a:2", serial="SN-10001", bios_guid=guid))

    assert between(world, A, B) == "a:1 and b:1: same serial SN-10001"


def test_what_two_records_disagree_on_is_said_strongest_first(world: Sandbox) -> None:
    """Adapters only where no hardware agrees: a box has several, and a name only where it is the hostname's field."""
    world.push(
        record("a:1", serial="SN-10001", macs=["3C-52-82-AA-BB-01"], hostname="acme-1"),
        record("b:1", serial="SN-10001", macs=["3C-52-82-AA-BB-02"], hostname="acme-2"),
        record("c:1", serial=[f"SN-2000{n}" for n in range(5)], macs=["3C-52-82-AA-BB-03"], name="acme-3"),
    )
    decide(world, "same", "a:1", "c:1")
    [device] = reported_devices(world)
    evidence = Evidence(device, Policy())

    assert list(evidence.differences(A, B)) == [(Kind.HOSTNAME, "hostname acme-1 against acme-2")]
    assert list(evidence.differences(A, C)) == [
        (Kind.SERIAL, "serial SN-10001 against SN-20000, SN-20001, SN-20002 and 2 more"),
        (Kind.MAC, "MAC 3C:52:82:AA:BB:01 against 3C:52:82:AA:BB:03"),
    ]
