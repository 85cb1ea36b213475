"""The list of devices, one device, and what became of retired ones."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.core.paging import cursor
from tests.service.api.conftest import Client, application, asking, seeded_world
from tests.service.api.questions import BOARD, SAME, home
from tests.service.reports.fleets import empty_world
from tests.service.stores import on_both

ALL = "provenance,records,reviews,decisions"
"""All that an answer may show besides."""


def test_a_device_shows_its_face_and_where_it_is_from(client: Client) -> None:
    """A golden record has one value a field, the record that each came from, and the records behind it."""
    [found] = client.get("/v1/lookup", params={"identifier": "4711"}).json()["data"]

    short = client.get(f"/v1/devices/{found['id']}").json()
    device = client.get(f"/v1/devices/{found['id']}", params={"expand": ALL}).json()

    assert short == found
    assert device == {**found, **{each: device[each] for each in ALL.split(",")}}
    assert (device["reviews"], device["decisions"]) == ([], [])
    assert device["providers"] == ["cw_manage", "cw_rmm"]
    assert device["counts"] == {"records": 3, "open_reviews": 0, "decisions": 0}
    assert device["values"]["cw_manage_device_id"] == 4711
    assert device["values"]["cw_manage_device_ids"] == [4711, 4712]
    assert device["provenance"]["cw_manage_device_id"]["record_id"] == "4711"
    assert [f"{record['provider']}:{record['id']}" for record in device["records"]] == [
        "cw_manage:4711",
        "cw_manage:4712",
        "cw_rmm:A/17",
    ]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_bring_every_device_once(client: Client, limit: int) -> None:
    """Whoever follows the links sees each device, none twice, and the envelope says the same as the header."""
    seen: list[str] = []
    address: str | None = f"/v1/devices?limit={limit}"
    while address:
        page = client.get(address)
        seen += [device["id"] for device in page.json()["data"]]
        address = page.links["next"]["url"] if "next" in page.links else None
        assert (address is None) == (page.json()["next_cursor"] is None)

    assert len(seen) == len(set(seen)) == 3


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 3),
        ({"company": "Acme Inc."}, 3),
        ({"type": "Printer"}, 1),
        ({"provider": "cw_rmm"}, 2),
        ({"provider": "cw_rmm", "type": "Server"}, 1),
        ({"q": "srv"}, 1),
        ({"q": "\0"}, 0),
        ({"q": "sr\0v"}, 0),
        ({"company": "Acme\0 Inc."}, 0),
        ({"type": "Printer\0"}, 0),
    ],
)
def test_filters_narrow_the_list(client: Client, filters: dict[str, str], count: int) -> None:
    """Each filter leaves what it says, and several leave what all of them do."""
    assert len(client.get("/v1/devices", params=filters).json()["data"]) == count


def test_a_cursor_that_is_none_is_refused(client: Client) -> None:
    """A made-up cursor does not start over in silence."""
    assert client.get("/v1/devices", params={"cursor": "%%%"}).status_code == 400


@pytest.mark.parametrize("path", ["/v1/devices/nobody", "/v1/devices/nobody/graph"])
def test_an_unknown_device_is_not_found(client: Client, path: str) -> None:
    """An id that never was is a 404 with a reason."""
    answer = client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_the_graph_is_networkx_readable(client: Client) -> None:
    """Records and identifiers are nodes, and every edge joins two of them."""
    [device] = client.get("/v1/lookup", params={"identifier": "4711"}).json()["data"]

    graph = client.get(f"/v1/devices/{device['id']}/graph").json()

    nodes = {node["id"] for node in graph["nodes"]}
    assert {"cw_manage:4711", "cw_manage:4712", "cw_rmm:A/17"} < nodes
    assert {edge[end] for edge in graph["edges"] for end in ("source", "target")} <= nodes


def test_a_retired_id_leads_to_its_successor(tmp_path: Path) -> None:
    """Two devices that turn out to be one: the younger id redirects, for the device and for its graph."""
    first = {"provider": "cw_rmm", "id": "1", "company": "Acme", "serial": "5CG1234ABC", "hostname": "a1"}
    second = {"provider": "cw_manage", "id": "2", "company": "Acme", "macs": ["3C-52-82-AA-BB-01"], "hostname": "a1x"}
    both = {"provider": "ninjaone", "id": "3", "company": "Acme", "serial": "5CG1234ABC", "macs": second["macs"]}
    with asking(application(empty_world(tmp_path))) as client:
        older, younger = (
            client.post("/v1/records", json=record).json()["data"][0]["device_id"] for record in (first, second)
        )
        client.post("/v1/records", json=[both, {**second, "hostname": "a1"}])

        for tail in ("", "/graph"):
            answer = client.get(f"/v1/devices/{younger}{tail}")
            assert answer.status_code == 307
            assert answer.headers["location"] == f"/v1/devices/{older}{tail}"
            assert (answer.json()["id"], answer.json()["successor"]) == (younger, older)
            assert client.get(answer.headers["location"]).status_code == 200
        short = client.get(f"/v1/devices/{younger}", params={"fields": "serial"}, follow_redirects=True)
        assert (short.json()["id"], short.json()["values"]) == (older, {"serial": "5CG1234ABC"})


def test_an_empty_service_answers(tmp_path: Path) -> None:
    """Before the first sync there is nothing, and that is an answer."""
    with asking(application(empty_world(tmp_path))) as client:
        nothing = {"data": [], "total": 0, "total_is_exact": True, "as_of": cursor("changes", 0), "next_cursor": None}
        assert client.get("/v1/devices").json() == nothing


@pytest.fixture
def own_client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service without keys, over a store of the test's own."""
    with asking(application(seeded_world(tmp_path))) as client:
        yield client


