"""One identifier, any notation, the same device."""

from pathlib import Path

import pytest

from tests.service.api.conftest import Client, application, asking
from tests.service.reports.fleets import world_of


@pytest.fixture(scope="module")
def laptop(client: Client) -> str:
    """Return the id of the device that the laptop's records resolve to."""
    [device] = client.get("/v1/lookup", params={"identifier": "5CG1234ABC"}).json()["data"]
    return str(device["id"])


@pytest.mark.parametrize(
    "identifier",
    [
        "5cg 1234 abc",
        "3C:52:82:AA:BB:01",
        "3c-52-82-aa-bb-01",
        "3C52.82AA.BB01",
        "3c5282aabb01",
        "{4c4c4544-0042-3510-8054-b4c04f4a5931}",
        "44454C4C-4200-1035-8054-B4C04F4A5931",
        "ACME-LT-0421.corp.acme.com",
        "acme-lt-0421",
        "4711",
        "4712",
        "cw_rmm:A/17",
        "t-9",
    ],
)
def test_any_notation_finds_the_device(client: Client, laptop: str, identifier: str) -> None:
    """However a person writes an identifier, it leads to the one device that holds it."""
    answer = client.get("/v1/lookup", params={"identifier": identifier})

    assert [device["id"] for device in answer.json()["data"]] == [laptop]


def test_a_kind_narrows_the_question(client: Client, laptop: str) -> None:
    """A value is only what it is said to be."""
    serial, mac = (
        client.get("/v1/lookup", params={"identifier": "5CG1234ABC", "kind": kind}).json()["data"]
        for kind in ("serial", "hostname")
    )

    assert [device["id"] for device in serial] == [laptop]
    assert mac == []


def test_nothing_is_an_answer(client: Client) -> None:
    """An identifier that nobody holds is no error."""
    answer = client.get("/v1/lookup", params={"identifier": "no-such-box"})

    assert answer.status_code == 200
    assert (answer.json()["data"], answer.json()["total"], answer.json()["is_cut"]) == ([], 0, False)


def test_an_answer_says_what_was_understood(client: Client) -> None:
    """Each kind that the text may be, its canonical value, and how many devices hold it as that."""
    meanings = client.get("/v1/lookup", params={"identifier": "3c5282aabb01"}).json()["meanings"]

    assert {each["kind"]: (each["value"], each["devices"]) for each in meanings} == {
        "serial": ("3C5282AABB01", 0),
        "mac": ("3C:52:82:AA:BB:01", 1),
        **dict.fromkeys(["hostname", "device_identifier", "tag_number", "ip", "name"], ("3c5282aabb01", 0)),
    }


def test_a_placeholder_is_told_as_such_and_its_holders_are_behind_a_link(tmp_path: Path) -> None:
    """An answer to one question is never the whole fleet."""
    held = [{"provider": "a", "id": f"{n}", "serial": "To be filled by O.E.M."} for n in range(120)]
    with asking(application(world_of(tmp_path, *held))) as client:
        answer = client.get("/v1/lookup", params={"identifier": "to be filled by o.e.m.", "kind": "serial"}).json()
        listed = client.get(answer["all"]).json()
        rest = client.get(
            answer["all"], params={"identifier": "to be filled by o.e.m.", "cursor": listed["next_cursor"]}
        )

    assert (len(answer["data"]), answer["total"], answer["total_is_exact"], answer["is_cut"]) == (100, 120, True, True)
    assert [each["suppressed"] for each in answer["meanings"]] == ["placeholder"]
    assert answer["all"] == "/v1/devices?identifier=to+be+filled+by+o.e.m.&kind=serial"
    assert (listed["total"], len(listed["data"]), len(rest.json()["data"])) == (120, 100, 20)


def test_many_are_answered_in_order(client: Client, laptop: str) -> None:
    """Each answer stands in the place of its question, and is what the question alone gets."""
    questions = [{"identifier": f"none-{n}"} for n in range(60)]
    questions[7:7] = [{"identifier": "4711", "kind": "cw_manage_device_id"}, {"identifier": "3c5282aabb01"}]

    answers = client.post("/v1/lookup", json=questions).json()["data"]

    assert [answer["identifier"] for answer in answers] == [question["identifier"] for question in questions]
    assert [n for n, answer in enumerate(answers) if [d["id"] for d in answer["data"]] == [laptop]] == [7, 8]
    for question, answer in zip(questions[5:10], answers[5:10], strict=True):
        alone = client.get("/v1/lookup", params=question).json()
        assert {name: answer[name] for name in alone} == alone


@pytest.mark.parametrize(
    ("questions", "pointer"),
    [([{"identifier": "a"}] * 1001, "/body"), ("hunter2", "/body"), ({"identifier": "a"}, "/body")],
)
def test_what_is_no_list_of_questions_is_refused(client: Client, questions: object, pointer: str) -> None:
    """The answer says which value is wrong and how, and does not repeat it."""
    answer = client.post("/v1/lookup", json=questions)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"identifier": "  "}, "/identifier"),
        ({}, "/identifier"),
        ({"identifier": "a", "kind": "hunter2"}, "/kind"),
        ({"identifier": "a", "knid": "hunter2"}, "/knid"),
        ({"identifier": "hunter2" * 100}, "/identifier"),
        ("hunter2", ""),
        (None, ""),
    ],
)
def test_a_wrong_question_has_an_error_in_its_place(client: Client, laptop: str, wrong: object, pointer: str) -> None:
    """The others are answered; the error says which value is wrong and how, and does not repeat it."""
    answer = client.post("/v1/lookup", json=[{"identifier": "4711"}, wrong, {"identifier": "4712"}])

    first, error, last = answer.json()["data"]
    assert answer.status_code == 200
    assert [[each["id"] for each in item["data"]] for item in (first, last)] == [[laptop], [laptop]]
    assert (error["error"]["status"], [each["pointer"] for each in error["error"]["errors"]]) == (422, [pointer])
    assert "hunter2" not in answer.text


def test_many_show_what_is_asked_for(client: Client) -> None:
    """Of many answers as of one."""
    [answer] = client.post("/v1/lookup?expand=records&fields=serial", json=[{"identifier": "4711"}]).json()["data"]

    assert len(answer["data"][0]["records"]) == 3
    assert answer["data"][0]["values"] == {"serial": "5CG1234ABC"}
