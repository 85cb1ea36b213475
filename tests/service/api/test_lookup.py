"""One identifier, any notation, the same device."""

import pytest

from tests.service.api.conftest import Client


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

    assert (answer.status_code, answer.json()) == (200, {"data": []})


def test_many_are_answered_in_order(client: Client, laptop: str) -> None:
    """Each answer stands in the place of its question."""
    questions = [{"identifier": f"none-{n}"} for n in range(30)]
    questions[7:7] = [{"identifier": "4711", "kind": "cw_manage_device_id"}, {"identifier": "3c5282aabb01"}]

    answers = client.post("/v1/lookup", json=questions).json()["data"]

    assert [answer["identifier"] for answer in answers] == [question["identifier"] for question in questions]
    assert [n for n, answer in enumerate(answers) if [d["id"] for d in answer["devices"]] == [laptop]] == [7, 8]


@pytest.mark.parametrize(
    ("questions", "pointer"),
    [
        ([{"identifier": "a"}] * 1001, "/body"),
        ([{"identifier": "a"}, {"identifier": "  "}], "/body/1/identifier"),
        ([{"identifier": "a", "kind": "hunter2"}], "/body/0/kind"),
        ([{"identifier": "a", "knid": "serial"}], "/body/0/knid"),
        ([{"identifier": "hunter2" * 100}], "/body/0/identifier"),
        ("hunter2", "/body"),
    ],
)
def test_a_wrong_question_is_pointed_at(client: Client, questions: object, pointer: str) -> None:
    """The answer says which value is wrong and how, and does not repeat it."""
    answer = client.post("/v1/lookup", json=questions)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert "hunter2" not in answer.text
