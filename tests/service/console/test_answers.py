"""What each answer would change is told before it is given, and at once."""

import threading
from pathlib import Path

from matching.model import Verdict
from service.console.answers import BUSY, previews
from service.stewardship.visible_reviews import list_reviews
from tests.service.reports.fleets import world_of
from tests.service.stewardship.test_answering import pairs


def test_each_answer_has_its_preview(tmp_path: Path) -> None:
    """One box instead of two, or two as before."""
    world = world_of(tmp_path, *pairs(1))
    [review] = list_reviews(world).data

    same, different = previews(world, review, "anna")

    assert (same.verdict, len(same.before), len(same.after)) == (Verdict.SAME, 2, 1)
    assert (different.verdict, len(different.before), len(different.after)) == (Verdict.DIFFERENT, 2, 2)
    assert [each.id for each in (same.preview.closes if same.preview else ())] == [review.id]
    assert (same.refused, different.refused) == (None, None)


def test_a_page_does_not_wait_for_another_writer(tmp_path: Path) -> None:
    """It says that somebody writes, and shows everything else."""
    world = world_of(tmp_path, *pairs(1))
    [review] = list_reviews(world).data
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        with world.store.writing():
            begun.set()
            ended.wait(20)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(10)
        found = previews(world, review, "anna")
    finally:
        ended.set()
        writer.join(20)

    assert [each.refused for each in found] == [BUSY, BUSY]
