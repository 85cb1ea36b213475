"""The page of a calibration that waits for a person."""

from pathlib import Path

import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.resolution.recalibration import recalibrate, waiting
from tests.service.console.conftest import OURS, browsing, followed, form_token_of, main_of, token_of, words
from tests.service.resolution.conftest import COPIES, OTHERS
from tests.service.sandbox import Sandbox


@pytest.fixture
def held(tmp_path: Path) -> Sandbox:
    """A store in which three boxes of one image are taken for one, and a calibration that would part them waits."""
    world = Sandbox(tmp_path)
    world.take_in(*OTHERS, COPIES[0])
    for each in COPIES[1:]:
        world.push(each)
    recalibrate(world)
    return world


@pytest.mark.parametrize(
    ("answer", "said", "devices"),
    [("accept", "The calibration is in force", 23), ("drop", "The calibration is dropped", 21)],
)
def test_what_waits_is_shown_and_answered(held: Sandbox, answer: str, said: str, devices: int) -> None:
    """With what it would change; afterwards none waits, and an answer to it is refused."""
    with browsing(held, keys_required=False) as browser:
        html = browser.page("/calibration")
        listed = main_of(browser.page("/syncs"))
        fields = {"form_token": form_token_of(html), "version": "2", "answer": answer}
        wrong = browser.post("/calibration", data={**fields, "answer": "perhaps"}, headers=OURS)
        done = browser.post("/calibration", data=fields, headers=OURS)
        after = main_of(browser.page(followed(browser, done) if answer == "accept" else done.headers["location"]))
        again = browser.post("/calibration", data=fields, headers=OURS)

    assert "it would change 1 of 21 devices" in main_of(html)
    assert "Values over shared (1) bios_guid" in main_of(html)
    assert "a:1 | a:2 | a:3" in main_of(html)
    assert "A calibration waits for a person: it would change 1 of 21 devices." in listed
    assert (wrong.status_code, again.status_code) == (400, 409)
    assert said in after
    assert "None waits." in after
    assert waiting(held) is None
    assert len(set(held.groups())) == devices


def test_who_may_not_answer_it_is_not_offered_it_and_is_refused(held: Sandbox) -> None:
    """A steward looks at it."""
    with browsing(held, keys_required=True) as browser:
        browser.sign_in(token_of(held, "anna", Rights(frozenset({Scope.STEWARD}))))
        html = browser.page("/calibration")
        fields = {"form_token": form_token_of(html), "version": "2", "answer": "accept"}
        refused = browser.post("/calibration", data=fields, headers=OURS)

    assert "Put it in force" not in html
    assert refused.status_code == 403
    assert "scope admin" in words(refused.text)
    assert waiting(held) is not None
