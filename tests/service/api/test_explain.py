"""Why two records are one device, or why not, over HTTP."""

import pytest

from tests.service.api.conftest import Client


def test_a_join_is_shown_as_a_chain_of_evidence(client: Client) -> None:
    """Two records of one device: the evidence leads from the one to the other."""
    answer = client.get("/v1/explain", params={"left": "cw_manage:4711", "right": "cw_rmm:A/17"}).json()

    assert answer["same"]
    assert answer["path"][0]["left"] == "cw_manage:4711"
    assert answer["path"][-1]["right"] == "cw_rmm:A/17"
    assert "cw_manage:4711" in answer["sentence"]


def test_a_non_join_says_what_would_change_it(client: Client) -> None:
    """Two devices: no chain, and what would make them one."""
    answer = client.get("/v1/explain", params={"left": "cw_manage:4713", "right": "cw_rmm:A-18"}).json()

    assert not answer["same"]
    assert answer["path"] == []
    assert answer["would_change"]


@pytest.mark.parametrize(
    ("left", "status"),
    [("cw_manage:999999", 404), ("4711", 422), (":4711", 422), ("x", 422)],
)
def test_a_record_that_cannot_be_asked_about(client: Client, left: str, status: int) -> None:
    """Unknown, or not written as a record: a clear answer each."""
    assert client.get("/v1/explain", params={"left": left, "right": "cw_rmm:A-18"}).status_code == status
