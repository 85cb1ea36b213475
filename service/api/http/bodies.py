"""The bodies in which records and lists come: JSON, NDJSON or CSV, plain or gzip, read as a stream up to a bound."""

import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from service.api.http.edge import LARGEST_BODY
from service.api.schemas.billed import BilledQuantity, billed_list
from service.api.schemas.records import FeedLink, FeedRecord
from service.core.errors import DecodingError, MalformedBody
from service.ingest.admission import MAX_RECORD, Rejection, Unreadable, is_utf16, read_json
from service.reports.catalogue.billing.billed import BilledList, read_billed

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
GZIP = {"gzip", "x-gzip"}  # RFC 9110, section 8.4.1.3
GZIP_WINDOW = 16 + zlib.MAX_WBITS
PIECE = 64 * 1024


@dataclass(frozen=True)
class RecordsBody:
    """The plain bytes of a body, and whether it has a record on each line."""

    content: bytes
    is_ndjson: bool

    def rows(self) -> Iterator[Any]:
        """
        Yield the rows, one or a list of them, or a row a line; what cannot be read of a line is `Unreadable`.

        Raises:
            MalformedBody: The body as a whole cannot be read.
        """
        if is_utf16(self.content):
            raise MalformedBody("not UTF-8: the body is UTF-16 or UTF-32 text; send it as UTF-8")
        if self.is_ndjson:
            yield from (_row(line.rstrip()) for line in BytesIO(self.content) if line.strip())
            return
        try:
            body = read_json(self.content)
        except DecodingError as error:
            raise MalformedBody(f"not JSON: {error}") from None
        yield from body if isinstance(body, list) else [body]


def records_body(largest_ndjson: int = LARGEST_BODY) -> Callable[[Request], Awaitable[RecordsBody]]:
    """
    Return the dependency that reads a body of records of at most so many bytes, unpacked.

    JSON is decoded as a whole, which takes many times its size: there it is `LARGEST_BODY` at most.
    """

    async def read(request: Request) -> RecordsBody:
        written, _, parameters = request.headers.get("content-type", "").partition(";")
        media_type = written.strip().lower()
        if media_type not in {JSON, NDJSON} or not _is_utf8(parameters):
            raise HTTPException(415, f"send records as {JSON} or {NDJSON}, in UTF-8; say which with Content-Type")
        is_ndjson = media_type == NDJSON
        return RecordsBody(await _unpacked(request, largest_ndjson if is_ndjson else LARGEST_BODY), is_ndjson)

    return read


async def billed_body(request: Request) -> BilledList:
    """
    Read a body of billed quantities: a CSV file in whatever encoding, or a JSON array, of at most `LARGEST_BODY` bytes.

    Raises:
        MalformedBody: It is no such file.
        RequestValidationError: An item of the array is wrong, or it is no JSON.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in {CSV, JSON}:
        raise HTTPException(415, f"send billed quantities as {CSV} or {JSON}; say which with Content-Type")
    content = await _unpacked(request, LARGEST_BODY)
    try:
        return await run_in_threadpool(read_billed if media_type == CSV else billed_list, content)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in wrong]) from None


async def _unpacked(request: Request, largest: int) -> bytes:
    """Read a body, plain or gzip, up to a bound."""
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", *GZIP}:
        raise HTTPException(415, "send the body plain or as gzip", {"Accept-Encoding": "gzip"})
    content = bytearray()
    unpacker = _Gunzip() if encoding in GZIP else None
    async for piece in request.stream():
        for part in unpacker.unpacked(piece) if unpacker else [piece]:
            content += part
            if len(content) > largest:
                raise HTTPException(413, f"a body may hold {largest:,} bytes, unpacked; send less in a request")
    if unpacker and not unpacker.is_whole:
        raise MalformedBody("the gzip stream is cut off")
    return bytes(content)


def described(many: str) -> dict[str, Any]:
    """Return the description of such a body for the OpenAPI document."""
    one = {"$ref": "#/components/schemas/FeedRecord"}
    listed = {"type": "array", "items": one}
    return {
        "requestBody": {
            "required": True,
            "description": f"{many} As it is or, with `Content-Encoding: gzip`, compressed.",
            "content": {
                JSON: {"schema": {"anyOf": [one, listed]}},
                NDJSON: {"schema": {"type": "string", "description": "A record on each line, in UTF-8."}},
            },
        }
    }


def described_billed() -> dict[str, Any]:
    """Return the description of a body of billed quantities for the OpenAPI document."""
    items = {"type": "array", "items": {"$ref": "#/components/schemas/BilledQuantity"}}
    return {
        "requestBody": {
            "required": True,
            "description": (
                "What is billed, in at most 8,388,608 bytes, as it is or, with `Content-Encoding: gzip`, compressed."
            ),
            "content": {
                JSON: {"schema": items},
                CSV: {"schema": {"type": "string", "description": "Columns company, product, quantity, and price."}},
            },
        }
    }


def schemas() -> dict[str, Any]:
    """Return the schemas that `described` and `described_billed` refer to, for the OpenAPI document."""
    models: tuple[type[BaseModel], ...] = (FeedLink, FeedRecord, BilledQuantity)
    found = {model.__name__: model.model_json_schema(ref_template="#/components/schemas/{model}") for model in models}
    for schema in found.values():
        schema.pop("$defs", None)
    return found


class _Gunzip:
    """Unpacks a gzip stream piece by piece, a little at a time: a small piece may hold a thousand times its size."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(GZIP_WINDOW)

    @property
    def is_whole(self) -> bool:
        """Whether the stream has come to its end."""
        return self._stream.eof

    def unpacked(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece holds. Raises: MalformedBody."""
        try:
            while piece:
                if self._stream.eof:  # a stream may follow on a stream
                    self._stream = zlib.decompressobj(GZIP_WINDOW)
                yield self._stream.decompress(piece, PIECE)
                piece = self._stream.unused_data or self._stream.unconsumed_tail
        except zlib.error:
            raise MalformedBody("the body is no gzip stream") from None


def _row(line: bytes) -> Any:
    if len(line) > MAX_RECORD:
        return Unreadable(f"a line of more than {MAX_RECORD:,} bytes", Rejection.TOO_LARGE)
    try:
        return read_json(line)
    except DecodingError as error:
        return Unreadable(f"not JSON: {error.reason} (column {error.column})")


def _is_utf8(parameters: str) -> bool:
    """Whether the parameters of a media type name no other charset."""
    pairs = (each.partition("=") for each in parameters.lower().split(";"))
    charsets = [value.strip().strip('"') for name, _, value in pairs if name.strip() == "charset"]
    return all(charset in {"utf-8", "utf8"} for charset in charsets)
