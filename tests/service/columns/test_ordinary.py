"""Columns alone give the record of nearly every ordinary line; where a value depends on more, `identify` is asked."""

from pathlib import Path
from typing import Any

import pytest

from matching.policy import Policy
from service.columns.meanings import read_meanings
from service.columns.ordinary import leave_out
from service.columns.words import read_words
from service.core.workers import NO_WORKERS
from tests.service.columns.reading_twice import lines_of
from tests.service.columns.test_lines import read

DELL = "4C4C4544-0033-3410-8036-C4C04F32334A"
VMWARE = "VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5"
TEMPLATE = "0352023C-0482-0500-0006-030700080009"


def is_left_out(folder: Path, fields: dict[str, Any]) -> bool:
    """Whether the record with these fields, beside an ordinary one, is left to be read one by one."""
    rows = [{"provider": "alpha", "id": "1", "serial": "5CG1234ABC"}, {"provider": "alpha", "id": "2", **fields}]
    with read(folder, lines_of(rows)) as tables:
        read_meanings(tables, Policy(), NO_WORKERS)
        read_words(tables, Policy())
        leave_out(tables)
        kept = [name for (name,) in tables.rows("SELECT id FROM fields ORDER BY id")]
        others = list(tables.rows("SELECT length FROM others"))
        [(said,)] = tables.rows("SELECT count(DISTINCT position) FROM said")
    assert len(kept) + len(others) == 2
    assert said <= len(kept)
    return "2" not in kept


@pytest.mark.parametrize(
    "fields",
    [
        {"serial": "Default string", "macs": ["n/a"]},
        {"bios_guid": DELL, "serial": "D34623J"},
        {"bios_guid": DELL, "serial": "X1"},
        {"bios_guid": TEMPLATE, "macs": ["3C5282AABB01"]},
        {"bios_guid": "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5", "serial": VMWARE},
        {"serial": "LATITUDE5440", "model": "Latitude 7440"},
        {"type": "Laptop"},
    ],
    ids=str,
)
def test_a_record_that_has_its_own_values_is_given_by_columns(tmp_path: Path, fields: dict[str, Any]) -> None:
    """Placeholders say nothing, and a value inside another one stands in for none that is there."""
    assert not is_left_out(tmp_path, fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"bios_guid": DELL},
        {"bios_guid": DELL, "serial": "Default string"},
        {"bios_guid": TEMPLATE, "serial": "5CG1234ABD"},
        {"serial": VMWARE},
        {"serial": [VMWARE, "5CG1234ABD"], "bios_guid": "F" * 32},
        {"serial": "/D34623J/CN1234567800A1/"},
        {"serial": "LATITUDE5440", "model": "Latitude 5440"},
        {"serial": ["5CG1234ABD", "xps 13"], "model": "XPS 13"},
        {"macs": ["n/-3C5282000001  "]},
        {"type": "Software License"},
    ],
    ids=str,
)
def test_a_record_of_which_a_value_depends_on_others_is_left(tmp_path: Path, fields: dict[str, Any]) -> None:
    """What a value carries stands in where the record has no own one; a maker's name is no serial of its boxes."""
    assert is_left_out(tmp_path, fields)
