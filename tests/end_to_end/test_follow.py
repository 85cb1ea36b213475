"""`samebox changes --follow` beside others that work on the same store."""

import json
import signal
import threading
from pathlib import Path

import pytest

from tests.end_to_end.commands import PATIENCE, start
from tests.service.sandbox import Sandbox, record
from tests.service.stores import close_all


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["lines", "json"])
def test_changes_are_followed_until_ctrl_c(tmp_path: Path, options: tuple[str, ...]) -> None:
    """What another process stores comes a line a change, as soon as it is there; Ctrl-C ends it with 130."""
    world = Sandbox(tmp_path)
    process = start(tmp_path, "changes", "--follow", *options)
    hanging = threading.Timer(PATIENCE, process.kill)
    hanging.start()
    try:
        assert process.stdout
        told = []
        for number in (1, 2):
            world.push(record(f"alpha:{number}", serial=f"SN-1000{number}"))
            told.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=PATIENCE)
    finally:
        hanging.cancel()
        process.kill()
        process.communicate()
        close_all()

    assert [json.loads(line)["seq"] if options else int(line.split()[0]) for line in told] == [1, 2]
    assert (process.returncode, rest) == (130, "")
    assert said.startswith("samebox: interrupted")
