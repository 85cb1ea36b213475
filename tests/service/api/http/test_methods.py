"""HEAD is answered wherever GET is, and a 405 names every method of the path."""

from typing import Any

import pytest

from tests.service.api.conftest import Client, the_document

PLAIN = [path for path, item in the_document()["paths"].items() if "get" in item and "{" not in path]
QUERIES = {"/v1/lookup": "?identifier=VM9", "/v1/explain": "?left=cw_manage:4711&right=cw_rmm:A-18"}


@pytest.mark.parametrize("path", [*PLAIN, "/docs", "/openapi.json", "/v1/devices/none", "/v1/reports/duplicates.csv"])
def test_head_is_answered_as_get_without_a_body(client: Client, path: str) -> None:
    """Status and headers are the same, and nothing follows them; a report that is sent as it is read has no length."""
    asked = path + QUERIES.get(path, "")
    got, head = client.get(asked), client.request("HEAD", asked)

    assert head.status_code == got.status_code
    assert head.content == b""
    is_streamed = got.headers.get("transfer-encoding") == "chunked"
    assert {"content-type", *(() if is_streamed else ("content-length",))} <= head.headers.keys()
    assert is_streamed == asked.startswith("/v1/reports/")
    assert without_date(head.headers) == without_date(got.headers)


BY_ANSWER = {"date", "content-length", "transfer-encoding", "x-request-id"}
"""Headers that differ from answer to answer, or tell of a body."""


def without_date(headers: Any) -> dict[str, str]:
    """Return headers but for those that differ from answer to answer."""
    return {name: value for name, value in headers.items() if name not in BY_ANSWER}


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/decisions", "GET, POST, HEAD"),
        ("PATCH", "/v1/decisions/none", "GET, DELETE, HEAD"),
        ("DELETE", "/v1/lookup", "GET, POST, HEAD"),
        ("POST", "/v1/reports/duplicates.csv", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
        ("HEAD", "/v1/records", "POST"),
    ],
)
def test_a_405_names_all_methods(client: Client, method: str, path: str, allow: str) -> None:
    """Also those of other operations on the same path."""
    answer = client.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
