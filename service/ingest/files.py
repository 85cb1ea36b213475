"""Providers that are read from files in the vendor's own shape: what stands in for their live `fetch`."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from matching.model import Record
from service.core.errors import ProviderChanged, ProviderError
from service.ingest.decoding import DecodingError, decode
from service.ingest.protocol import Page, Raw
from service.ingest.values import dig, text

MAX_BYTES = 256 * 1024 * 1024
"""A file is decoded in memory, at about six times its size."""


class FileAdapter(ABC):
    """
    A provider whose answers lie in one folder, an answer a file.

    A live provider overrides `fetch` alone: `join` and `parse` know the vendor's shape, not where it came from.
    """

    name: ClassVar[str]
    setting: ClassVar[str]
    files: ClassVar[tuple[str, ...]]
    optional: ClassVar[tuple[str, ...]] = ()
    live: ClassVar[bool] = False
    heard_at: ClassVar[None] = None

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[Page]:  # noqa: ARG002 - files are read as a whole
        """Yield every row, joined from all files. Raises: ProviderError."""
        yield Page(await asyncio.to_thread(self._rows))

    async def expected(self, since: datetime | None = None) -> int | None:  # noqa: ARG002 - see fetch
        """Files announce nothing."""
        return None

    def unselected(self, raw: Raw) -> str | None:  # noqa: ARG002 - no settings select
        """Every row of a file is a device."""
        return None

    def goes_on_from(self, cursor: str) -> bool:  # noqa: ARG002 - there is none
        """A file may be another one by now."""
        return False

    async def one(self, record_id: str) -> Raw | None:  # noqa: ARG002 - the files were read to their end
        """What the files do not hold is not there."""
        return None

    async def check(self) -> list[tuple[str, str]]:
        """Return where the files are and how many rows they bring. Raises: ProviderError."""
        rows = await asyncio.to_thread(self._rows)
        return [("folder", str(self._folder)), ("rows", str(len(rows)))]

    @abstractmethod
    def join(self, answers: Mapping[str, Any]) -> Iterable[Raw]:
        """Yield a row a device from the vendor's answers, by file name; an optional one may be None."""

    @abstractmethod
    def parse(self, raw: Raw) -> Record:
        """Map one joined row. Raises: Unparsable."""

    def listed(self, answers: Mapping[str, Any], file: str, *path: str) -> list[Any]:
        """
        Return the list in an answer: the answer itself, or what it holds under `path`.

        Raises:
            ProviderChanged: There is no list.
        """
        answer = answers[file]
        found = answer if isinstance(answer, list) else dig(answer, *path)
        if not isinstance(found, list):
            where = "/".join(path) or "its top level"
            raise ProviderChanged(self.name, f"{self._folder / file} holds no list at {where}")
        return found

    def _rows(self) -> list[Raw]:
        answers = {file: self._answer(file) for file in (*self.files, *self.optional)}
        return list(self.join(answers))

    def _answer(self, file: str) -> Any:
        path = self._folder / file
        if file in self.optional and not path.exists():
            return None
        try:
            return decode(self._content(path))
        except DecodingError as error:
            where = f"{path}, line {error.line}, column {error.column}"
            raise ProviderChanged(self.name, f"{where}: {error.reason}") from None
        except OSError as error:
            raise ProviderError(self.name, f"{path} cannot be read: {error.strerror}; see {self.setting}") from None

    def _content(self, path: Path) -> bytes:
        if path.exists() and not path.is_file():
            raise ProviderError(self.name, f"{path} is no file; see {self.setting}")
        with path.open("rb") as file:
            content = file.read(self._max_bytes + 1)
        if len(content) > self._max_bytes:
            raise ProviderError(self.name, f"{path} is larger than {self._max_bytes:,} bytes; split the feed")
        return content


def by_id(rows: Iterable[object], field: str) -> dict[str, Raw]:
    """
    Return the objects of a list by the id they carry; what carries none belongs to nothing.

    Of several with one id the one with the most values stands, then the one with the greater JSON text:
    never the order in which they came.
    """
    groups = grouped(rows, field)
    return {key: same[0] if len(same) == 1 else max(same, key=_fullness) for key, same in groups.items()}


def grouped(rows: Iterable[object], field: str) -> dict[str, list[Raw]]:
    """Return all the objects of a list by the id they carry, in their order."""
    groups: dict[str, list[Raw]] = defaultdict(list)
    for row in rows:
        if isinstance(row, dict) and (key := key_of(row, field)):
            groups[key].append(row)
    return groups


def key_of(row: object, field: str) -> str:
    """Return an id for joining: text and number are alike; empty where there is none."""
    return (text(row, field) or "").strip()


def _fullness(row: Raw) -> tuple[int, str]:
    filled = sum(value is not None and value != "" for value in row.values())
    return filled, json.dumps(row, sort_keys=True)
