"""
Write what a store of another version holds, as text that any database can be filled with (`former.filled`).

The store is made by that version's own commands, from a part of the records that its demo keeps:

    git worktree add /tmp/former 2d031e7
    python tests/service/upgrades/write_store.py /tmp/former > tests/service/upgrades/store-0007.ndjson
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

RECORDS = 80
"""Records of the demo that are taken: those of open reviews first."""

DERIVED = {"alembic_version", "identifiers", "blocking_keys"}
"""Tables that are left out: the two indexes are what records and memberships list, packed."""

RECORDS_BY_DEVICE = "SELECT device_id, payload FROM memberships JOIN records USING (provider, record_id) ORDER BY 1"

IN_REVIEWS = """
    SELECT DISTINCT device_id FROM reviews, json_each(json_insert(json_extract(body, '$.left'), '$[#]',
        json_extract(body, '$.right[0]'))) AS named
    JOIN memberships ON named.value = memberships.provider || ':' || memberships.record_id
"""


def samebox(tree: Path, folder: Path, *arguments: str) -> None:
    """Run a command of the version in a tree."""
    subprocess.run(
        [sys.executable, "-c", "from service.cli import start; start()", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdout=sys.stderr,
        check=True,
    )


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """Return what a query finds in a database, a mapping a row."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def make(tree: Path, folder: Path) -> Path:
    """Make a store with some decisions, and return its file."""
    samebox(tree, folder, "demo", "--no-serve", "--keep", "demo")
    feed = folder / "feed.ndjson"
    asked = {row["device_id"] for row in rows(folder / "demo" / "demo.db", IN_REVIEWS)}
    listed = sorted(rows(folder / "demo" / "demo.db", RECORDS_BY_DEVICE), key=lambda row: row["device_id"] not in asked)
    payloads = [row["payload"] for row in listed[:RECORDS]]
    feed.write_text("".join(f"{payload}\n" for payload in payloads))
    samebox(tree, folder, "import", str(feed))
    reviews = [json.loads(row["body"]) for row in rows(folder / "samebox.db", "SELECT body FROM reviews ORDER BY id")]
    for verdict, review in zip(("different", "same"), reviews, strict=False):
        samebox(
            tree, folder, "decide", verdict, review["left"][0], review["right"][0], "--by", "anna", "--why", "looked"
        )
    return folder / "samebox.db"


def main(tree: Path) -> None:
    """Write every row of every table of a store that the version in a tree makes."""
    with tempfile.TemporaryDirectory() as name:
        database = make(tree, Path(name))
        tables = {row["name"] for row in rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in sorted(tables - DERIVED):
            for row in rows(database, f"SELECT * FROM {table} ORDER BY 1, 2"):
                held = {column: _text(value) for column, value in row.items()}
                print(json.dumps({"table": table, "row": held}, sort_keys=True, ensure_ascii=False))


def _text(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
