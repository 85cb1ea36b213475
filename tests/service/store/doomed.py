"""Syncs again and again, each time killed some statements later, until one run gets to its end; a line on each."""

import os
import signal
import sys
from pathlib import Path

from tests.service.statements import tell
from tests.service.store.world import World, record

BEFORE = [record(f"a:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}") for n in range(12)]
AFTER = [
    *(record(f"a:{n}", serial=f"SN-{n:05}", hostname=f"pc-{n}-renamed") for n in range(8)),
    *(record(f"a:{n}", serial=f"SN-{n - 92:05}", hostname=f"pc-{n}") for n in range(100, 110)),
]

MOMENTS = (*range(1, 200, 12), *range(200, 1_000, 50))
"""Statements at which a run is killed."""


def sync_and_die(world: World, moment: int) -> None:
    """Sync, and be killed at this statement."""
    left = [moment]

    def die_in_time(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    tell(world.store, die_in_time)
    world.sync("a", *AFTER)


def main(folder: Path) -> None:
    """Print for each run how it ended and a digest of what is stored now."""
    for moment in MOMENTS:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                sync_and_die(
                    World(folder, f"later-{moment}", hours=moment), moment
                )  # the dead one has lost its lease by then
                code = 0
            finally:
                os._exit(code)  # or the child would go on with the loop
        _, status = os.waitpid(child, 0)
        world = World(folder)
        print(status, hash(str(world.everything())))
        world.store.engine.dispose()
        if status == 0:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
