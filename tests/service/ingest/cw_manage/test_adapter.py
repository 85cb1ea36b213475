"""The adapter against a server that behaves as ConnectWise Manage does, over real HTTP on loopback."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx
import pytest
from starlette.applications import Starlette

from service.core.errors import (
    NotFound,
    ProviderChanged,
    ProviderError,
    ProviderRefused,
    ProviderUnavailable,
    SettingsError,
)
from service.demo.connectwise.faults import (
    AfterCall,
    Cut,
    Fault,
    IgnoredCursor,
    Late,
    failing,
    garbage,
    login_page,
    throttled,
)
from service.demo.connectwise.server import create_fake, running
from service.ingest.cw_manage import CwManage
from service.ingest.protocol import Pulled, pull
from tests.service.ingest.virtual import SECRETS, VirtualTime, cw_settings

LIST = "/company/configurations"


class Psa(NamedTuple):
    """A running fake and a virtual time for the client."""

    app: Starlette
    base_url: str
    time: VirtualTime

    def adapter(self, **changed: Any) -> CwManage:
        """Return the adapter for this server; waiting takes no time."""
        settings = cw_settings(**{"base_url": self.base_url, "page_size": 10, **changed})
        return CwManage(settings, self.time.runtime())

    def pull(self, **changed: Any) -> Pulled:
        """Pull everything."""
        return asyncio.run(pull(self.adapter(**changed), lambda *_: None))

    def plan(self, fault: Fault, **when: Any) -> None:
        """Plan a fault for the list of configurations."""
        self.app.state.faults.plan(fault, path=LIST, **when)


def row(number: int) -> dict[str, Any]:
    """One active server of Acme."""
    return {
        "id": number,
        "name": f"SRV-{number}",
        "type": {"id": 1 + number % 2, "name": "Printer" if number % 2 else "Server"},
        "company": {"id": 12, "identifier": "acme", "name": "Acme"},
        "activeFlag": number % 5 != 0,
        "questions": [{"questionId": 1, "question": "Admin", "answer": "hush", "fieldType": "Password"}],
    }


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Starlette, str]]:
    """One server for all tests."""
    keys = {name.removeprefix("api_"): secret for name, secret in SECRETS.items()}
    app = create_fake([], company_id="acme", **keys)
    with running(app) as base_url:
        yield app, base_url


@pytest.fixture
def psa(server: tuple[Starlette, str]) -> Psa:
    """The server in good health, with 40 configurations, 32 of them active."""
    app, base_url = server
    app.state.faults.clear()
    app.state.log.seen.clear()
    for old in app.state.rows.all():
        app.state.rows.remove(old["id"])
    for number in range(1, 41):
        app.state.rows.put(row(number))
    return Psa(app, base_url, VirtualTime())


def test_a_full_pull_of_2500_rows_takes_three_pages(psa: Psa) -> None:
    """First `page=1`, then `pageId` of the last id, always forward only; the short page is the last."""
    for number in range(1, 2501):
        psa.app.state.rows.put({**row(number), "activeFlag": True})
    result = psa.pull(page_size=1000)
    first, *others = [request for request in psa.app.state.log.seen if request.path == LIST]

    assert [record["id"] for record in result.records] == [str(number) for number in range(1, 2501)]
    assert (result.read, result.expected, result.quarantined) == (2500, 2500, [])
    assert (first.query["page"], first.query["pageSize"]) == ("1", "1000")
    assert [request.query["pageId"] for request in others] == ["1000", "2000"]
    assert {request.headers["pagination-type"] for request in (first, *others)} == {"forward-only"}


def test_the_end_is_found_when_the_last_page_is_full(psa: Psa) -> None:
    """One more request, which brings nothing."""
    assert psa.pull(active_only=False).read == 40
    assert psa.app.state.log.paths().count(LIST) == 5


def test_types_choose_what_comes(psa: Psa) -> None:
    """Included and excluded by name, among the active ones."""
    assert {record["type"] for record in psa.pull(types={"include": ["Server"]}).records} == {"Server"}
    assert {record["type"] for record in psa.pull(types={"exclude": ["server"]}).records} == {"Printer"}
    assert psa.pull(types={"include": ["Server"], "exclude": ["Server"]}).read == 0


def test_the_check_tells_version_cloud_time_zone_and_count(psa: Psa) -> None:
    """What an operator wants to see before a first sync."""
    facts = dict(asyncio.run(psa.adapter().check()))

    assert facts["version"] == "v2025.16.104"
    assert (facts["cloud"], facts["time zone"]) == ("yes", "Eastern Standard Time")
    assert (facts["conditions"], facts["configurations"]) == ("activeFlag=true", "32")


def test_a_single_configuration_is_read_by_its_id(psa: Psa) -> None:
    """One that is not there is told apart from a wrong address; passwords do not come along."""
    raw = asyncio.run(psa.adapter().fetch_one(7))

    assert psa.adapter().parse(raw)["name"] == "SRV-7"
    assert "questions" not in raw
    with pytest.raises(NotFound, match="no configuration 999"):
        asyncio.run(psa.adapter().fetch_one(999))


@pytest.mark.parametrize(
    ("fault", "times", "waits"),
    [
        (throttled(3), 2, [3, 3]),
        (throttled(datetime(2026, 11, 1, 0, 0, 20, tzinfo=UTC)), 1, [20]),
        (throttled(), 3, [0.5, 1, 2]),
        (throttled("soon"), 1, [0.5]),
        (failing(500), 4, [0.5, 1, 2, 4]),
        (failing(503), 2, [0.5, 1]),
        (Cut(honest=False), 2, [0.5, 1]),
        (Cut(honest=True), 2, [0.5, 1]),
    ],
    ids=["seconds", "date", "no header", "odd header", "500", "503", "cut off", "cut in its JSON"],
)
def test_trouble_in_the_middle_is_waited_out(psa: Psa, fault: Fault, times: int, waits: list[float]) -> None:
    """The second page fails for a while; everything arrives, once."""
    psa.plan(fault, skip=1, times=times)
    result = psa.pull()

    assert len({record["id"] for record in result.records}) == result.read == 32
    assert psa.time.waits == waits


@pytest.mark.parametrize(
    ("fault", "error", "sentence"),
    [
        (throttled(1), ProviderUnavailable, r"answered 429 \(TooManyRequests, .*gave up after 5 tries"),
        (failing(502), ProviderUnavailable, "answered 502"),
        (Cut(honest=False), ProviderUnavailable, "broke the connection"),
        (Cut(honest=True), ProviderUnavailable, r"no whole JSON \(.*gave up after 5 tries"),
        (garbage(b""), ProviderUnavailable, r"no whole JSON \(.*gave up after 5 tries"),
        (login_page(), ProviderChanged, "web page"),
        (garbage(), ProviderChanged, "no JSON"),
        (garbage(b'{"code": "x"}'), ProviderChanged, "an object where a list was expected"),
        (garbage(b"null"), ProviderChanged, "null where a list was expected"),
        (garbage(b"[1,2,3,4,5,6,7,8,9,10]"), ProviderChanged, "does not advance"),
        (IgnoredCursor(), ProviderChanged, "does not advance"),
        (failing(403, "Forbidden"), ProviderRefused, "security role"),
    ],
)
def test_trouble_that_stays_ends_the_pull_with_one_sentence(
    psa: Psa, fault: Fault, error: type[ProviderError], sentence: str
) -> None:
    """The pull raises, so that nothing of it can be stored; the sentence is one line and names the provider."""
    psa.plan(fault, skip=1, times=None)

    with pytest.raises(error, match=f"^cw_manage: .*{sentence}") as raised:
        psa.pull()
    assert "\n" not in str(raised.value)


def test_a_server_that_does_not_answer_in_time_is_given_up(psa: Psa) -> None:
    """The time-out is for the whole answer."""
    psa.plan(Late(60), times=None)

    with pytest.raises(ProviderUnavailable, match=r"no whole answer within 0\.05 s; gave up after 2 tries"):
        psa.pull(timeout_seconds=0.05, max_attempts=2)


def test_a_server_that_is_gone_is_given_up() -> None:
    """Nobody listens any more."""
    with running(create_fake([], company_id="a", public_key="b", private_key="c", client_id="d")) as base_url:
        gone = Psa(Starlette(), base_url, VirtualTime())

    with pytest.raises(ProviderUnavailable, match="broke the connection"):
        gone.pull()
    assert gone.time.waits == [0.5, 1, 2, 4]


def test_rows_that_come_and_go_between_pages_neither_repeat_nor_stop_the_pull(psa: Psa) -> None:
    """Forward-only paging goes by id, so a row that goes does not shift the others."""

    def change() -> None:
        psa.app.state.rows.remove(1)
        psa.app.state.rows.remove(38)
        psa.app.state.rows.put(row(41))

    psa.plan(AfterCall(change), skip=1)
    ids = [int(record["id"]) for record in psa.pull().records]

    assert ids == sorted(set(ids))
    assert {1, 41} <= set(ids)
    assert 38 not in ids


def test_a_server_that_loses_rows_is_caught_by_the_count(psa: Psa) -> None:
    """A page cut short looks like the end; the count says otherwise, and nothing is returned."""
    psa.plan(garbage(b"[]"), skip=1)

    with pytest.raises(ProviderChanged, match="announced 32 rows and sent 10; nothing was stored"):
        psa.pull()


@pytest.mark.parametrize(
    ("changed", "answered", "sentence"),
    [
        ({"api_private_key": "WRONG-hush"}, 401, "ApiPrivateKey"),
        ({"api_client_id": "WRONG-hush"}, 401, "ApiClientId"),
        ({"api_version": "2099.1"}, 406, "No such version"),
    ],
)
def test_a_wrong_setting_is_named(psa: Psa, changed: dict[str, str], answered: int, sentence: str) -> None:
    """What the server refuses is said in words of the settings, without any of the keys."""
    with pytest.raises(ProviderRefused, match=f"answered {answered}.*{sentence}") as refusal:
        psa.pull(**changed)
    assert "hush" not in repr(refusal.value)


def test_a_wrong_address_is_told_from_a_missing_record(psa: Psa) -> None:
    """404 for everything is the address, or keys that the cloud does not know."""
    with pytest.raises(ProviderRefused, match=r"404 .*BaseUrl.*cloud"):
        psa.pull(base_url=psa.base_url.replace("v4_6_release", "v2019_1"))


def test_a_question_that_the_server_does_not_understand_names_the_types(psa: Psa) -> None:
    """400 is about the conditions, and those come from the settings."""
    psa.app.state.faults.plan(failing(400, "InvalidObject", "conditions are malformed"))

    with pytest.raises(ProviderRefused, match=r"400 \(InvalidObject, conditions are malformed\).*Types"):
        psa.pull()


def test_the_rate_holds_over_a_whole_pull(psa: Psa) -> None:
    """With a burst of two, the third request waits for its token; the count is a request too."""
    psa.pull(requests_per_minute=30, burst=2)

    assert psa.app.state.log.paths() == [f"{LIST}/count", *[LIST] * 4]
    assert psa.time.waits == pytest.approx([2, 2, 2])


def test_progress_is_told_row_by_row(psa: Psa) -> None:
    """Provider, rows so far, rows expected."""
    told: list[tuple[str, int, int | None]] = []
    asyncio.run(pull(psa.adapter(), lambda *now: told.append(now)))

    assert told == [("cw_manage", number, 32) for number in range(1, 33)]


def pulled(rows: list[Any], count: Any = None, **changed: Any) -> Pulled:
    """Pull these rows from a server that answers with them at once."""

    def answer(request: httpx.Request) -> httpx.Response:
        counted = {"count": len(rows) if count is None else count}
        return httpx.Response(200, json=counted if request.url.path.endswith("/count") else rows)

    runtime = VirtualTime().runtime(httpx.MockTransport(answer))
    return asyncio.run(pull(CwManage(cw_settings(**changed), runtime), lambda *_: None))


@pytest.mark.parametrize(
    ("date", "heard"),
    [
        ("Sun, 01 Nov 2026 08:00:00 GMT", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("today", None),
        (None, None),
    ],
)
def test_the_servers_own_clock_is_heard(date: str | None, heard: datetime | None) -> None:
    """By the header that every answer should carry; one that makes no sense is none."""
    headers = {"Date": date} if date else {}
    runtime = VirtualTime().runtime(
        httpx.MockTransport(lambda _: httpx.Response(200, json={"count": 0}, headers=headers))
    )
    adapter = CwManage(cw_settings(), runtime)
    asyncio.run(adapter.expected())

    assert adapter.heard_at == heard


def test_an_unparsable_row_is_set_apart_and_the_rest_goes_on() -> None:
    """Nothing is lost: it is kept with its reason."""
    result = pulled([{"id": 1}, {"id": None, "name": "odd"}, "text", {"id": 2}])

    assert [record["id"] for record in result.records] == ["1", "2"]
    assert [row.payload for row in result.quarantined] == [{"id": None, "name": "odd"}, {"row": "text"}]
    assert result.read == result.expected == 4


def test_only_what_is_needed_of_a_row_is_kept() -> None:
    """A server that ignores `fields` sends notes, links for remote control and passwords: none is kept."""
    wanted = {"question": "UUID", "answer": "Q", "fieldType": "Text"}
    row = {
        "id": None,
        "name": "odd",
        "notes": "hush",
        "remoteLink": "hush",
        "questions": [
            wanted,
            {**wanted, "answer": "hush", "fieldType": "Password"},
            {"question": "Other", "answer": "hush"},
        ],
        "customFields": [{"caption": "UUID", "value": "hush"}],
    }
    (quarantined,) = pulled([row], bios_guid_source="question:UUID").quarantined

    assert quarantined.payload == {"id": None, "name": "odd", "questions": [wanted]}
    assert "hush" not in json.dumps(pulled([row]).quarantined)


@pytest.mark.parametrize("count", [None, 1, 7, 5000])
def test_rows_may_come_and_go_during_the_read_within_a_tolerance(count: int | None) -> None:
    """Five rows or one in a hundred; beyond it the pull is an error, because rows are missing or too many."""
    if count == 5000:
        with pytest.raises(ProviderChanged, match="announced 5000 rows and sent 2"):
            pulled([{"id": 1}, {"id": 2}], count)
    else:
        assert pulled([{"id": 1}, {"id": 2}], count).read == 2


@pytest.mark.parametrize("count", [-1, True, "12", [], {}])
def test_a_count_that_is_no_number_is_an_error(count: Any) -> None:
    """Without it nobody could tell a whole pull from half a one."""
    with pytest.raises(ProviderChanged, match="count"):
        pulled([], count)


def test_types_that_do_not_fit_into_an_address_are_refused_at_start() -> None:
    """The vendor cuts addresses off at 2,000 characters."""
    with pytest.raises(SettingsError, match="Providers:ConnectWiseManage:Types"):
        CwManage(cw_settings(types={"include": [f"Type {number:040}" for number in range(40)]}))


def test_count_and_list_are_asked_for_under_the_same_conditions() -> None:
    """Else the count could not tell a whole pull from half a one."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"count": 0} if request.url.path.endswith("/count") else [])

    runtime = VirtualTime().runtime(httpx.MockTransport(answer))
    asyncio.run(pull(CwManage(cw_settings(types={"include": ["Server"]}), runtime), lambda *_: None))

    conditions = 'activeFlag=true AND (type/name="Server")'
    assert [request.url.params.get("conditions") for request in asked] == [conditions, conditions]


