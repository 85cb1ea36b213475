"""The feed among several processes: whoever follows it misses nothing."""

import json
import subprocess
import sys
from pathlib import Path

from service.feed import feed
from tests.service.store.world import World
from tests.service.stores import on_both
from tests.service.test_feed import all_changes, replayed

pytestmark = on_both

PARTS = [("push", "one"), ("push", "two"), ("decide", "three")]
FOLLOWERS = ["four", "five"]


def start(folder: Path, role: str, name: str) -> "subprocess.Popen[str]":
    """Start one process of the crowd."""
    command = [sys.executable, "-m", "tests.service.store.crowd", str(folder), role, name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_who_follows_the_feed_among_many_writers_misses_nothing(tmp_path: Path) -> None:
    """Two processes push and one decides, while two read after their last number: each reads all, once, in order."""
    world = World(tmp_path)
    followers = [start(tmp_path, "follow", name) for name in FOLLOWERS]
    writers = [start(tmp_path, *part) for part in PARTS]
    for each in writers:
        each.communicate(timeout=120)
    (tmp_path / "done").touch()
    seen = [json.loads(each.communicate(timeout=120)[0]) for each in followers]

    changes = all_changes(world, limit=1000)
    assert [each.returncode for each in (*writers, *followers)] == [0] * 5
    assert len(changes) > 20
    assert [each.seq for each in changes] == list(range(1, len(changes) + 1))
    assert seen == [[each.seq for each in changes]] * 2
    assert replayed(changes) == world.groups()
    assert feed(world.store, after=len(changes)).data == []
