"""A store whose devices another calibration would change."""

from pathlib import Path

import pytest

from tests.service.sandbox import Sandbox, record

GUID = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"
OTHERS = [record(f"b:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(2, 22)]
COPIES = [record(f"a:{n}", bios_guid=GUID, hostname=f"image-{n}") for n in (1, 2, 3)]


@pytest.fixture
def cloned(tmp_path: Path) -> Sandbox:
    """Return a store in which three boxes of one image, each pushed by itself, are taken for one by their GUID."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, COPIES[0])
    for each in COPIES[1:]:
        world.push(each)
    assert {"a:1", "a:2", "a:3"} in world.groups().values()
    return world
