"""One repair is one question, and what follows from an answer is not asked before it."""

from typing import Any

import pytest

from matching.clustering.questions import is_one_error
from matching.model import Decision, Key, Review, ReviewReason
from tests.matching.stories import different, group, resolve_rows, same

GUIDS = [f"7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E{number}" for number in ("6F", "70", "71", "72")]
NAMED = {"company": "Acme", "hostname": "lt-7"}
BOARDS: list[dict[str, Any]] = [
    {"provider": "alpha", "id": "old", "serial": "5CG1234ABC", "bios_guid": GUIDS[0], "macs": ["3C:52:82:00:00:01"]},
    {"provider": "alpha", "id": "new", "serial": "5CG1234ABC", "bios_guid": GUIDS[1], "macs": ["3C:52:82:00:00:02"]},
]
ROWS: list[dict[str, Any]] = [
    {"provider": "cw_manage", "id": "1", "serial": "5CG1234ABC", "company": "Acme", "name": "lt-7"},
    {"provider": "cw_manage", "id": "2", "serial": "5CG1234ABC", "company": "Acme", "name": "lt-7"},
]
SWAP = [*({**row, **NAMED} for row in BOARDS), *ROWS]
"""A new mainboard: the agent's rows before and after it, and two rows of the PSA that fit both."""


def asked(rows: list[dict[str, Any]], *decisions: Decision) -> list[Review]:
    """Return the open reviews."""
    return list(resolve_rows(rows, None, decisions).reviews)


def keys(*names: str) -> tuple[Key, ...]:
    """Return keys in order."""
    return tuple(sorted(map(Key.parse, names)))


def test_a_new_mainboard_is_one_question() -> None:
    """The rows that fit both sides wait for the answer, and are named."""
    [review] = asked(SWAP)

    assert review.grounds == (ReviewReason.MAINBOARD_REPLACED, ReviewReason.AMBIGUOUS)
    assert (review.left, review.right) == (keys("alpha:new"), keys("alpha:old"))
    assert review.waiting == keys("cw_manage:1", "cw_manage:2")


def test_the_answer_same_closes_all_of_it() -> None:
    """Once both boards are one box, the other rows join it."""
    decided = resolve_rows(SWAP, None, [same("alpha:old", "alpha:new")])

    assert len(decided.devices) == 1
    assert decided.reviews == ()


def test_the_answer_different_asks_whose_the_waiting_rows_are() -> None:
    """Then it is two boxes, and the rows of the PSA may be of either."""
    found = asked(SWAP, different("alpha:old", "alpha:new"))

    assert {each.grounds for each in found} == {(ReviewReason.AMBIGUOUS,)}
    assert {*keys("cw_manage:1", "cw_manage:2")} <= {key for each in found for key in (*each.left, *each.right)}


def test_a_vm_that_got_three_uuids_is_one_question_after_the_other() -> None:
    """Three rows of one machine: two are asked about, and the third waits for the answer."""
    rows: list[dict[str, Any]] = [
        {"provider": "alpha", "id": str(number), "bios_guid": guid, "macs": ["06:A1:5E:00:00:01"], **NAMED}
        for number, guid in enumerate(GUIDS[:3])
    ]

    [first] = asked(rows)
    [second] = asked(rows, same(*map(str, (first.left[0], first.right[0]))))

    assert (first.left, first.right, first.waiting) == (keys("alpha:0"), keys("alpha:1"), keys("alpha:2"))
    assert (second.left, second.right, second.waiting) == (keys("alpha:0", "alpha:1"), keys("alpha:2"), ())


def test_two_questions_of_two_boxes_stay_two() -> None:
    """A third box beside two boards that has a question of its own is no part of their repair."""
    rows = [
        *SWAP[:2],
        {"provider": "beta", "id": "1", "macs": ["3C:52:82:00:00:01"], "company": "Acme", "hostname": "other"},
    ]

    found = asked(rows)

    assert sorted(each.reason for each in found) == ["mac_across_hostnames", "mainboard_replaced"]
    assert all(each.waiting == () for each in found)


def test_all_grounds_about_two_groups_are_one_review() -> None:
    """A typing error in the serial, and beside it a MAC and a name that agree."""
    rows: list[dict[str, Any]] = [
        {"provider": "cw_manage", "id": "1", "serial": "5CG1234ABD", "macs": ["3C:52:82:00:00:01"], **NAMED},
        {"provider": "alpha", "id": "1", "serial": "5CG1234ABC", "macs": ["3C:52:82:00:00:01"], **NAMED},
    ]

    [review] = asked(rows)

    assert review.grounds == (ReviewReason.SERIAL_MISTYPED, ReviewReason.TWO_WEAKER_KINDS)


@pytest.mark.parametrize(
    ("left", "right", "one_error"),
    [
        ("5CG1234ABC", "5CG1234ABD", True),  # one letter wrong
        ("5CG1234ABC", "5CG1234AB", True),  # one missing
        ("5CG1234ABC", "5CG12344ABC", True),  # one doubled
        ("5CG1234ABC", "5CG1243ABC", True),  # two exchanged
        ("5CG1234ABC", "5CG1234AXY", False),
        ("12345", "12346", False),  # too short to tell
    ],
)
def test_one_typing_error_is_recognised(left: str, right: str, one_error: bool) -> None:
    """Serials that are typed by hand are typed wrong."""
    assert is_one_error(group("a:1", serial=left), group("b:1", serial=right)) is one_error
