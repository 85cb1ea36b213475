"""
Stores for tests, closed when the module of tests that opened them is over.

A store that is dropped while it is open leaves its connections to the garbage collector, which warns, and here
warnings are errors.
"""

from service.store.engine import Store, open_store

_opened: list[Store] = []


def opened(url: str) -> Store:
    """Open a store for a test."""
    store = open_store(url)
    _opened.append(store)
    return store


def close_all() -> None:
    """Close every store that tests have opened so far."""
    while _opened:
        _opened.pop().engine.dispose()
