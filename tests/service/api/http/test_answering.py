"""Bodies are written from stored text; what is no body is a defect, and not an answer."""

from pathlib import Path

import pytest
from fastapi import Request

from service.api.http.answering import answered, tagged
from service.store.engine import open_store
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both


@pytest.mark.parametrize(
    ("known", "status"),
    [(None, 200), ("", 200), ('"x"', 200), ("*", 304), ("TAG", 304), ('"x", TAG', 304), ("xTAG", 200), ("TAG,", 304)],
)
def test_a_known_tag_is_answered_without_a_body(known: str | None, status: int) -> None:
    """Of several tags one has to be it."""
    tag = tagged(_request(None), answered({"a": 1})).headers["etag"]
    answer = tagged(_request(known and known.replace("TAG", tag)), answered({"a": 1}))

    assert (answer.status_code, answer.headers["etag"]) == (status, tag)
    assert answer.body == (b'{"a":1}' if status == 200 else b"")
    assert tagged(_request(tag), answered({"a": 2})).status_code == 200


def test_what_no_answer_holds_is_refused() -> None:
    """An object of ours would be written in a way that no schema says."""
    with pytest.raises(TypeError, match="Request"):
        answered({"a": _request(None)})


@on_both
def test_an_embedded_store_is_read_at_once_and_a_server_is_waited_for(database: str, tmp_path: Path) -> None:
    """Which of the two it is, its address says."""
    assert Sandbox(tmp_path).store.is_embedded is (database == "sqlite")
    assert open_store("sqlite:///x.db").is_embedded


def _request(known: str | None) -> Request:
    headers = [] if known is None else [(b"if-none-match", known.encode())]
    return Request({"type": "http", "headers": headers})