@on_both
def test_a_device_tells_its_reviews_and_decisions(own_client: Client) -> None:
    """As the lists have them, so that a page about a device needs no second call; of other devices nothing."""
    own_client.post("/v1/records", json=BOARD)
    [review] = own_client.get("/v1/reviews").json()["data"]
    made = own_client.post("/v1/decisions", json={**SAME, "verdict": "different"}).json()

    told = {
        record: own_client.get(f"/v1/devices/{home(own_client, record)}", params={"expand": ALL}).json()
        for record in ("cw_manage:4711", "cw_automate:4799", SAME["left"], SAME["right"])
    }

    assert {record: each["reviews"] for record, each in told.items()} == {
        "cw_manage:4711": [review],
        "cw_automate:4799": [review],
        SAME["left"]: [],
        SAME["right"]: [],
    }
    assert [each["decisions"] for each in told.values()] == [[], [], [made], [made]]
    assert [each["counts"]["open_reviews"] for each in told.values()] == [1, 1, 0, 0]
    assert [each["counts"]["decisions"] for each in told.values()] == [0, 0, 1, 1]
    listed = {each["id"]: each for each in own_client.get("/v1/devices", params={"expand": ALL}).json()["data"]}
    assert all(listed[each["id"]] == each for each in told.values())


@on_both
def test_a_history_outlives_the_id(own_client: Client) -> None:
    """A retired id is answered with its own history and what follows at its successor; an unknown one is a 404."""
    ids = {home(own_client, SAME["left"]), home(own_client, SAME["right"])}
    own_client.post("/v1/decisions", json={**SAME, "by": "anna"})
    [gone] = ids - {home(own_client, SAME["left"])}

    answer = own_client.get(f"/v1/devices/{gone}/history").json()

    assert answer["leads_to"] == home(own_client, SAME["left"])
    assert [each["what"] for each in answer["data"]] == ["created", "merged", "retired"]
    assert "By a decision of anna: same box (went there and looked)." in answer["data"][1]["sentence"]
    assert own_client.get("/v1/devices/none/history").status_code == 404


