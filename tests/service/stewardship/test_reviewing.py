"""Open questions come with both sides, in the order of what an answer is worth."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from matching.model import ReviewReason, Verdict
from service.core.errors import BadRequest, NotFound, ReviewAnswered, ReviewClosed, UnknownValue
from service.core.paging import PageRequest
from service.resolution.applying import rebuild
from service.stewardship.reviewing import find_numbered, find_review, list_reviews, pair
from service.store.database import tables
from service.store.database.canonical_json import canonical_json
from tests.service.people import decide, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

GUIDS = ["4C4C4544-0051-3510-8052-B8C04F4E3132", "5C4C4544-0051-3510-8052-B8C04F4E3132"]


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world in which five boards may have been replaced, at two companies, in three providers."""
    world = Sandbox(tmp_path)
    for number, company in enumerate(["Acme Inc.", "Acme Inc.", "Beta GmbH", "Beta GmbH", "Beta GmbH"]):
        serial = f"SN-1000{number}"
        agent = "b" if number % 2 else "bb"
        world.push(
            record(f"a:{number}", serial=serial, bios_guid=GUIDS[0][:-1] + str(number), company=company),
            record(f"{agent}:{number}", serial=serial, bios_guid=GUIDS[1][:-1] + str(number), company=company),
        )
    return world


def test_a_review_shows_both_sides_and_the_evidence(world: Sandbox) -> None:
    """Records, the devices they are now, what speaks for and against one box."""
    review = list_reviews(world).data[0]

    number = review.left.records[0][-1]
    assert review.reason == "mainboard_replaced"
    assert [each.id for each in review.left.devices] == [world.home(review.left.records[0])]
    assert review.right.devices[0].values["serial"] == f"SN-1000{number}"
    assert [each.kind for each in review.evidence_for] == ["serial"]
    assert [each.kind for each in review.evidence_against] == ["bios_guid"]


def test_reviews_are_found_by_a_provider_in_any_script(world: Sandbox) -> None:
    """What narrows the reviews in the database spells a name as the reviews do."""
    guids = [("añil:9", GUIDS[0][:-1] + "9"), ("cö:9", GUIDS[1][:-1] + "9")]
    world.take_in(
        *(record(key, serial="SN-10009", bios_guid=guid) for key, guid in guids)
    )  # as before the rule on names

    for provider in ("añil", "cö"):
        [found] = list_reviews(world, provider=provider).data
        assert (found.left.records, found.right.records) == (["añil:9"], ["cö:9"])
    with pytest.raises(UnknownValue, match="did you mean 'añil"):
        list_reviews(world, provider="anil")


def test_reviews_come_in_pages_each_once(world: Sandbox) -> None:
    """In order of worth, then id, whatever the size of the page."""
    whole = list_reviews(world).data
    assert len(whole) == 5
    assert [(-each.worth, each.id) for each in whole] == sorted((-each.worth, each.id) for each in whole)

    found, after = [], None
    while True:
        page = list_reviews(world, PageRequest(2, after))
        found += page.data
        if (after := page.next_cursor) is None:
            break

    assert found == whole


def test_reviews_are_filtered(world: Sandbox) -> None:
    """By reason, by a provider of either side and not one whose name begins so, by company without case; together."""

    def count(**filters: Any) -> int:
        return len(list_reviews(world, **filters).data)

    assert count(reason=ReviewReason.MAINBOARD_REPLACED) == 5
    assert count(reason=ReviewReason.CLONE) == 0
    assert (count(provider="a"), count(provider="b"), count(provider="bb")) == (5, 2, 3)
    assert count(company="BETA gmbh") == 3
    with pytest.raises(UnknownValue, match="did you mean 'beta gmbh'"):
        count(company="Betta GmbH")
    assert count(provider="bb", company="beta gmbh") == 2


def test_pages_of_a_filter_are_full(world: Sandbox) -> None:
    """What does not fit is passed over, not left as a hole in the page."""
    first = list_reviews(world, PageRequest(1), provider="b")
    second = list_reviews(world, PageRequest(1, first.next_cursor), provider="b")

    assert len({each.id for each in (*first.data, *second.data)}) == 2
    assert second.next_cursor is None


@pytest.mark.parametrize(
    "cursor", ["x", "!", *(base64.urlsafe_b64encode(b).decode() for b in (b"1", b"[1]", b'["a",1]'))]
)
def test_a_cursor_of_another_list_is_refused(world: Sandbox, cursor: str) -> None:
    """It leads nowhere, and the answer says so."""
    with pytest.raises(BadRequest, match="none of this list"):
        list_reviews(world, PageRequest(cursor=cursor))


