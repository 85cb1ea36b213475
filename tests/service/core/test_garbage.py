"""The garbage collector is away meanwhile, and back as it was."""

import gc
from collections.abc import Iterator

import pytest

from service.core.garbage import uncollected


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    """Tests switch it on and off."""
    was_enabled = gc.isenabled()
    yield
    (gc.enable if was_enabled else gc.disable)()


def test_nothing_is_collected_meanwhile() -> None:
    """Afterwards it is, also where the work failed."""
    gc.enable()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()

    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    """One stretch of work inside another does not switch it on for the outer one."""
    gc.enable()
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