@pytest.mark.parametrize("name", ["q", "company", "type", "provider"])
@pytest.mark.parametrize("text", ["\0", "Acme Inc.\0", "acme\0-lt"])
def test_a_text_with_nul_finds_nothing(client: Client, name: str, text: str) -> None:
    """No device holds it, and one database refuses to look."""
    for narrowed in ({}, {"identifier": "4711"}):
        answer = client.get("/v1/devices", params={name: text, **narrowed})

        assert (answer.status_code, answer.json()["data"]) == (200, [])


@pytest.mark.parametrize("address", ["/v1/devices", "/v1/devices/ID", "/v1/lookup?identifier=4711"])
def test_an_answer_is_cut_to_the_fields_that_are_asked_for(client: Client, address: str) -> None:
    """One that a device does not have is absent."""
    [device] = client.get("/v1/lookup", params={"identifier": "4711"}).json()["data"]
    url = httpx.URL(client.base_url.join(address.replace("ID", device["id"])))

    answer = client.get(url.copy_merge_params({"fields": " serial ,hostname,conflicts"})).json()

    values = {each["id"]: each["values"] for each in answer.get("data", [answer])}
    assert values[device["id"]] == {"serial": "5CG1234ABC", "hostname": "acme-lt-0421.corp.acme.com"}


@pytest.mark.parametrize(
    ("params", "nearest"),
    [({"expand": "records,provenence"}, "provenance"), ({"fields": "serail"}, "serial"), ({"expand": "\0"}, "records")],
)
def test_a_name_that_is_not_known_is_refused_with_the_nearest(
    client: Client, params: dict[str, str], nearest: str
) -> None:
    """A misspelt name that was ignored would look like a device without it."""
    for address in ("/v1/devices", "/v1/devices/nobody", "/v1/lookup?identifier=4711"):
        answer = client.get(httpx.URL(client.base_url.join(address)).copy_merge_params(params))
        assert answer.status_code == 400
        assert "is it" in answer.json()["detail"]
        assert nearest in answer.json()["detail"]


def test_a_page_says_how_many_devices_there_are(client: Client) -> None:
    """Of all pages, under the same filters."""
    assert client.get("/v1/devices", params={"limit": 1}).json()["total"] == 3
    assert client.get("/v1/devices", params={"limit": 1, "provider": "cw_rmm"}).json()["total"] == 2


def test_the_devices_that_hold_an_identifier_are_a_list(client: Client) -> None:
    """In any notation; a kind narrows it, and a blank is refused."""
    [device] = client.get("/v1/lookup", params={"identifier": "4711"}).json()["data"]

    for params in ({"identifier": "3C:52:82:AA:BB:01"}, {"identifier": "t-9", "kind": "tag_number"}):
        assert client.get("/v1/devices", params=params).json()["data"] == [device]
    assert client.get("/v1/devices", params={"identifier": "t-9", "kind": "serial"}).json()["total"] == 0
    assert client.get("/v1/devices", params={"identifier": " "}).status_code == 400


@on_both
def test_a_device_is_not_sent_again_while_it_is_the_same(own_client: Client) -> None:
    """The tag is that of the answer: another selection has another one, and a change ends it."""
    address = f"/v1/devices/{home(own_client, 'cw_rmm:A-18')}"
    first, cut = own_client.get(address), own_client.get(address, params={"fields": "serial"})
    tag = first.headers["etag"]

    again = own_client.get(address, headers={"If-None-Match": f'"other", {tag}'})
    own_client.post("/v1/records", json={"provider": "cw_rmm", "id": "A-18", "serial": "VM9", "hostname": "renamed"})
    changed = own_client.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert own_client.get(address, headers={"If-None-Match": "*"}).status_code == 304
    assert cut.headers["etag"] != tag
    assert (changed.status_code, changed.json()["values"]["hostname"]) == (200, "renamed")
