"""Both paging modes, `fields` and `orderBy`, read as a client reads them."""

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from tests.service.demo.connectwise.sample import CONFIGURATIONS, FORWARD, IDS, configuration

PATH = "/company/configurations"
LINK = re.compile(r'<([^>]*)>; rel="([a-z]+)"')


def ids(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


def links(answer: httpx.Response) -> dict[str, str]:
    return {relation: url for url, relation in LINK.findall(answer.headers["link"])}


def forward_pages(client: httpx.Client, size: int) -> Iterator[list[int]]:
    """Follow the cursor to the first short page, as the vendor describes it."""
    cursor: dict[str, int] = {}
    while True:
        page = ids(client.get(PATH, params={"pageSize": size, **cursor}, headers=FORWARD))
        yield page
        if len(page) < size:
            return
        cursor = {"pageId": page[-1]}


def test_a_page_has_25_rows_unless_asked_otherwise(fake: Starlette, client: httpx.Client) -> None:
    """The default that has surprised clients: without `pageSize` only 25 rows come, in both modes."""
    for key in range(100, 130):
        fake.state.rows.put(configuration(key, f"PC-{key}", "Workstation", "Acme Inc."))

    assert len(ids(client.get(PATH))) == 25
    assert len(ids(client.get(PATH, headers=FORWARD))) == 25


@pytest.mark.parametrize("headers", [{}, FORWARD])
def test_a_page_has_at_most_1000_rows(fake: Starlette, client: httpx.Client, headers: dict[str, str]) -> None:
    """1000 are served; 1001 are refused, so that nobody takes a clamped page for the last one."""
    for key in range(1000, 2001):
        fake.state.rows.put(configuration(key, f"PC-{key}", "Workstation", "Acme Inc."))

    assert len(ids(client.get(PATH, params={"pageSize": 1000}, headers=headers))) == 1000
    assert client.get(PATH, params={"pageSize": 1001}, headers=headers).status_code == 400


def test_navigable_pages_are_offsets_with_links_at_the_ends_left_out(client: httpx.Client) -> None:
    """first and last are always there; prev and next only where there is such a page."""
    pages = [client.get(PATH, params={"pageSize": 3, "page": page}) for page in (1, 2, 3)]

    assert [ids(page) for page in pages] == [IDS[:3], IDS[3:6], IDS[6:]]
    assert [set(links(page)) for page in pages] == [
        {"first", "next", "last"},
        {"first", "prev", "next", "last"},
        {"first", "prev", "last"},
    ]


def test_following_next_links_reads_every_row_once(client: httpx.Client) -> None:
    """A link is a whole URL that keeps the other parameters."""
    answer = client.get(PATH, params={"pageSize": 2, "conditions": "id > 1", "fields": "id"})
    read = ids(answer)
    while "next" in links(answer):
        answer = client.get(links(answer)["next"])
        read += ids(answer)

    assert read == IDS[1:]
    assert answer.json() == [{"id": key} for key in IDS[5:]]


def test_a_page_behind_the_last_is_empty(client: httpx.Client) -> None:
    """It leads back to the last one."""
    answer = client.get(PATH, params={"pageSize": 3, "page": 9})

    assert ids(answer) == []
    assert links(answer)["prev"] == links(answer)["last"]
    assert "next" not in links(answer)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_forward_only_reads_every_row_once_in_order_of_id(client: httpx.Client, size: int) -> None:
    """The next cursor is the last id of the page just read; a short or empty page is the end."""
    assert [key for page in forward_pages(client, size) for key in page] == IDS


def test_forward_only_ignores_the_page_number(client: httpx.Client) -> None:
    """So the first request may say `page=1`, and a later one may go on saying it."""
    assert ids(client.get(PATH, params={"pageSize": 2, "page": 1}, headers=FORWARD)) == IDS[:2]
    assert ids(client.get(PATH, params={"pageSize": 2, "page": 1, "pageId": 2}, headers=FORWARD)) == IDS[2:4]


def test_forward_only_always_sends_a_link_which_is_empty_at_the_end(client: httpx.Client) -> None:
    """The server does not look ahead: even the last page promises another while it is full."""
    full = client.get(PATH, params={"pageSize": 7}, headers=FORWARD)
    end = client.get(links(full)["next"], headers=FORWARD)

    assert links(full)["next"].endswith("pageId=13")
    assert ids(end) == []
    assert end.headers["link"] == ""


def test_the_cursor_alone_is_not_forward_only_paging(client: httpx.Client) -> None:
    """Without the header `pageId` means nothing: page 1 comes again and again."""
    assert ids(client.get(PATH, params={"pageSize": 2, "pageId": 2})) == IDS[:2]


def test_forward_only_refuses_another_order(client: httpx.Client) -> None:
    """`orderBy` must not be sent: a cursor over ids has no other order."""
    assert client.get(PATH, params={"orderBy": "name"}, headers=FORWARD).status_code == 400


def test_a_paging_mode_that_does_not_exist_is_refused(client: httpx.Client) -> None:
    """A misspelt header must not turn into the other mode silently."""
    answer = client.get(PATH, headers={"pagination-type": "sideways"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "pagination-type"


@pytest.mark.parametrize(
    ("name", "headers"), [("page", {}), ("pageSize", {}), ("pageSize", FORWARD), ("pageId", FORWARD)]
)
@pytest.mark.parametrize("text", ["-1", "x", "1.5", "", "٣", "1" * 5000])
def test_a_number_that_is_none_is_refused(client: httpx.Client, name: str, headers: dict[str, str], text: str) -> None:
    """400 names the parameter, whatever the text."""
    answer = client.get(PATH, params={name: text}, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == name


def test_rows_that_change_while_they_are_read_do_not_repeat_in_forward_only_mode(
    fake: Starlette, client: httpx.Client
) -> None:
    """A row behind the cursor goes and one before it comes: the rest is read once; offsets would skip a row."""
    pages = forward_pages(client, 3)
    first = next(pages)
    fake.state.rows.remove(1)
    fake.state.rows.put(configuration(11, "LT-11", "Workstation", "Acme Inc."))

    assert [first, *pages] == [[1, 2, 3], [5, 8, 9], [11, 13]]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", [8, 5, 13, 3, 1, 2, 9]),
        ("name desc", [9, 2, 1, 3, 13, 5, 8]),
        ("company/name asc, id DESC", [9, 5, 3, 1, 13, 8, 2]),
        ("purchaseDate desc", [9, 1, 2, 3, 5, 8, 13]),
        ("activeFlag, lastUpdated desc", [5, 2, 13, 9, 8, 3, 1]),
        ("", IDS),
    ],
)
def test_rows_come_in_the_order_asked_for(client: httpx.Client, order: str, expected: list[int]) -> None:
    """By several fields, nested ones too; absent values first, ties by id, text without regard to case."""
    assert ids(client.get(PATH, params={"orderBy": order})) == expected


@pytest.mark.parametrize("order", ["serial", "name upwards", "company", "questions", ",", "name,,id"])
def test_an_order_that_makes_no_sense_is_refused(client: httpx.Client, order: str) -> None:
    """A field that does not exist or has no order, or a direction that is none."""
    assert client.get(PATH, params={"orderBy": order}).status_code == 400


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ("id", {"id": 1}),
        ("id,name,company/name", {"id": 1, "name": "SRV-01", "company": {"name": "Acme Inc."}}),
        ("id, type/id, type/name", {"id": 1, "type": {"id": 1, "name": "Server"}}),
        ("questions/answer", {"questions": [{"answer": "R4"}, {"answer": True}]}),
        ("_info,id", {"_info": CONFIGURATIONS[0]["_info"], "id": 1}),
        ("id,nosuch,name/below", {"id": 1, "name": "SRV-01"}),
        ("", CONFIGURATIONS[0]),
    ],
)
def test_fields_leaves_only_what_is_asked_for(client: httpx.Client, fields: str, row: dict[str, object]) -> None:
    """Nested by slash, the nesting kept, in a list and for one row; unknown names are left out."""
    assert client.get(f"{PATH}/1", params={"fields": fields}).json() == row
    assert client.get(PATH, params={"fields": fields, "pageSize": 1}).json() == [row]


def test_without_id_among_the_fields_the_rows_carry_no_cursor(client: httpx.Client) -> None:
    """The rows then say nothing of where to go on; only the link still does."""
    answer = client.get(PATH, params={"fields": "name", "pageSize": 2}, headers=FORWARD)

    assert answer.json() == [{"name": "SRV-01"}, {"name": "srv-02"}]
    assert links(answer)["next"].endswith("pageId=2")


def test_types_and_companies_are_lists_of_their_own(client: httpx.Client) -> None:
    """Those in use, with conditions, paging and a count like every list."""
    types = client.get(f"{PATH}/types", params={"conditions": 'name != "Toner"'})
    companies = client.get("/company/companies", params={"orderBy": "name desc", "fields": "id,identifier"})

    assert [one["name"] for one in types.json()] == ["Server", "Workstation"]
    assert client.get(f"{PATH}/types/count").json() == {"count": 3}
    assert companies.json() == [{"id": 20, "identifier": "BOLT"}, {"id": 10, "identifier": "ACME"}]
    assert client.get("/company/companies/count").json() == {"count": 2}
