"""The summary of a run counts what is in the files and what came of it."""

import json
from pathlib import Path
from typing import Any

from matching.calibration.calibrate import Calibration
from matching.model import Key, Kind, SharedValue
from service.files.summary import MOST_HOLDERS, Counted, summarise
from tests.service.files.matching import A17, CW, SERVER, match, ndjson


def summary(folder: Path, rows: list[Any]) -> dict[str, Any]:
    """Match rows, and return the summary."""
    assert match(ndjson(folder / "f", rows), "--out", folder / "out", "--jobs", "1") == 0
    found: dict[str, Any] = json.loads((folder / "out" / "summary.json").read_text())
    return found


def test_every_line_and_every_record_is_counted_once(tmp_path: Path) -> None:
    """Lines are records, repeated or rejected; records are counted by provider, devices by how many they have."""
    told = summary(tmp_path, [CW, A17, "{", SERVER, CW])

    assert (told["records"], told["repeated_lines"], told["rejected_lines"]) == (3, 1, 1)
    assert told["records_by_provider"] == {"cw_manage": 1, "rmm_alpha": 2}
    assert (told["devices"], told["devices_by_records"]) == (2, {"1": 1, "2": 1})
    assert (told["reviews"], told["reviews_by_reason"]) == (0, {})


def test_what_the_records_say_is_counted_before_calibration(tmp_path: Path) -> None:
    """A value that is over-shared is said all the same; a line that does not stand is in no count."""
    rows = [{"provider": "a", "id": f"{n:02}", "hostname": f"pc-{n:04}", "serial": "5CG1234ABC"} for n in range(25)]

    told = summary(tmp_path, [*rows, CW, rows[0]])

    assert [value["value"] for value in told["over_shared"]] == ["5CG1234ABC"]
    assert told["evidence_by_provider"] == {
        "a": {"bios_guid": 0, "serial": 25, "link": 0, "mac": 0, "hostname": 25, "company": 0},
        "cw_manage": {"bios_guid": 0, "serial": 1, "link": 0, "mac": 1, "hostname": 1, "company": 1},
    }
    [warning] = told["warnings"]
    assert warning.startswith("a: none of 25 records names a company, so its hostnames join nobody")


def test_of_many_holders_the_first_are_named_and_all_are_counted() -> None:
    """A placeholder that a whole fleet carries does not fill the summary."""
    holders = tuple(Key("a", f"{number:03}") for number in reversed(range(MOST_HOLDERS + 5)))
    shared = SharedValue(Kind.SERIAL, "5CG1234ABC", "on too many boxes", holders)

    [value] = summarise(Counted([], 0, 0, {}, {}, Calibration((shared,)), {}))["over_shared"]

    assert value["holder_count"] == MOST_HOLDERS + 5
    assert value["holders"] == [f"a:{number:03}" for number in range(MOST_HOLDERS)]
