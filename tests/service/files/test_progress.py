"""Stages say how far they are, now and then, and what they took."""

from collections.abc import Iterator

from service.files.progress import Stages, how_far


def said_by(times: Iterator[float]) -> tuple[Stages, list[str]]:
    """Return stages at these times, and what they will have said."""
    said: list[str] = []
    return Stages(said.append, lambda: next(times)), said


def test_a_stage_says_how_long_the_rest_takes_at_its_pace() -> None:
    """Not at every step: a sentence every few seconds is enough."""
    stages, said = said_by(iter((0.0, 1.0, 10.0, 12.0, 20.0)))
    stages.report("devices", 10, 400)
    stages.report("devices", 100, 400)
    stages.report("devices", 120, 400)
    stages.end("wrote 400 devices")

    assert said == ["devices: 100 of 400, about 30 s left", "wrote 400 devices in 20.0 s"]


def test_each_stage_has_a_time_of_its_own() -> None:
    """What was done before is no part of its pace."""
    stages, said = said_by(iter((0.0, 100.0, 110.0, 111.0)))
    stages.end("read")
    stages.report("components", 5, 10)
    stages.end("resolved")

    assert said == ["read in 100.0 s", "components: 5 of 10, about 10 s left", "resolved in 11.0 s"]


def test_what_nobody_can_know_is_not_said() -> None:
    """How many there will be, or a pace before anything is done."""
    assert how_far(1200, None, 3.0) == "1,200"
    assert how_far(0, 10, 3.0) == "0 of 10"
