"""Identities go to other processes as bytes and come back as they were."""

from typing import Any

import pytest

from benchmarks.fleet import generate
from matching.evidence.identity import Identity, identify
from matching.model import Key, Kind
from matching.policy import Policy
from matching.records import read_record
from service.core.packing import packed, packed_whole, unpacked

RICH: dict[str, Any] = {
    "provider": "a",
    "id": "1",
    "serial": ["5CG1234ABC", "Default string"],
    "macs": ["3C-52-82-AA-BB-01", "00:15:5D:00:00:01"],
    "links": [{"provider": "b", "id": "2"}],
    "hostname": "acme-lt-0421",
    "company": "Acme Inc.",
}


def identity(raw: dict[str, Any]) -> Identity:
    """Return what a row says."""
    return identify(read_record(raw)[0], Policy())


@pytest.fixture(scope="module")
def fleet() -> list[Identity]:
    """The identities of a fleet with every pathology."""
    return [identity(dict(row)) for row in generate(seed=4, records=400).records]


def test_a_whole_identity_comes_back_as_it_was(fleet: list[Identity]) -> None:
    """With why values could not be used."""
    assert [unpacked(packed_whole(each)) for each in fleet] == fleet
    assert any(each.suppressed for each in fleet)


def test_only_the_reasons_are_left_out_otherwise(fleet: list[Identity]) -> None:
    """Whoever resolves or composes gets all that is usable."""
    assert [unpacked(packed(each)) for each in fleet] == [each._replace(suppressed=()) for each in fleet]
    assert any(each.has_placeholder_serial for each in fleet)


def test_keys_and_kinds_are_keys_and_kinds_again() -> None:
    """As plain tuples and texts they would have neither a provider nor a label."""
    found = unpacked(packed_whole(identity(RICH)))

    assert (found.key.provider, str(found.key)) == ("a", "a:1")
    assert found.links == (Key("b", "2"),)
    assert found.links[0].provider == "b"
    assert [type(kind) for kind, _ in found.weak] == [Kind]
    assert [value.kind for value in found.suppressed] == [Kind.SERIAL]
