"""Processes that are started, listened to, and ended: forked from one that has everything imported, to be quick."""

import logging
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from tests.end_to_end.commands import PATIENCE

Channel = Connection
"""What a process and who started it tell each other by."""

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.service.soak.killing", "tests.service.soak.crowd"])


class Child:
    """A process that does `work(channel, *arguments)`; it is gone when the block is left."""

    def __init__(self, work: Callable[..., None], *arguments: Any) -> None:
        self._channel, inside = CONTEXT.Pipe()
        self._process = CONTEXT.Process(target=_work, args=(work, inside, *arguments), daemon=True)
        self._process.start()
        inside.close()

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._channel.close()

    def tell(self, what: object) -> None:
        """Send it something."""
        self._channel.send(what)

    def heard(self, patience: float = PATIENCE) -> Any:
        """Return the next thing that it says; what went wrong there goes wrong here."""
        if not self._channel.poll(patience):
            raise TimeoutError(f"a process has said nothing for {patience:g} seconds")
        said = self._channel.recv()
        if isinstance(said, Failed):
            raise said
        return said

    def kill_after(self, seconds: float) -> None:
        """Let it work for a while, then kill it; one that has ended by then is none the worse."""
        self._process.join(seconds)
        self._process.kill()

    def end(self) -> Any:
        """Wait for its end, and return the last thing that it said; None if it was killed."""
        self._process.join(PATIENCE)
        return None if self._process.exitcode == -signal.SIGKILL else self.heard()


class Failed(Exception):
    """What went wrong in another process, with its trace."""


@contextmanager
def under(conditions: str) -> Iterator[None]:
    """Say under which conditions something failed, so that it can be made to fail again."""
    try:
        yield
    except Exception as error:
        error.add_note(conditions)
        raise


def _work(work: Callable[..., None], channel: Channel, *arguments: Any) -> None:
    logging.getLogger().addHandler(logging.NullHandler())  # that a sync goes on where another died is no news here
    try:
        work(channel, *arguments)
    except BaseException:  # noqa: BLE001 - whatever it is, who waits for this process has to learn of it
        channel.send(Failed(traceback.format_exc()))
