"""The page of a decision, on which it is taken back."""

from pathlib import Path

from matching.model import Verdict
from tests.service.console.conftest import browsing, main_of
from tests.service.console.pages.test_decide import BOXES, SERIAL, decided, devices_with, made, send
from tests.service.reports.fleets import world_of


def test_a_decision_is_taken_back_after_its_effect_is_shown(tmp_path: Path) -> None:
    """What revoking changes comes first; afterwards the page says who did it and why."""
    boxes = world_of(tmp_path, *BOXES)
    decision = made(boxes, Verdict.DIFFERENT)
    with browsing(boxes, keys_required=False) as browser:
        said = main_of(browser.page(f"/decisions/{decision.id}"))
        assert "2 devices → 1" in said
        assert devices_with(boxes, SERIAL) == 2  # a preview changes nothing
        assert len(decided(boxes)) == 1

        send(browser, f"/decisions/{decision.id}", f"/decisions/{decision.id}", why="the sticker was copied")
        assert devices_with(boxes, SERIAL) == 1
        assert "It was taken back by" in main_of(browser.page(f"/decisions/{decision.id}"))
        assert "the sticker was copied" in main_of(browser.page(f"/decisions/{decision.id}"))
