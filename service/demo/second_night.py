"""The night after the first sync, when something went wrong at each RMM: rows that are no records, rows that lack."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.demo.data import FEEDS

RMMS = ("cw_automate", "cw_rmm", "ninjaone")
"""The providers that are read from files: a folder of each is in `FEEDS`."""

LOST = 12
"""The organization of NinjaOne that its API client may not see any more: more devices than a sync lets go unasked."""

ENROLLING = {"Id": None, "ComputerName": "DESKTOP-8KQ2MVT", "FriendlyName": "DESKTOP-8KQ2MVT", "Type": "Workstation"}
"""A computer whose agent is still enrolling."""

JOINED = {"Id": "5090\n5091", "ComputerName": "ACD-LT-021", "FriendlyName": "ACD-LT-021", "Type": "Workstation"}
"""A computer of an export that ran two lines into one."""

TAG = "powercfg /batteryreport: the file is "
"""What begins the output that a script wrote into an asset tag."""

SCRIPTED = {"Id": "5092", "ComputerName": "FNO-KMARSH-NOTE", "AssetTag": TAG + "0x1F8B0800 " * 7000}
"""A computer with a field beyond the bound of one."""


def first_night(folder: Path) -> None:
    """Put the feeds of the RMMs into a folder, as they are when all is well. Raises: OSError."""
    for name in RMMS:
        shutil.copytree(FEEDS / name, folder / name, dirs_exist_ok=True)


def second_night(folder: Path) -> None:
    """Change the feeds in a folder to those of the night after. Raises: OSError."""
    _change(folder / "cw_automate" / "computers.json", lambda rows: [*rows, ENROLLING, SCRIPTED, JOINED])
    _change(folder / "cw_rmm" / "endpoints.json", _without_its_id)
    _change(
        folder / "ninjaone" / "devices-detailed.json",
        lambda rows: [row for row in rows if row["organizationId"] != LOST],
    )


def _without_its_id(answer: Any) -> Any:
    """The first endpoint comes once more, without its id."""
    endpoints = answer["endpoints"]["platform"][0]["endpoints"]
    endpoints.append({**endpoints[0], "endpointID": ""})
    return answer


def _change(file: Path, change: Callable[[Any], Any]) -> None:
    file.write_text(json.dumps(change(json.loads(file.read_bytes())), ensure_ascii=False, indent=1), "utf-8")
