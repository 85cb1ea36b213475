"""Wait for the turn of a writer, and say so when it takes more than a second."""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

QUIET = 1_000
"""Milliseconds that a writer waits for another one before it says so."""

WaitNotice = Callable[[float], object]
"""What is called when a writer has to wait, with the seconds that it waits at the most."""


def take_turn(
    take: Callable[[int], object],
    patience: int,
    is_busy: Callable[[BaseException | None], bool],
    notice: WaitNotice | None = None,
) -> None:
    """
    Become the one writer.

    Args:
        take: Tries it for so many milliseconds; it may be called again when it has failed.
        patience: Milliseconds after which to give up.
        is_busy: Whether a failure means that another writer goes on.
        notice: Called once when `QUIET` is over; None: nobody is told.

    Raises:
        DBAPIError: That of `take`.
    """
    if notice is not None and patience > QUIET:
        try:
            take(QUIET)
        except DBAPIError as error:
            if not is_busy(error.orig):
                raise
        else:
            return
        notice(patience / 1000)
        patience -= QUIET
    take(patience)
