"""Each provider is shown with what it lists and how its last sync went."""

from pathlib import Path

import pytest

from service.core.errors import UnknownCursor
from service.core.paging import PageRequest, cursor
from service.ingest.protocol import Quarantined
from service.syncs.overview import list_providers
from service.syncs.synclog import sync_run
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def boxes(provider: str, count: int) -> list[object]:
    """Return records."""
    return [record(f"{provider}:{number}", serial=f"SN-1000{number}") for number in range(count)]


def test_providers_are_told_by_what_they_list(tmp_path: Path) -> None:
    """With their role, their last sync and whether it is held; an import is no provider."""
    world = Sandbox(tmp_path)
    world.sync("cw_manage", *boxes("cw_manage", 10), quarantined=[Quarantined("cw_manage", "x", "no id", {})])  # type: ignore[arg-type]
    held = world.sync("cw_manage", *boxes("cw_manage", 2))  # type: ignore[arg-type]
    world.take_in(record("rmm_alpha:1"), quarantined=[Quarantined("import", "1", "no record", {})])

    psa, agent = list_providers(world).data

    assert (psa.name, psa.role, psa.records, psa.quarantined, psa.is_held) == ("cw_manage", "psa", 10, 0, True)
    assert held.id
    assert psa.last_sync == sync_run(world, held.id)
    assert (agent.name, agent.role, agent.records, agent.last_sync, agent.is_held) == (
        *("rmm_alpha", "agent", 1, None, False),
    )


def test_providers_come_in_pages(tmp_path: Path) -> None:
    """Each once, in order of name."""
    world = Sandbox(tmp_path)
    world.push(*(record(f"{name}:1") for name in "cab"))

    first = list_providers(world, PageRequest(2))
    rest = list_providers(world, PageRequest(2, first.next_cursor))

    assert [each.name for each in (*first.data, *rest.data)] == ["a", "b", "c"]
    assert rest.next_cursor is None
    with pytest.raises(UnknownCursor):
        list_providers(world, PageRequest(2, cursor("others", "a")))
