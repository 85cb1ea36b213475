"""What a correction would change is shown at once where there are few records, else when somebody asks for it."""

from pathlib import Path

import pytest

from service.console import corrections
from service.console.corrections import BUSY, trial_of
from service.console.pages.policy import TRYING
from service.stewardship.correcting import policy_with
from tests.service.sandbox import Sandbox
from tests.service.stewardship.test_correcting import ONE, companies_in


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store of several companies."""
    return companies_in(tmp_path)


def test_a_trial_over_many_records_waits_until_it_is_asked_for(world: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at a page must not take half a minute."""
    policy = policy_with(world, [ONE])
    at_once = trial_of(world, policy, is_wanted=False)
    assert at_once.found is not None
    assert at_once.found.merging == 2

    monkeypatch.setattr(corrections, "AT_ONCE", 1)

    assert trial_of(world, policy, is_wanted=False).found is None
    assert trial_of(world, policy, is_wanted=True).found == at_once.found


def test_one_trial_goes_on_at_a_time(world: Sandbox) -> None:
    """The page says so, and can still be used."""
    with TRYING:
        assert trial_of(world, policy_with(world, [ONE]), is_wanted=True).refused == BUSY
    assert trial_of(world, policy_with(world, [ONE]), is_wanted=True).refused is None
