"""
The five files of a run and what a line of each says, whichever engine makes it.

Lines are bytes with their line feed. The engine keeps their order: devices and clusters by key, reviews by worth.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from matching.evidence.identity import Identity
from matching.model import GoldenRecord, Key, Record
from matching.policy import Policy
from matching.results.golden import golden_record
from service.core.errors import CannotWrite
from service.core.private_files import new_private
from service.core.workers import uninterrupted
from service.ingest.linefiles import BadLine

CLUSTERS, DEVICES, REVIEWS = "clusters.csv", "devices.ndjson", "reviews.ndjson"
SUMMARY, REJECTED = "summary.json", "rejected.ndjson"

CLUSTERS_HEADING = b"provider,id,device_id\n"


@contextmanager
def output_folder(out: Path) -> Iterator[Path]:
    """
    Give a folder to write into; at the end the files in it take their places in `out`, if nothing went wrong.

    An interrupt waits until all files are in their places. Raises: CannotWrite.
    """
    is_new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with uninterrupted():  # between making the folder and knowing how to remove it
            made = tempfile.TemporaryDirectory(dir=out, prefix=".matching-")
        with made as name:
            scratch = Path(name)
            yield scratch
            with uninterrupted():
                for path in sorted(scratch.iterdir()):
                    path.replace(out / path.name)
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}") from None
    finally:
        if is_new and out.is_dir() and not any(out.iterdir()):
            out.rmdir()


def write_rows(path: Path, rows: Iterable[bytes]) -> None:
    """Write a new file that only its owner can read."""
    with new_private(path) as file:
        file.writelines(rows)


def device_id(first: Key) -> str:
    """Return the id of a device in these files: a function of its smallest key alone."""
    return f"d-{blake2b(str(first).encode(), digest_size=8).hexdigest()}"


def cluster_line(key: Key, device: str) -> bytes:
    """Return the line of a record in clusters.csv."""
    return f"{_cell(key.provider)},{_cell(key.id)},{device}\n".encode()


def device_line(rows: Sequence[tuple[Record, Identity]], policy: Policy) -> bytes:
    """Return the line of a device in devices.ndjson, from its records and what is usable of each, in order of key."""
    golden = golden_record(rows, policy)
    keys = [identity.key for _, identity in rows]
    return _line({"device_id": device_id(keys[0]), "records": [str(key) for key in keys], **_face(golden)})


def rejected_line(bad: BadLine) -> bytes:
    """Return the line of a rejected line in rejected.ndjson."""
    return _line(bad._asdict())


def summary_text(summary: Mapping[str, Any]) -> bytes:
    """Return the text of summary.json."""
    return orjson.dumps(summary, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _face(golden: GoldenRecord) -> dict[str, Any]:
    """Return the values, where they are from (the fields of one source and one rule together), and those that lost."""
    sources: dict[tuple[str, str, str | None, str], list[str]] = {}
    for field, source in golden.provenance.items():
        chosen = source.provider, source.record_id, source.last_seen, source.rule
        sources.setdefault(chosen, []).append(field)
    return {
        "values": golden.values,
        "provenance": [
            {"record": f"{provider}:{record_id}", "last_seen": last_seen, "rule": rule, "fields": fields}
            for (provider, record_id, last_seen, rule), fields in sources.items()
        ],
        "others": {field: source.others for field, source in golden.provenance.items() if source.others},
    }


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _cell(text: str) -> str:
    """Return a text as a cell of CSV (RFC 4180); keys hold no line breaks."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text