def test_a_decided_review_is_closed(world: Sandbox) -> None:
    """Either answer settles the question; who answers it otherwise is told the first answer, until it is revoked."""
    for verdict in ("same", "different"):
        review = list_reviews(world).data[0]
        assert review.proposal
        assert review.proposal.verdict == "same"
        with world.store.reading() as connection:
            left, right = pair(connection, review.id, Verdict(verdict))
        assert find_review(world, review.id) == review
        decided = decide(world, verdict, str(left), str(right))
        assert (decided.decision.verdict, decided.decision.proposed) == (verdict, "same")
        assert review.id not in {each.id for each in list_reviews(world).data}
        made = decided.decision
        assert made.review == review.id
        with world.store.reading() as connection:
            assert pair(connection, review.id, Verdict(verdict)) == (left, right)
            with pytest.raises(ReviewAnswered, match=f"decision {made.id} of anna") as answered:
                pair(connection, review.id, Verdict.SAME if verdict == "different" else Verdict.DIFFERENT)
            with pytest.raises(NotFound, match="no review"):
                pair(connection, "nothing", Verdict.SAME)
        with pytest.raises(ReviewClosed) as closed:
            find_review(world, review.id)
        for error in (answered, closed):
            assert error.value.members["decision_id"] == made.id
            assert error.value.members["decisions"][0]["by"] == "anna"
        revoke(world, made.id)
        assert find_review(world, review.id).sentence == review.sentence
        decide(world, verdict, str(left), str(right))
    with pytest.raises(NotFound, match="no review"):
        find_review(world, "nothing")


def test_a_review_is_found_by_its_number_and_one_that_is_closed_says_what_became_of_it(world: Sandbox) -> None:
    """Who answered it, or that its records changed; the number of no review is told as that."""
    answered, gone, *_ = list_reviews(world).data
    assert find_numbered(world, answered.number or 0) == answered

    decide(world, Verdict.SAME, answered.left.records[0], answered.right.records[0], by="anna")
    world.push(record(gone.right.records[0], serial="SN-77777"))

    with pytest.raises(ReviewClosed, match=rf"review {answered.number} was answered: decision .* of anna"):
        find_numbered(world, answered.number or 0)
    with pytest.raises(NotFound, match=f"review {gone.number} is closed: its records have changed"):
        find_numbered(world, gone.number or 0)
    with pytest.raises(NotFound, match="there is no review 99"):
        find_numbered(world, 99)


def test_a_rebuild_keeps_the_numbers_of_reviews(world: Sandbox) -> None:
    """Also where it has to make a review anew that was lost."""
    before = {each.id: each.number for each in list_reviews(world).data}
    with world.store.writing() as connection:
        connection.execute(tables.reviews.delete().where(tables.reviews.c.number == 2))
    rebuild(world)

    assert {each.id: each.number for each in list_reviews(world).data} == before


def test_a_decision_that_nobody_was_asked_for_has_no_proposal(world: Sandbox) -> None:
    """Two records of no common review: only the person knows."""
    assert decide(world, "different", "a:0", "a:1").decision.proposed is None


def test_a_review_of_the_version_before_is_shown_without_a_proposal(world: Sandbox) -> None:
    """Until it is made anew its reason is its only ground, and it can be answered."""
    with world.store.writing() as connection:
        for each in connection.execute(select(tables.reviews.c.id, tables.reviews.c.body)).all():
            body = json.loads(each.body)
            for name in ("grounds", "waiting", "proposal"):
                del body[name]
            own = tables.reviews.c.id == each.id
            connection.execute(tables.reviews.update().where(own).values(body=canonical_json(body)))

    review = list_reviews(world, reason=ReviewReason.MAINBOARD_REPLACED).data[0]

    assert (review.grounds, review.waiting, review.proposal) == ([ReviewReason.MAINBOARD_REPLACED], [], None)
    assert decide(world, "same", review.left.records[0], review.right.records[0]).decision.proposed is None


def test_all_grounds_are_found_and_waiting_records_named(world: Sandbox) -> None:
    """A row that fits both boards waits, and its review is found by either ground."""
    world.push(record("cw_manage:1", serial="SN-10000", company="Acme Inc."))

    [found] = list_reviews(world, reason=ReviewReason.AMBIGUOUS).data

    assert found.grounds == [ReviewReason.MAINBOARD_REPLACED, ReviewReason.AMBIGUOUS]
    assert found.waiting == ["cw_manage:1"]
    assert found.id in {each.id for each in list_reviews(world, reason=ReviewReason.MAINBOARD_REPLACED).data}
