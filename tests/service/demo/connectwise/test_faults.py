"""What goes wrong on demand, seen as a client sees it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Thread

import httpx
import pytest
from starlette.applications import Starlette

from service.demo.connectwise.faults import (
    AfterCall,
    Answer,
    Cut,
    Fault,
    IgnoredCursor,
    Late,
    failing,
    garbage,
    login_page,
    throttled,
)
from tests.service.demo.connectwise.contract import MEDIA_TYPE
from tests.service.demo.connectwise.sample import CONFIGURATIONS, FORWARD, configuration

PATH = "/company/configurations"
AT = datetime(2026, 11, 23, 8, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("retry_after", "header"),
    [
        (7, "7"),
        (AT, "Mon, 23 Nov 2026 08:00:05 GMT"),
        ("soon", "soon"),
        (None, None),
    ],
)
def test_too_many_requests_has_a_body_of_its_own(
    fake: Starlette, client: httpx.Client, retry_after: int | str | datetime | None, header: str | None
) -> None:
    """`{error, message}`, and each form of Retry-After: seconds, a date, rubbish, none."""
    fake.state.faults.plan(throttled(retry_after))
    answer = client.get(PATH)

    assert answer.status_code == 429
    assert answer.headers.get("retry-after") == header
    assert answer.json().keys() == {"error", "message"}


def test_a_retry_date_is_read_back_as_the_moment_it_was(fake: Starlette, client: httpx.Client) -> None:
    """The date is in the form of RFC 9110 and in GMT."""
    fake.state.faults.plan(throttled(AT))

    assert parsedate_to_datetime(client.get(PATH).headers["retry-after"]) == AT


def test_faults_come_one_after_another_and_then_all_is_well(fake: Starlette, client: httpx.Client) -> None:
    """A burst of each, in the order planned."""
    fake.state.faults.plan(failing(503), times=2)
    fake.state.faults.plan(throttled(1))
    fake.state.faults.plan(failing(500), skip=1)

    assert [client.get(PATH).status_code for _ in range(6)] == [503, 503, 429, 200, 500, 200]
    assert fake.state.log.statuses() == [503, 503, 429, 200, 500, 200]


@pytest.mark.parametrize("status", [403, 500, 502, 503, 504])
def test_a_failure_has_the_usual_body(fake: Starlette, client: httpx.Client, status: int) -> None:
    """`{code, message, errors}`, for a missing role as for a server in trouble."""
    fake.state.faults.plan(failing(status, "Some", "words"))
    answer = client.get(PATH)

    assert (answer.status_code, answer.json()) == (status, {"code": "Some", "message": "words", "errors": []})


def test_a_fault_waits_for_its_path(fake: Starlette, client: httpx.Client) -> None:
    """Other paths are served meanwhile and do not use it up."""
    fake.state.faults.plan(failing(500), path=f"{PATH}/count")

    assert [client.get(path).status_code for path in (PATH, "/system/info", f"{PATH}/1")] == [200] * 3
    assert [client.get(f"{PATH}/count").status_code for _ in range(2)] == [500, 200]


def test_a_fault_may_last_from_some_page_on_until_it_is_cleared(fake: Starlette, client: httpx.Client) -> None:
    """`skip` lets the first pages through and `times=None` has no end."""
    fake.state.faults.plan(failing(502), skip=2, times=None, path=PATH)

    assert [client.get(PATH).status_code for _ in range(5)] == [200, 200, 502, 502, 502]
    fake.state.faults.clear()
    assert client.get(PATH).status_code == 200


def test_truncated_json_arrives_whole_and_does_not_parse(fake: Starlette, client: httpx.Client) -> None:
    """A valid beginning of the real body with an honest length: HTTP sees nothing wrong."""
    whole = client.get(PATH).content
    fake.state.faults.plan(Cut(honest=True))
    answer = client.get(PATH)

    assert answer.status_code == 200
    assert len(answer.content) == len(whole) // 2
    assert whole.startswith(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_connection_drops_in_mid_body(fake: Starlette, client: httpx.Client) -> None:
    """Half of the body comes, then the connection closes; the next request is served on a new one."""
    fake.state.faults.plan(Cut(honest=False))

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        client.get(PATH)
    assert client.get(PATH).status_code == 200


def test_a_slow_answer_runs_into_the_client_s_limit(fake: Starlette, client: httpx.Client) -> None:
    """The server waits only as long as somebody waits for it."""
    fake.state.faults.plan(Late(60))

    with pytest.raises(httpx.ReadTimeout):
        client.get(PATH, timeout=0.05)
    assert client.get(PATH).status_code == 200


def test_a_late_answer_is_the_real_one(fake: Starlette, client: httpx.Client) -> None:
    """For a client that is patient enough."""
    fake.state.faults.plan(Late(0.01))

    assert client.get(PATH).json() == CONFIGURATIONS


@pytest.mark.parametrize(
    ("fault", "content_type", "beginning"),
    [
        (login_page(), "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        (garbage(), MEDIA_TYPE, b"Service is starting"),
        (garbage(b""), MEDIA_TYPE, b""),
        (garbage(b"\xff\xfe\x00"), MEDIA_TYPE, b"\xff\xfe"),
        (Answer(200, b'{"id": 1}'), MEDIA_TYPE, b'{"id": 1}'),
        (Answer(200, b"null"), MEDIA_TYPE, b"null"),
    ],
)
def test_200_may_be_no_answer_at_all(
    fake: Starlette, client: httpx.Client, fault: Fault, content_type: str, beginning: bytes
) -> None:
    """A login page, text, nothing, bytes that are no text, JSON of another shape: all under status 200."""
    fake.state.faults.plan(fault)
    answer = client.get(PATH)

    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert answer.content.startswith(beginning)


def test_rows_come_and_go_between_two_pages(fake: Starlette, client: httpx.Client) -> None:
    """Before the second page a row behind the cursor is removed: offsets skip row 5, the cursor does not."""

    def shift() -> None:
        fake.state.rows.remove(1)
        fake.state.rows.put(configuration(20, "LT-20", "Workstation", "Acme Inc."))

    def read(second: dict[str, int], headers: dict[str, str]) -> list[int]:
        fake.state.faults.plan(AfterCall(shift), skip=1)
        pages = [client.get(PATH, params={"pageSize": 3, **more}, headers=headers) for more in ({}, second)]
        fake.state.rows.put(CONFIGURATIONS[0])
        fake.state.rows.remove(20)
        return [row["id"] for page in pages for row in page.json()]

    assert read({"page": 2}, {}) == [1, 2, 3, 8, 9, 13]
    assert read({"pageId": 3}, FORWARD) == [1, 2, 3, 5, 8, 9]


def test_a_cursor_may_not_advance(fake: Starlette, client: httpx.Client) -> None:
    """The server forgets `pageId`, and page 1 comes again with everything else as asked."""
    fake.state.faults.plan(IgnoredCursor(), times=None)
    query: dict[str, str | int] = {"pageSize": 2, "pageId": 5, "fields": "id", "conditions": 'type/name like "%e%"'}

    assert client.get(PATH, params=query, headers=FORWARD).json() == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize("fault", [failing(500), login_page(), throttled(1)])
def test_faults_come_before_the_check_of_credentials(fake: Starlette, client: httpx.Client, fault: Fault) -> None:
    """As from a gateway in front of the server."""
    fake.state.faults.plan(fault)
    answer = client.get(PATH, headers={"Authorization": "Basic no"})

    assert answer.status_code == (fault.status if isinstance(fault, Answer) else None)


def test_plans_from_many_threads_are_all_carried_out(fake: Starlette, client: httpx.Client) -> None:
    """No plan is lost and none is carried out twice, whoever makes them."""

    def in_threads(call: Callable[[], None]) -> None:
        threads = [Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def ask() -> None:
        for _ in range(3):
            client.get("/system/info")

    in_threads(lambda: fake.state.faults.plan(failing(503), times=2))
    in_threads(ask)

    assert sorted(fake.state.log.statuses()) == [200] * 8 + [503] * 16
