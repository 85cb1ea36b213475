"""What tests of several commands share: records of the store that `fleet` fills, a feed folder and a terminal."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.service.conftest import RECORDS, Run, ndjson

LAPTOPS = ("cw_manage:4711", "rmm_alpha:A-17")
"""Two records of one device."""

OTHERS = ("cw_manage:4711", "rmm_alpha:A-18")
"""Two records of two devices."""


def ninjaone(folder: Path, count: int = 2) -> str:
    """Write a feed of so many devices in the vendor's shape, in place of the one before."""
    folder.mkdir(exist_ok=True)
    devices = [
        {"id": number, "systemName": f"NJ-{number}", "nodeClass": "WINDOWS_WORKSTATION", "offline": False}
        for number in range(1, count + 1)
    ]
    nothing: dict[str, Any] = {"cursor": None, "results": []}
    (folder / "devices-detailed.json").write_text(json.dumps(devices))
    (folder / "computer-systems.json").write_text(json.dumps(nothing))
    (folder / "network-interfaces.json").write_text(json.dumps(nothing))
    return str(folder)


def asked(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a store in which it is asked whether the laptops, which are two devices, are one with a new mainboard."""
    monkeypatch.setenv("Policy__BoardReplacement", "review")
    guids = ("4C4C4544-0042-3510-8054-B4C04F4A5931", "5C4C4544-0042-3510-8054-B4C04F4A5931")
    boards = [{**record, "bios_guid": guid} for record, guid in zip(RECORDS[:2], guids, strict=True)]
    run("import", ndjson(folder / "boards.ndjson", *boards))


def device(run: Run, record: str) -> str:
    """Return the id of a record's device."""
    return str(json.loads(run("lookup", record, "--kind", "record", "--json").out)[0]["id"])


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True
