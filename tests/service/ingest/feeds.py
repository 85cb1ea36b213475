"""Feed folders for tests: files as a vendor would send them, and what an adapter makes of them."""

import asyncio
import json
from pathlib import Path

from matching.model import Record
from service.core.settings import FeedFolder
from service.ingest.files import FileAdapter
from service.ingest.protocol import Pulled, Raw, pull


def write(folder: Path, **answers: object) -> FeedFolder:
    """Write a JSON file an answer; an underscore in its name stands for a dash. Returns the settings section for it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, answer in answers.items():
        (folder / f"{name.replace('_', '-')}.json").write_text(json.dumps(answer), encoding="utf-8")
    return FeedFolder(folder=folder)


def pulled(adapter: FileAdapter) -> Pulled:
    """Fetch and parse everything."""
    return asyncio.run(pull(adapter, lambda *_: None))


def rows(adapter: FileAdapter) -> list[Raw]:
    """Fetch everything."""

    async def collect() -> list[Raw]:
        return [raw async for page in adapter.fetch() for raw in page.rows]

    return asyncio.run(collect())


def only_record(adapter: FileAdapter) -> Record:
    """Return the one record of a feed that has no other row."""
    result = pulled(adapter)
    assert (len(result.records), result.quarantined) == (1, [])
    return result.records[0]
