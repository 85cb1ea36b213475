"""What a client takes from the world where nobody passes anything else."""

from datetime import timedelta

from service.ingest.http.runtime import Runtime


def test_the_default_runtime_is_the_real_one() -> None:
    """The clock never goes back, the time of day has a zone, draws are in [0, 1), connections are real."""
    runtime = Runtime()
    before = runtime.clock()

    assert runtime.clock() >= before
    assert runtime.now().utcoffset() == timedelta()
    assert 0 <= runtime.random() < 1
    assert runtime.transport is None
