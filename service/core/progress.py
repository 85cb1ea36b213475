"""The progress of long-running work, for whoever shows it."""

from typing import Protocol


class Progress(Protocol):
    """Is called from time to time while something long goes on."""

    def __call__(self, what: str, done: int, expected: int | None = None) -> None:
        """
        Take in how far it is.

        Args:
            what: What is worked on: a provider, a file, "resolving".
            done: Rows, records or bytes so far.
            expected: How many there will be; None where nobody knows.
        """
        ...


def silent(what: str, done: int, expected: int | None = None) -> None:
    """Show nothing."""
