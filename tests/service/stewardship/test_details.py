"""What changes say has the shapes that the document promises."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from service.core.shapes import Shape
from service.stewardship import details
from service.store.resolved.changes import CauseKind, ChangeKind
from tests.service.api.conftest import application, asking, seeded_world, valid

SHAPES: dict[ChangeKind, type[Shape]] = {
    ChangeKind.CREATED: details.CreatedDetail,
    ChangeKind.CHANGED: details.ChangedDetail,
    ChangeKind.MERGED: details.MergedDetail,
    ChangeKind.SPLIT: details.SplitDetail,
    ChangeKind.RETIRED: details.RetiredDetail,
}


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Changes of every kind, as the API answers with them: pushes, decisions, a revoked one and deletions."""
    folder: Path = tmp_path_factory.mktemp("store")
    laptop, printer = "cw_manage:4711", "cw_manage:4713"
    with asking(application(seeded_world(folder))) as client:
        parted = client.post("/v1/decisions", json=decision("different", laptop, "cw_rmm:A/17")).json()
        client.delete(f"/v1/decisions/{parted['id']}?why=looked+again")
        client.post("/v1/decisions", json=decision("same", printer, "cw_rmm:A-18"))
        client.post("/v1/records", json={"provider": "cw_rmm", "id": "A/17", "serial": "SN-OTHER"})
        client.delete("/v1/records/cw_manage/4712")
        client.delete("/v1/records/cw_rmm/A/17")
        found: list[dict[str, Any]] = client.get("/v1/changes?limit=1000").json()["data"]
    return found


def decision(verdict: str, left: str, right: str) -> dict[str, str]:
    """Return a decision to make."""
    return {"verdict": verdict, "left": left, "right": right, "why": "looked"}


def test_every_kind_of_change_has_a_shape(changes: list[dict[str, Any]]) -> None:
    """The shapes are those of all kinds, and the changes of this page are of all kinds."""
    assert set(SHAPES) == set(ChangeKind) == {each["what"] for each in changes}


def test_a_change_says_what_its_shape_has_and_no_more(changes: list[dict[str, Any]]) -> None:
    """What is there is described, down to the causes and the reasons; what is required is there."""
    for each in changes:
        shape = SHAPES[ChangeKind(each["what"])]
        valid(each["detail"], closed(shape), {"components": {}})


def test_a_cause_has_a_member_of_its_own() -> None:
    """A program finds out by name what made devices change."""
    assert set(CauseKind) <= set(details.ChangeCause.model_fields)


def closed(shape: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a shape that has no further members."""
    schema = shape.model_json_schema(ref_template="#/$defs/{model}")
    for each in (schema, *schema["$defs"].values()):
        each["additionalProperties"] = False
    return schema
