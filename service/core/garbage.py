"""Pause the cyclic garbage collector while millions of objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """
    Keep the cyclic garbage collector away while millions of objects that hold no cycles are made.

    It would visit all of them again and again, which doubles the time, and would touch every page that forks share.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
