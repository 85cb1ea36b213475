"""What the command says of a file of real machines; all values here are invented."""

import json
from pathlib import Path

import pytest

from benchmarks.real_dumps import joined, judge, main

DUMPS = [
    {
        "source": "one",
        "manufacturer": "Dell Inc.",
        "model": "Latitude 5440",
        "serial": "D34623J",
        "uuid": "4C4C4544-0033-3410-8036-C4C04F32334A",
        "board_serial": "/D34623J/CN1234567800A1/",
        "chassis_serial": "Latitude 5440",
        "macs": ['{"3C5282000001"}', "no address"],
    },
    {"source": "two", "serial": "(none)", "uuid": "4C4C4544-0033-3410-8036-C4C04F32334A", "macs": []},
    {"source": "three", "serial": "To be filled by OEM.", "asset_tag": "Amazon EC2", "macs": []},
]
WORDS = [
    {"text": "Acme Desk 9", "count": 7, "fields": ["system.Product Name"]},
    {"text": "PQ77XK1", "count": 2, "fields": ["board.Location"]},
]


def test_each_text_is_judged_in_its_field() -> None:
    """A usable one with what it carries, another with the reason against it."""
    verdicts = {(each.field, each.text): (each.is_usable, each.verdict) for each in judge(DUMPS)}

    assert verdicts["serial", "D34623J"] == (True, "serial D34623J")
    assert "serial inside the Dell board serial" in verdicts["board_serial", "/D34623J/CN1234567800A1/"][1]
    assert verdicts["chassis_serial", "Latitude 5440"] == (False, "the record's own manufacturer or model")
    assert verdicts["macs", '{"3C5282000001"}'] == (True, "mac 3c5282000001")
    assert verdicts["asset_tag", "Amazon EC2"] == (False, "placeholder")
    assert {text for (_, text), (usable, _) in verdicts.items() if not usable} >= {"(none)", "no address"}


def test_a_text_of_firmware_is_judged_beside_the_names_that_it_was_written_as() -> None:
    """A product's name is none of its own serials; what was found in another field may be one."""
    assert [(each.text, each.is_usable, each.rows) for each in judge(WORDS)] == [
        ("Acme Desk 9", False, 7),
        ("PQ77XK1", True, 2),
    ]


def test_records_of_a_dump_and_dumps_that_are_one_are_listed_with_the_evidence() -> None:
    """The parts of a dump meet through what they carry; two dumps of one machine are named by their sources."""
    told = "\n".join(joined(DUMPS))

    assert "board + dump + guid + serial" in told
    assert "Dumps that came out as one device: 1 pairs" in told
    assert "one and two" in told
    assert "three" not in told


def test_the_command_prints_what_was_made_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Either shape of line; with --summary counts alone."""
    file = tmp_path / "rows.ndjson"
    file.write_text("".join(json.dumps(row) + "\n" for row in (*DUMPS, *WORDS)))

    main([str(file)])
    assert "'PQ77XK1'" in capsys.readouterr().out
    main([str(file), "--summary"])
    printed = capsys.readouterr().out
    assert "'PQ77XK1'" not in printed
    assert "text: 2 texts, 1 usable, 1 suppressed" in printed
