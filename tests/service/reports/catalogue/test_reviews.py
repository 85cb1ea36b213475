"""Open reviews as a table: somebody can answer them from a spreadsheet."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.reports.context import ReportRequest
from service.reports.rules import PsaLinks, ReportRules
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.people import decide
from tests.service.reports.fleets import record, report, world_of
from tests.service.sandbox import Sandbox
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both


def questions(folder: Path, count: int = 1, **fields: Any) -> World:
    """Return a world with questions: of each two records whose serials differ by one typing error."""
    return world_of(
        folder,
        *(
            record(provider, f"{n}-{provider}", serial=f"5CG{n}34ABC{end}", hostname=f"acme-{n}", **fields)
            for n in range(10, 10 + count)
            for provider, end in (("cw_manage", "C"), ("cw_rmm", "D"))
        ),
    )


def table(world: World, **filters: Any) -> dict[str, Any]:
    """Return the report."""
    whole: dict[str, Any] = json.loads(report("reviews", world, wanted=ReportRequest(**filters)))
    return whole


def test_a_row_has_all_that_an_answer_takes(tmp_path: Path) -> None:
    """Both sides by name and by record, the evidence in words, our answer, and the commands."""
    rules = ReportRules(links=PsaLinks("cw_manage", "https://psa.example/{id}"))
    whole = json.loads(report("reviews", questions(tmp_path), rules=rules))
    [row] = whole["rows"]

    assert {name: row[name] for name in ("number", "company", "left", "right", "reason")} == {
        "number": 1,
        "company": "Acme",
        "left": "acme-10",
        "right": "acme-10",
        "reason": "serial_mistyped",
    }
    assert (row["left_records"], row["right_records"]) == ("cw_manage:10-cw_manage", "cw_rmm:10-cw_rmm")
    assert row["evidence_for"] == "hostname acme-10"
    assert row["evidence_against"].startswith("serial 5CG1034ABCC against 5CG1034ABCD")
    assert row["proposed"] in {"same", "different"}
    assert row["because"]
    assert (row["if_same"], row["if_different"]) == ("samebox decide same 1", "samebox decide different 1")
    assert (row["left_link"], row["right_link"]) == ("https://psa.example/10-cw_manage", None)


def test_totals_count_our_answers(tmp_path: Path) -> None:
    """Each review has one; the most worth come first."""
    whole = table(questions(tmp_path, 3))

    assert whole["totals"]["reviews"] == len(whole["rows"]) == 3
    assert whole["totals"]["proposed_same"] + whole["totals"]["proposed_different"] == 3
    assert [row["worth"] for row in whole["rows"]] == sorted((row["worth"] for row in whole["rows"]), reverse=True)


def test_an_answered_review_is_gone(tmp_path: Path) -> None:
    """It asks for nothing any more."""
    world = questions(tmp_path)
    decide(Sandbox(tmp_path, store=world.store), "same", "cw_manage:10-cw_manage", "cw_rmm:10-cw_rmm")

    assert table(world)["rows"] == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"company": "acme"}, 1),
        ({"type": "laptop"}, 1),
        ({"provider": "cw_rmm"}, 1),
        ({"provider": "edr"}, 0),
        ({"type": "server"}, 0),
        ({"company": "beta"}, 0),
    ],
)
def test_it_is_narrowed_to_either_side(tmp_path: Path, filters: dict[str, Any], found: int) -> None:
    """Of a customer, of a type, or with a record of a provider."""
    world = questions(tmp_path)
    Sandbox(tmp_path, "x", store=world.store).push(record("edr", "1", company="Beta", type="Server"))

    assert len(table(world, **filters)["rows"]) == found


def test_a_bound_key_is_asked_about_its_own_records(tmp_path: Path) -> None:
    """By the id of the review: numbers tell how many questions others have."""
    world = questions(tmp_path, company_id="7")
    customers = frozenset({Customer("cw_manage", "7"), Customer("cw_rmm", "7")})

    [row] = table(world.acting(None, Visibility(customers)))["rows"]

    assert row["number"] is None
    assert row["if_same"] == f"samebox decide same {row['review_id']}"
    assert table(world.acting(None, Visibility(frozenset({Customer("cw_manage", "8")}))))["rows"] == []


def test_no_question_is_asked_for_a_single_review(tmp_path: Path) -> None:
    """However many there are, the database is asked as often."""
    asked = []
    for size in (1, 5):
        world = questions(tmp_path / str(size), size)
        with collected(world.store) as statements:
            assert len(table(world)["rows"]) == size
        asked.append(len(statements))

    assert asked[0] == asked[1]
