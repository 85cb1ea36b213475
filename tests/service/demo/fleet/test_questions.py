"""What the fleet leaves to a person: questions of many kinds, several of them alike, few enough for one sitting."""

from collections import Counter

from matching.model import ReviewReason
from matching.results.resolution import resolve_records
from service.demo.data import FEEDS
from tests.service.demo.fleet.test_answerable import read_all, read_truth


def test_the_committed_fleet_asks_a_person_more_than_ten_questions_of_many_kinds() -> None:
    """
    Enough for a steward to try each kind and answer several alike at once; no more than one sitting takes.

    Some are about one box and some about two, so that no answer fits all.
    """
    reviews = resolve_records(read_all(FEEDS)).reviews
    truth = read_truth(FEEDS)
    asked = Counter(review.reason for review in reviews)
    boxes = Counter(len({truth[key] for key in (*review.left, *review.right)}) for review in reviews)

    assert 12 <= len(reviews) <= 20
    assert len(asked) >= 7
    assert asked[ReviewReason.SERIAL_MISTYPED] >= 5
    assert min(boxes[1], boxes[2]) >= 4
