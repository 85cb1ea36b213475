"""One of several processes at one store: `push`, `decide` or `follow`; a follower writes what it read."""

import json
import sys
import time
from pathlib import Path

from service.deciding import Decided
from service.errors import Conflict, NotFound
from service.feed import feed
from tests.service.people import decide, revoke
from tests.service.store.world import World, record

ROUNDS = 12


def push(world: World) -> None:
    """Bring boxes that share nothing, and one that joins each to the round before."""
    for number in range(ROUNDS):
        own = f"SN-{world.name}-{number:04}"
        world.push(record(f"{world.name}:{number}", serial=own))
        world.push(record(f"{world.name}:bridge-{number}", serial=[own, f"SN-{world.name}-{number - 1:04}"]))


def say(world: World) -> None:
    """Decide about records of the pushing processes as they come, and take every second word back."""
    for number in range(ROUNDS):
        verdict = "different" if number % 3 else "same"
        made = patiently(world, verdict, f"one:{number}", f"two:{number}")
        if made and number % 2:
            revoke(world, made.decision.id)


def patiently(world: World, verdict: str, left: str, right: str) -> Decided | None:
    """Decide as soon as both records are there; None where others have decided against it."""
    while True:
        try:
            return decide(world, verdict, left, right)
        except Conflict:
            return None
        except NotFound:
            time.sleep(0.01)


def follow(world: World) -> list[int]:
    """Read the feed, page by page, until there is nothing more and the others are done."""
    seen: list[int] = []
    after = 0
    while True:
        done = (world.file.parent / "done").exists()  # asked first: what came before it is in the next answer
        page = feed(world.store, after, limit=7)
        seen += [each.seq for each in page.data]
        after = page.next
        if done and not page.data:
            return seen


def main(folder: Path, role: str, name: str) -> None:
    """Do one's part."""
    world = World(folder, name)
    if role == "follow":
        print(json.dumps(follow(world)))
    else:
        {"push": push, "decide": say}[role](world)
    world.store.engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
