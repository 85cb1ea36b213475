"""Records that other tools push in and take out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.api.conftest import Client, application, asking
from tests.service.reports.fleets import empty_world

ROW = {"provider": "edr", "id": "tenant/7", "company": "Acme", "hostname": "srv-1", "serial": "5CG1234ABC"}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Client]:
    """A client of a service in which nothing is yet."""
    with asking(application(empty_world(tmp_path))) as client:
        yield client


def test_one_record_goes_in_and_comes_out(empty: Client) -> None:
    """Pushed, it can be looked up at once; deleted, it is gone; an id may hold slashes."""
    [pushed] = empty.post("/v1/records", json=ROW).json()["data"]

    assert (pushed["status"], pushed["record"]) == ("created", "edr:tenant/7")
    [device] = empty.get("/v1/lookup", params={"identifier": "5cg1234abc"}).json()["data"]
    assert device["id"] == pushed["device_id"]

    assert empty.delete("/v1/records/edr/tenant%2F7").status_code == 204
    assert empty.get("/v1/lookup", params={"identifier": "5cg1234abc"}).json()["data"] == []
    assert empty.delete("/v1/records/edr/tenant/7").status_code == 404


def test_a_second_push_says_what_changed(empty: Client) -> None:
    """The same again is unchanged; another value is a change of the same record."""
    statuses = [
        empty.post("/v1/records", json=row).json()["data"][0]["status"]
        for row in (ROW, ROW, {**ROW, "status": "Spare"})
    ]

    assert statuses == ["created", "unchanged", "changed"]


def test_a_wrong_row_never_spoils_the_others(empty: Client) -> None:
    """Each row has an answer of its own, in order; what is no record is rejected with the reason."""
    rows = [ROW, 5, None, {"provider": "edr"}, [], "hunter2", {**ROW, "id": "8", "serial": "To be filled by O.E.M."}]

    answers = empty.post("/v1/records", json=rows).json()["data"]

    assert [answer["status"] for answer in answers] == ["created", *["rejected"] * 5, "created"]
    assert all(answer["reason"] for answer in answers[1:6])
    assert [value["kind"] for value in answers[6]["suppressed"]] == ["serial"]
    assert len(empty.get("/v1/devices").json()["data"]) >= 1


@pytest.mark.parametrize(
    "row",
    [
        r'{"provider": "edr", "id": "1", "name": "\ud800", "hostname": "a\u0000b", "extra": {"deep": "\udfff"}}',
        '{"provider": "edr", "id": "1", "extra": NaN, "more": [Infinity, 1e999]}',
        '{"provider": "edr", "id": "1", "extra": ' + "9" * 5000 + "}",
        '{"provider": "edr", "id": "1", "extra": ' + "[" * 500 + "]" * 500 + "}",
        '{"provider": "edr", "id": "1", "active": "yes", "macs": {"a": 1}, "links": [1, {"provider": "x"}]}',
        '{"provider": "<script>", "id": "../../etc/passwd", "name": "\'; DROP TABLE records; --"}',
    ],
    ids=["surrogates", "not-finite", "huge-number", "deep", "wrong-types", "markup"],
)
def test_hostile_text_is_data_or_is_refused(empty: Client, row: str) -> None:
    """Nothing that a provider sends breaks the service: it is taken in and shown as it is, or refused with a reason."""
    answer = empty.post("/v1/records", content=row, headers={"Content-Type": "application/json"})

    assert answer.status_code in {200, 400, 422}
    assert empty.get("/v1/devices").status_code == 200
    for report in ("duplicates", "coverage"):
        for format in ("json", "csv"):
            assert empty.get(f"/v1/reports/{report}", params={"format": format}).status_code == 200


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ("{", "application/json", 400),
        ("[" + "1," * 1000 + "1]", "application/json", 422),
        ("{}", "application/x-www-form-urlencoded", 415),
        ("[" * 100_000, "application/json", 400),
        (" " * (8 * 1024 * 1024 + 1), "application/json", 413),
    ],
    ids=["cut", "too-many", "form", "too-deep", "too-large"],
)
def test_a_body_that_cannot_be_read_is_refused_whole(empty: Client, content: str, media_type: str, status: int) -> None:
    """Not JSON, too many, too large: one problem, and nothing is stored."""
    answer = empty.post("/v1/records", content=content, headers={"Content-Type": media_type})

    assert answer.status_code == status
    assert empty.get("/v1/devices").json()["data"] == []
