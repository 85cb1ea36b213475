"""What tests of several commands share: a feed folder, and records of the store that `fleet` fills."""

import json
from pathlib import Path
from typing import Any

from tests.service.conftest import Run

LAPTOPS = ("cw_manage:4711", "rmm_alpha:A-17")
"""Two records of one device."""

OTHERS = ("cw_manage:4711", "rmm_alpha:A-18")
"""Two records of two devices."""


def ninjaone(folder: Path) -> str:
    """Write a feed of two devices in the vendor's shape."""
    folder.mkdir()
    devices = [
        {"id": number, "systemName": f"NJ-{number}", "nodeClass": "WINDOWS_WORKSTATION", "offline": False}
        for number in (1, 2)
    ]
    nothing: dict[str, Any] = {"cursor": None, "results": []}
    (folder / "devices-detailed.json").write_text(json.dumps(devices))
    (folder / "computer-systems.json").write_text(json.dumps(nothing))
    (folder / "network-interfaces.json").write_text(json.dumps(nothing))
    return str(folder)


def device(run: Run, record: str) -> str:
    """Return the id of a record's device."""
    return str(json.loads(run("lookup", record, "--kind", "record", "--json").out)[0]["id"])
