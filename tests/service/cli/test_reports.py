"""The command `report`."""

import json
from pathlib import Path

import pytest

from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_report_goes_to_standard_output_or_a_file(fleet: Run, tmp_path: Path) -> None:
    """The same bytes, and nothing else on standard output."""
    shown = fleet("report", "duplicates")
    written = fleet("report", "duplicates", "--out", "duplicates.csv")
    as_json = fleet("report", "coverage", "--format", "json")

    assert (shown.code, written.code, written.out) == (0, 0, "")
    assert (tmp_path / "duplicates.csv").read_bytes().decode() == shown.out
    assert shown.out.startswith("device_id,company,")
    assert json.loads(as_json.out)["report"] == "coverage"


def test_a_report_that_cannot_be_written_leaves_nothing_behind(fleet: Run, tmp_path: Path) -> None:
    """Neither a half file nor a temporary one."""
    ran = fleet("report", "duplicates", "--out", "no/such/folder.csv")

    assert ran.code == 1
    assert ran.err == "samebox: no/such/folder.csv cannot be written: No such file or directory\n"
    assert not (tmp_path / "no").exists()
