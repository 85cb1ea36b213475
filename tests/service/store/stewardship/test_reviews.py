"""Reviews are the questions that are open now, the most worthwhile first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from matching.model import Claim, ClaimOutcome, Key, Kind, Proposal, Review, ReviewReason, Verdict
from service.store.database.tables import review_records
from service.store.stewardship import reviews
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

LEFT, RIGHT = Key("a", "1"), Key("b", "1")
CLAIM = Claim(Kind.SERIAL, ClaimOutcome.AGREE, "SN-10001", LEFT, RIGHT, "as printed")
PROPOSED = Proposal(Verdict.SAME, 0.9, "probably")
CLONE = Review((ReviewReason.CLONE,), "Are they one?", (LEFT,), (RIGHT,), (CLAIM,), (), 3.0, PROPOSED)
RENAMED = Review(
    grounds=(ReviewReason.MAC_ACROSS_HOSTNAMES, ReviewReason.NAME_REUSED),
    sentence="100% sure?",
    left=(Key("a", "2"),),
    right=(Key("b", "2"),),
    evidence_for=(),
    evidence_against=(),
    worth=7.5,
    proposal=PROPOSED,
)
TIED = Review((ReviewReason.CLONE,), "And they?", (Key("a", "3"),), (Key("b", "3"),), (), (), 3.0, PROPOSED)
ROWS = [reviews.row_of(review) for review in (CLONE, RENAMED, TIED)]
IN_ORDER = [ROWS[1].id, *sorted([ROWS[0].id, ROWS[2].id])]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store with three reviews."""
    with Sandbox(tmp_path).store.writing() as connection:
        reviews.write(connection, [key for each in (CLONE, RENAMED, TIED) for key in (*each.left, *each.right)], ROWS)
        yield connection


def page(connection: Connection, reason: ReviewReason | None = None, text: str = "") -> list[str]:
    """Return the ids of the reviews that a filter lets through."""
    return [each.id for each in reviews.page(connection, None, 10, reason=reason, text=text)]


def test_a_review_is_named_by_its_sides_alone() -> None:
    """The same two groups are the same question, whatever it is asked for now; other groups are another one."""
    named = reviews.row_of(CLONE).id

    assert reviews.row_of(replace(CLONE, grounds=(ReviewReason.AMBIGUOUS,), worth=9.0, sentence="?")).id == named
    assert reviews.row_of(replace(CLONE, waiting=(Key("c", "1"),))).id == named
    assert reviews.row_of(replace(CLONE, right=(RIGHT, Key("c", "1")))).id != named
    assert reviews.row_of(replace(CLONE, left=CLONE.right, right=CLONE.left)).id != named


def test_a_review_reads_as_it_was_found(connection: Connection) -> None:
    """Its sides as `provider:id`, its evidence with what says so."""
    [found] = reviews.by_ids(connection, [ROWS[0].id, "unknown"])

    assert (found.reason, found.worth) == ("clone", 3.0)
    assert found.body == {
        "left": ["a:1"],
        "right": ["b:1"],
        "waiting": [],
        "grounds": ["clone"],
        "sentence": "Are they one?",
        "evidence_for": [
            {
                "kind": "serial",
                "outcome": "agree",
                "value": "SN-10001",
                "left": "a:1",
                "right": "b:1",
                "note": "as printed",
            }
        ],
        "evidence_against": [],
        "proposal": {"verdict": "same", "certainty": 0.9, "sentence": "probably"},
    }


def test_pages_have_the_most_worthwhile_first(connection: Connection) -> None:
    """Of the same worth in order of id, so that a page goes on where the one before ended."""
    assert page(connection) == IN_ORDER
    assert [each.id for each in reviews.among(connection, [Key("a", "1"), Key("a", "2")])] == [ROWS[1].id, ROWS[0].id]
    first = reviews.page(connection, None, 2, reason=None, text="")
    rest = reviews.page(connection, (first[-1].worth, first[-1].id), 2, reason=None, text="")
    assert [each.id for each in (*first, *rest)] == IN_ORDER


