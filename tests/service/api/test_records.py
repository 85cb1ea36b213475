"""Records that other tools push in and take out."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import cast
from urllib.parse import quote, unquote

import pytest

from matching.model import Record
from service.intake.importing import import_rows, row_of
from tests.service.api.conftest import Client, application, asking
from tests.service.reports.fleets import empty_world, world_of

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
    ("row", "is_record"),
    [
        (
            r'{"provider": "edr", "id": "1", "name": "\ud800", "hostname": "a\u0000b", "extra": {"deep": "\udfff"}}',
            True,
        ),
        ('{"provider": "edr", "id": "1", "extra": NaN, "more": [Infinity, 1e999]}', False),
        ('{"provider": "edr", "id": "1", "extra": ' + "9" * 5000 + "}", False),
        ('{"provider": "edr", "id": "1", "extra": ' + "[" * 500 + "]" * 500 + "}", False),
        ('{"provider": "edr", "id": "1", "active": "yes", "macs": {"a": 1}, "links": [1, {"provider": "x"}]}', True),
        ('{"provider": "script", "id": "../../etc/passwd", "name": "\'; DROP TABLE records; --"}', True),
    ],
    ids=["surrogates", "not-finite", "huge-number", "deep", "wrong-types", "markup"],
)
def test_hostile_text_is_data_or_is_refused(empty: Client, row: str, *, is_record: bool) -> None:
    """Nothing that a provider sends breaks the service: it is taken in and shown as it is, or refused with a reason."""
    answer = empty.post("/v1/records", content=row, headers={"Content-Type": "application/json"})

    assert answer.status_code == 200
    assert answer.json()["data"][0]["status"] == ("created" if is_record else "rejected")
    assert empty.get("/v1/devices").status_code == 200
    for report in ("duplicates", "coverage"):
        for form in ("", ".csv"):
            assert empty.get(f"/v1/reports/{report}{form}").status_code == 200


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


def ask_as_written(client: Client, method: str, path: str) -> int:
    """Ask for a path that no client tidies up, and return the status."""
    connection = HTTPConnection(client.base_url.host, client.base_url.port or 80, timeout=60)
    connection.request(method, path)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    "path",
    ["a/b", "a%2Fb", "..", "../x", "%2E%2E", "%252F", "a%20b", "Zo%C3%AB", "%F0%9F%92%A9", "a:b", "a//b", "x/", "?"],
)
def test_a_record_is_read_and_deleted_by_any_id(empty: Client, path: str) -> None:
    """As it is written in the address or percent-encoded throughout; no other record is touched."""
    path = quote(path) if path == "?" else path
    row = {**ROW, "id": unquote(path)}
    for address in (path, quote(unquote(path), safe="")):
        empty.post("/v1/records", json=[row, {**ROW, "provider": "other"}, {**ROW, "id": "b"}])

        assert ask_as_written(empty, "GET", f"/v1/records/edr/{address}") == 200
        assert ask_as_written(empty, "DELETE", f"/v1/records/edr/{address}") == 204
        assert ask_as_written(empty, "GET", f"/v1/records/edr/{address}") == 404
        assert empty.get("/v1/records/other/tenant%2F7").status_code == 200
        assert empty.get("/v1/records/edr/b").status_code == 200


def test_a_slash_in_a_providers_name_hits_no_other_record(tmp_path: Path) -> None:
    """New names hold none; records under one that was stored before are read and deleted percent-encoded."""
    mine, theirs = {**ROW, "provider": "a", "id": "b/c"}, {**ROW, "provider": "a/b", "id": "c"}
    world = world_of(tmp_path, mine)
    import_rows(world, [row_of(cast("Record", theirs))])
    with asking(application(world)) as client:
        assert client.get("/v1/records/a/b/c").json()["record"] == "a:b/c"
        assert client.get("/v1/records/a%2Fb/c").json()["record"] == "a/b:c"
        assert client.delete("/v1/records/a%2Fb/c").status_code == 204
        assert client.get("/v1/records/a/b/c").status_code == 200
        [refused] = client.post("/v1/records", json=theirs).json()["data"]

    assert (refused["status"], refused["pointer"]) == ("rejected", "/provider")


@pytest.mark.parametrize("address", ["edr/%FF", "%FF/1", "edr/%00", "edr", "edr/", "%2F/%2F"])
def test_an_address_that_names_no_record_is_no_failure(empty: Client, address: str) -> None:
    """It is not found, or is no UTF-8."""
    assert ask_as_written(empty, "GET", f"/v1/records/{address}") in {400, 404, 405}
    assert ask_as_written(empty, "DELETE", f"/v1/records/{address}") in {400, 404, 405}
