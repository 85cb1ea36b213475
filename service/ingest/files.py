"""Providers that are read from files in the vendor's own shape, in place of a `fetch` that asks the vendor."""

import asyncio
import json
from abc import abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from matching.model import Record
from service.core.errors import DecodingError, ProviderChanged, ProviderError
from service.core.settings import FeedFolder
from service.ingest.decoding import decode
from service.ingest.fields import dig, text
from service.ingest.protocol import Adapter, FetchedPage, Raw

MAX_BYTES = 256 * 1024 * 1024
"""A file is decoded in memory, which takes about six times its size."""


class FileAdapter(Adapter):
    """
    A provider whose answers lie in one folder, each in a file of its own.

    A live provider overrides `fetch` alone: `join` and `parse` know the vendor's shape, not where it came from.
    """

    name: ClassVar[str]
    setting: ClassVar[str]
    files: ClassVar[tuple[str, ...]]
    optional: ClassVar[tuple[str, ...]] = ()

    def __init__(self, section: FeedFolder, max_bytes: int = MAX_BYTES) -> None:
        self._folder = section.folder
        self._max_bytes = max_bytes

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:  # noqa: ARG002 - files are read as a whole
        """Yield every row, joined from all files, as one page. Raises: ProviderError."""
        yield FetchedPage(await asyncio.to_thread(self._rows))

    async def check(self) -> list[tuple[str, str]]:
        """Return where the files are and how many rows they bring. Raises: ProviderError."""
        return [("folder", str(self._folder)), *await super().check()]

    @abstractmethod
    def join(self, answers: Mapping[str, Any]) -> Iterable[Raw]:
        """Yield one row for each device; `answers` are by file name, and that of an optional file may be None."""

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
    Return the objects of a list by the id in that field; those without one are left out.

    Of several with one id the one with the most values stands, then the one with the greater JSON text: the order in
    which they came decides nothing.
    """
    groups = grouped(rows, field)
    return {key: same[0] if len(same) == 1 else max(same, key=_fullness) for key, same in groups.items()}


def grouped(rows: Iterable[object], field: str) -> dict[str, list[Raw]]:
    """Return all the objects of a list by the id in that field, in their order; those without one are left out."""
    groups: dict[str, list[Raw]] = defaultdict(list)
    for row in rows:
        if isinstance(row, dict) and (key := key_of(row, field)):
            groups[key].append(row)
    return groups


def key_of(row: object, field: str) -> str:
    """Return the id in a field, as text: one list may write 7 where another writes "7"; "" where there is none."""
    return (text(row, field) or "").strip()


def _fullness(row: Raw) -> tuple[int, str]:
    filled = sum(value is not None and value != "" for value in row.values())
    return filled, json.dumps(row, sort_keys=True)