def test_reviews_are_chosen_and_counted_by_reason_and_text(connection: Connection) -> None:
    """A sign that means something to a database is looked for as it stands."""
    assert page(connection, ReviewReason.CLONE) == IN_ORDER[1:]
    assert page(connection, ReviewReason.NAME_REUSED) == [ROWS[1].id]  # not its weightiest ground
    assert page(connection, text="%") == [ROWS[1].id]
    assert page(connection, ReviewReason.AMBIGUOUS) == []
    assert reviews.counts(connection) == {"clone": 2, "mac_across_hostnames": 1}
    assert reviews.ids(connection) == {*IN_ORDER}


def test_the_reviews_about_some_records_are_replaced(connection: Connection) -> None:
    """Only rows that differ are touched, and those about other records stay."""
    again = reviews.row_of(replace(CLONE, worth=4.0))

    assert reviews.write(connection, [LEFT, RIGHT], [ROWS[0]]) == 0
    assert reviews.write(connection, [LEFT, RIGHT], [again]) == 1
    assert reviews.write(connection, [LEFT, RIGHT, Key("a", "2"), Key("b", "2")], []) == 2
    assert reviews.ids(connection) == {ROWS[2].id}
    assert reviews.any_open(connection)
    reviews.write(connection, [Key("a", "3"), Key("b", "3")], [])
    assert not reviews.any_open(connection)


def test_the_records_of_the_sides_are_made_anew_with_the_review(connection: Connection) -> None:
    """Whatever became of them: a rebuild mends what was damaged."""
    connection.execute(review_records.delete().where(review_records.c.provider == "b"))
    connection.execute(review_records.insert().values(provider="a", record_id="1", review_id="of none"))
    reviews.write(connection, [LEFT, RIGHT], [ROWS[0]])

    assert [each.id for each in reviews.naming(connection, [RIGHT])] == [ROWS[0].id]
    assert (
        connection.execute(select(review_records.c.record_id).where(review_records.c.review_id == "of none")).all()
        == []
    )


def numbers(connection: Connection) -> list[int | None]:
    """Return the numbers of the three reviews in the order of `ROWS`; None for one that is closed."""
    found = {each.id: each.number for each in reviews.page(connection, None, 10, reason=None, text="")}
    return [found.get(each.id) for each in ROWS]


def test_reviews_are_numbered_the_most_worthwhile_first(connection: Connection) -> None:
    """Of those that come at once; of the same worth in order of id, alike on every database."""
    tied = sorted([ROWS[0].id, ROWS[2].id])

    assert numbers(connection) == [2 + tied.index(ROWS[0].id), 1, 2 + tied.index(ROWS[2].id)]


def test_a_number_is_kept_and_never_given_twice(connection: Connection) -> None:
    """The same review has it again when it is opened again, also after another one has come in between."""
    clone, renamed, _ = before = numbers(connection)
    reviews.write(connection, [LEFT, RIGHT], [reviews.row_of(replace(CLONE, worth=9.5, sentence="And now?"))])
    assert numbers(connection) == before

    reviews.write(connection, [LEFT, RIGHT, Key("a", "2"), Key("b", "2")], [])
    other = reviews.row_of(replace(CLONE, right=(RIGHT, Key("c", "1"))))
    reviews.write(connection, [LEFT, RIGHT], [other])
    [new] = reviews.by_ids(connection, [other.id])
    reviews.write(connection, [LEFT, RIGHT, Key("a", "2"), Key("b", "2")], ROWS[:2])

    assert new.number == 4
    assert numbers(connection) == before
    assert reviews.by_number(connection, 4) is None
    assert [reviews.id_of_number(connection, number) for number in (4, 5)] == [other.id, None]
    assert [each and each.id for each in (reviews.by_number(connection, n or 0) for n in (clone, renamed))] == [
        each.id for each in ROWS[:2]
    ]


def test_a_review_is_found_by_the_records_of_either_side(connection: Connection) -> None:
    """And no longer once it is answered."""
    found = [[each.id for each in reviews.naming(connection, [key])] for key in (LEFT, RIGHT, Key("b", "2"))]
    reviews.write(connection, [LEFT, RIGHT], ())

    assert found == [[ROWS[0].id], [ROWS[0].id], [ROWS[1].id]]
    assert [each.id for each in reviews.naming(connection, [LEFT, RIGHT, Key("b", "2"), Key("x", "1")])] == [ROWS[1].id]
