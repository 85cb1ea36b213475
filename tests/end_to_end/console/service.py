"""The service over the demo's store: the store is made once a run, and what writes gets a copy."""

import fcntl
import re
import shutil
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from tests.end_to_end.commands import PATIENCE, start

FILES = ("demo.db", "appsettings.json", "invoice.csv")


class Key(NamedTuple):
    """An API key: its id, and the token that is shown once."""

    id: str
    token: str


class Site:
    """A folder with a store and settings, and the commands of its operator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {"Database__Url": f"sqlite:///{folder / 'demo.db'}"}

    def run(self, *arguments: str) -> tuple[str, str]:
        """Run a command to its end, which has to be a good one; return what it wrote to both outputs."""
        process = start(self.folder, "--settings", "appsettings.json", *arguments, settings=self.settings)
        written, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        return written, said

    def create_key(self, name: str, *options: str) -> Key:
        """Make an API key."""
        token, said = self.run("keys", "create", name, *options)
        [key_id] = re.findall(r"samebox keys revoke (\S+)", said)
        return Key(key_id, token.strip())

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve, and return the address; Ctrl-C ends it."""
        process = start(self.folder, "--settings", "appsettings.json", "serve", "--port", "0", settings=self.settings)
        assert process.stdout
        assert process.stderr
        try:
            first = process.stderr.readline()
            [address] = re.findall(r"listening on (http://127\.0\.0\.1:\d+)", first) or [first]
            log: deque[str] = deque(maxlen=1000)
            reader = Thread(target=log.extend, args=(process.stderr,))  # a pipe that nobody reads fills up
            reader.start()
            yield address
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
            reader.join()
            assert "Traceback" not in "".join(log)
        finally:
            process.kill()
            process.wait()
            process.stderr.close()
            process.stdout.close()


def made_demo(shared: Path) -> Path:
    """Return the folder of the demo of this run: whoever asks first makes it, and processes beside it wait."""
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder, is_whole = shared / "samebox-demo", shared / "samebox-demo.whole"
        if not is_whole.exists():
            process = start(shared, "demo", "--no-serve")
            _, said = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, said
            is_whole.touch()
    return folder


def copied(demo: Path, folder: Path) -> Site:
    """Return a site of one's own with the demo's data."""
    for name in FILES:
        shutil.copy(demo / name, folder)
    return Site(folder)