def test_a_cursor_is_good_only_for_the_same_question() -> None:
    """Another address, type or source of the BIOS GUID, and the rows up to it were other rows."""

    async def cursor(adapter: CwManage) -> str:
        [page] = [page async for page in adapter.fetch()]
        assert page.cursor is not None
        return page.cursor

    rows = httpx.MockTransport(lambda _: httpx.Response(200, json=[{"id": 7}]))
    here = asyncio.run(cursor(CwManage(cw_settings(), VirtualTime().runtime(rows))))
    others: list[dict[str, Any]] = [
        {"base_url": "https://other.test"},
        {"bios_guid_source": "none"},
        {"types": {"include": ["Server"]}},
    ]

    assert CwManage(cw_settings(page_size=5)).goes_on_from(here)
    assert not any(CwManage(cw_settings(**changed)).goes_on_from(here) for changed in others)


def test_an_id_of_another_shape_is_not_asked_for() -> None:
    """A record that was pushed under this provider's name may be called anything."""
    refuse = httpx.MockTransport(lambda request: pytest.fail(f"asked for {request.url}"))
    adapter = CwManage(cw_settings(), VirtualTime().runtime(refuse))

    assert [asyncio.run(adapter.one(record_id)) for record_id in ("A-17", "", "-1", "\u0663", "1/../2")] == [None] * 5
