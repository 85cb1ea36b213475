"""A few records, files of them, and `samebox match` over such files."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from service.cli import main

LAPTOP = {"company": "Acme Inc.", "hostname": "acme-lt-1", "serial": "5CG1234ABC", "macs": ["3C-52-82-AA-BB-01"]}

A17 = {**LAPTOP, "provider": "rmm_alpha", "id": "A-17", "last_seen": "2026-10-30T08:00:00Z"}

CW = {**LAPTOP, "provider": "cw_manage", "id": "4711"}

SERVER = {"provider": "rmm_alpha", "id": "A-18", "company": "Acme Inc.", "hostname": "acme-srv-1", "serial": "VMX9KQ2"}

DECISION = {"verdict": "different", "left": "rmm_alpha:A-17", "right": "cw_manage:4711"}


def ndjson(path: Path, rows: Iterable[object]) -> Path:
    """Write rows as lines; a text is a line as it is."""
    path.write_bytes(b"".join(line.encode() + b"\n" for line in map(as_line, rows)))
    return path


def as_line(row: object) -> str:
    """Return a row as a line; a text is one already."""
    return row if isinstance(row, str) else json.dumps(row)


def match(*arguments: object) -> int:
    """Run the command and return how it ended."""
    with pytest.raises(SystemExit) as end:
        main(["match", *map(str, arguments)])
    return int(end.value.code or 0)
