"""What goes wrong on demand, seen as a client sees it."""

import json
import re
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
    LastLink,
    Late,
    NoCompanies,
    PageSizeLimit,
    ShortPages,
    failing,
    garbage,
    invalid,
    login_page,
    not_permitted,
    throttled,
    unroutable,
)
from service.demo.connectwise.named_faults import NAMED_FAULTS, named_fault
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


@pytest.mark.parametrize("status", [401, 403])
def test_what_the_role_does_not_allow_has_the_code_of_a_wrong_address(
    fake: Starlette, client: httpx.Client, status: int
) -> None:
    """`Security`, with no list of errors."""
    fake.state.faults.plan(not_permitted(status))
    answer = client.get(PATH)

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"]) == (status, "Security", None)
    assert "permission" in answer.json()["message"]


def test_a_400_comes_in_three_forms(fake: Starlette, client: httpx.Client) -> None:
    """Plain text of a gateway, an inner error that names a field, and one that names none."""
    for fault in (unroutable(), invalid("conditions"), failing(400, "BadRequest")):
        fake.state.faults.plan(fault)
    text, named, bare = (client.get(PATH) for _ in range(3))

    assert {answer.status_code for answer in (text, named, bare)} == {400}
    assert (text.headers["content-type"], text.text) == (
        "text/plain; charset=utf-8",
        "Cannot route. Codebase/company is invalid",
    )
    assert [error["field"] for error in named.json()["errors"]] == ["conditions"]
    assert bare.json()["errors"] == []


def test_a_page_size_has_a_limit(fake: Starlette, client: httpx.Client) -> None:
    """Beyond it 400 names the parameter; up to it, and where no size is asked for, all is well."""
    fake.state.faults.plan(PageSizeLimit(3), times=None)
    refused = client.get(PATH, params={"pageSize": 4})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "pageSize")
    assert len(client.get(PATH, params={"pageSize": 3}).json()) == 3
    assert client.get(f"{PATH}/count").json() == {"count": 7}


def test_a_gateway_serves_pages_of_its_own_size(fake: Starlette, client: httpx.Client) -> None:
    """Whatever is asked; each page but the last has a link, and a smaller size that is asked for stays."""
    fake.state.faults.plan(ShortPages(5), times=None)
    first = client.get(PATH, params={"pageSize": 1000}, headers=FORWARD)
    last = client.get(first.links["next"]["url"], headers=FORWARD)

    assert [row["id"] for row in first.json() + last.json()] == [row["id"] for row in CONFIGURATIONS]
    assert (len(first.json()), last.links) == (5, {})
    assert len(client.get(PATH, params={"pageSize": 2}).json()) == 2


@pytest.mark.parametrize(("address", "target"), [(True, r"http://.*&pageId=13"), (False, "")])
def test_a_last_page_may_name_a_next_one(fake: Starlette, client: httpx.Client, address: bool, target: str) -> None:
    """In both forms; the rows are the real ones, and what has a link keeps it."""
    fake.state.faults.plan(LastLink(address), times=None)
    answer = client.get(PATH, params={"pageSize": 1000}, headers=FORWARD)
    full = client.get(PATH, params={"pageSize": 2}, headers=FORWARD)

    assert answer.json() == CONFIGURATIONS
    assert re.fullmatch(f'<{target}>; rel="next"', answer.headers["link"])
    assert full.links["next"]["url"].endswith("pageId=2")
    if address:
        behind = client.get(answer.links["next"]["url"], headers=FORWARD)
        assert (behind.json(), behind.links["next"]["url"]) == ([], answer.links["next"]["url"])


def test_a_role_may_see_no_companies(fake: Starlette, client: httpx.Client) -> None:
    """The field is missing in every row, in a list and alone, and all else is there."""
    fake.state.faults.plan(NoCompanies(), times=None)
    rows = [{name: value for name, value in row.items() if name != "company"} for row in CONFIGURATIONS]

    assert client.get(PATH).json() == rows
    assert client.get(f"{PATH}/1").json() == rows[0]
    assert client.get(f"{PATH}/count").json() == {"count": 7}


@pytest.mark.parametrize("name", NAMED_FAULTS)
def test_each_fault_that_the_command_knows_has_an_effect(fake: Starlette, client: httpx.Client, name: str) -> None:
    """On a list that asks for many rows a page: another status, another body or another link."""
    query = {"pageSize": 1000}
    before = client.get(PATH, params=query, headers=FORWARD)
    fake.state.faults.plan(named_fault(f"{name}=3" if NAMED_FAULTS[name].number else name))
    after = client.get(PATH, params=query, headers=FORWARD)

    def shown(answer: httpx.Response) -> tuple[int, bytes, str | None]:
        return answer.status_code, answer.content, answer.headers.get("link")

    assert shown(after) != shown(before)


@pytest.mark.parametrize("text", ["", "nonsense", "cut=3", "short-pages=x", "short-pages=0", "short-pages=-1"])
def test_a_fault_that_there_is_not_is_refused(text: str) -> None:
    """With its name, and those that there are where it is none of them."""
    with pytest.raises(ValueError, match="fault"):
        named_fault(text)
