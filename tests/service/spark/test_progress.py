"""Progress is told as tasks, and as the time that the others take at the pace so far."""

import pytest

from tests.service.spark.requirements import require_spark

require_spark()

from service.spark.progress import duration, how_far


def test_time_left_follows_from_the_pace() -> None:
    """Before the first task is done, nobody knows it."""
    assert how_far(0, 1200, 10) == "0 of 1,200 tasks"
    assert how_far(300, 1200, 20) == "300 of 1,200 tasks, about 60 s left"


@pytest.mark.parametrize(("seconds", "told"), [(0, "0 s"), (99, "99 s"), (150, "2 min"), (7200, "2.0 h")])
def test_a_time_is_told_as_a_person_says_it(seconds: float, told: str) -> None:
    """Seconds at first, hours at last."""
    assert duration(seconds) == told
