"""Bodies of records: JSON or NDJSON, plain or gzip, and none that costs more than its bound."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.api.conftest import Client, application, asking
from tests.service.reports.fleets import empty_world

ROWS: list[dict[str, Any]] = [{"provider": "edr", "id": str(each), "serial": f"5CG1234AB{each}"} for each in range(3)]
JSON, NDJSON = "application/json", "application/x-ndjson"
LINES = b"\n".join(json.dumps(row).encode() for row in ROWS)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a service in which nothing is yet."""
    with asking(application(empty_world(tmp_path_factory.mktemp("store")))) as client:
        yield client


def push(client: Client, content: bytes, media_type: str = NDJSON, encoding: str | None = None) -> httpx.Response:
    """Push a body as it is."""
    headers = {"Content-Type": media_type} | ({"Content-Encoding": encoding} if encoding else {})
    return client.post("/v1/records", content=content, headers=headers)


def statuses(answer: httpx.Response) -> list[str]:
    """Return what became of each record."""
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["data"]]


@pytest.mark.parametrize(
    ("content", "media_type", "encoding"),
    [
        (json.dumps(ROWS).encode(), JSON, None),
        (LINES, NDJSON, None),
        (b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n\r\n"), "application/x-ndjson; charset=UTF-8", None),
        (gzip.compress(json.dumps(ROWS).encode(), mtime=0), JSON, "gzip"),
        (gzip.compress(LINES, mtime=0), NDJSON, "GZIP"),
        (gzip.compress(LINES[:50], mtime=0) + gzip.compress(LINES[50:], mtime=0), NDJSON, "gzip"),
    ],
    ids=["json", "ndjson", "windows", "json-gzip", "ndjson-gzip", "two-streams"],
)
def test_the_same_records_come_in_each_form(
    tmp_path: Path, content: bytes, media_type: str, encoding: str | None
) -> None:
    """A list or a record a line, as it is or compressed."""
    with asking(application(empty_world(tmp_path))) as client:
        assert statuses(push(client, content, media_type, encoding)) == ["created"] * 3
        assert len(client.get("/v1/devices").json()["data"]) == 3


def test_a_line_that_cannot_be_read_is_answered_and_the_others_go_in(client: Client) -> None:
    """Each with the reason, a code and a place, in order."""
    twice, large = (
        b'{"provider":"edr","id":"8","id":"9"}',
        b'{"provider":"edr","id":"9","x":"' + b"y" * 1_048_576 + b'"}',
    )
    answer = push(client, b"\n".join([b"{", twice, large, b"NaN", b'{"provider":"edr","id":"7"}']))

    assert statuses(answer) == ["rejected"] * 4 + ["created"]
    assert [(each["code"], each["pointer"]) for each in answer.json()["data"]] == [
        ("malformed", ""),
        ("malformed", ""),
        ("too_large", ""),
        ("malformed", ""),
        (None, None),
    ]
    assert "twice" in answer.json()["data"][1]["reason"]


def test_a_value_that_is_refused_costs_its_own_record(client: Client) -> None:
    """Also in a list: two programs must not read one member differently."""
    rows = ('"id":"20","x":{"n":1,"n":2}', '"id":"21","x":NaN', '"id":"22"')
    listed = ",".join(f'{{"provider":"edr",{row}}}' for row in rows)
    answer = push(client, f"[{listed}]".encode(), JSON)

    assert statuses(answer) == ["rejected", "rejected", "created"]
    assert [(each["record"], each["pointer"]) for each in answer.json()["data"][:2]] == [
        ("edr:20", "/x"),
        ("edr:21", "/x"),
    ]


@pytest.mark.parametrize(
    ("content", "media_type", "encoding", "status", "said"),
    [
        (json.dumps(ROWS).encode("utf-16"), JSON, None, 400, "UTF-16"),
        (LINES.decode().encode("utf-16-le"), NDJSON, None, 400, "UTF-16"),
        (b'[{"provider":"edr\xff"}]', JSON, None, 400, "not UTF-8"),
        (b"", JSON, None, 400, "not JSON"),
        (LINES, NDJSON, "gzip", 400, "no gzip stream"),
        (gzip.compress(LINES, mtime=0)[:-9], NDJSON, "gzip", 400, "cut off"),
        (b"", NDJSON, "gzip", 400, "cut off"),
        (zlib.compress(LINES), NDJSON, "deflate", 415, "plain or as gzip"),
        (LINES, NDJSON, "br", 415, "plain or as gzip"),
        (LINES, NDJSON, "gzip, gzip", 415, "plain or as gzip"),
        (LINES, "text/csv", None, 415, "application/x-ndjson"),
        (LINES, "application/x-ndjson; charset=utf-16", None, 415, "UTF-8"),
        (b"\n".join([b"{}"] * 1001), NDJSON, None, 422, "1,000 records"),
        (gzip.compress(b" " * (8 * 1024 * 1024 + 1), mtime=0), NDJSON, "gzip", 413, "8,388,608 bytes, unpacked"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(  # noqa: PLR0917 - a body and its refusal
    client: Client, content: bytes, media_type: str, encoding: str | None, status: int, said: str
) -> None:
    """400 is malformed, 413 too large, 415 not understood, 422 too many."""
    answer = push(client, content, media_type, encoding)

    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert status != 415 or encoding is None or answer.headers["Accept-Encoding"] == "gzip"


def test_a_compressed_bomb_is_given_up_at_the_bound(client: Client) -> None:
    """Four megabytes that would be four thousand are not unpacked."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    content = b"".join(bomb.compress(b"\n" * 1024 * 1024) for _ in range(512)) + bomb.flush()

    assert len(content) < 1024 * 1024
    assert push(client, content, NDJSON, "gzip").status_code == 413
    assert client.get("/livez").status_code == 200
