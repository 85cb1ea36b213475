"""What a decision would do, for callers who see some records."""

from itertools import combinations
from pathlib import Path

import pytest

from matching.model import Decision, Key, Verdict
from service.core.errors import NotFound
from service.stewardship import previewing
from service.stewardship.previewing import Preview
from service.stewardship.visible_preview import preview
from service.store.access.visibility import Visibility
from service.store.world import World
from tests.service.api.two_customers import ALL, CUSTOMERS, OWN, TOLD, add_foreign, own_world, unnumbered
from tests.service.reports.fleets import world_of

KEYS = [Key(record["provider"], record["id"]) for record in OWN]
TOLD_KEYS = [Key(record["provider"], record["id"]) for record in TOLD]


def foreseen(world: World, left: Key, right: Key, verdict: Verdict) -> Preview:
    """Return what a decision would do."""
    return preview(world, Decision(verdict, left, right, "anna", "looked"))


def test_who_sees_all_records_foresees_what_is_foreseen_without_a_bound(tmp_path: Path) -> None:
    """Which devices merge, split or show other values, and which questions close and open."""
    world = world_of(tmp_path, *TOLD)
    seen = world.acting(None, ALL)
    told = 0
    for verdict in Verdict:
        for left, right in combinations(TOLD_KEYS, 2):
            found = foreseen(seen, left, right, verdict)
            expected = previewing.preview(world, Decision(verdict, left, right, "anna", "looked"))
            assert without_reasons(found) == without_reasons(expected), (verdict, left, right)
            told += without_numbers(found) == without_numbers(expected) and bool(found.changes)
    assert told > 50


def without_numbers(found: Preview) -> Preview:
    """Return what is foreseen without the numbers of the reviews that it closes."""
    return found.model_copy(update={"closes": unnumbered(found.closes)})


def without_reasons(found: Preview) -> object:
    """Return what is foreseen without why records come apart and numbers, which are those of all records."""
    details = [{name: told for name, told in each.detail.items() if name != "parted"} for each in found.changes]
    return [(each.device_id, each.what) for each in found.changes], details, unnumbered(found.closes), found.opens


def test_what_is_foreseen_is_the_same_without_the_records_of_others(tmp_path: Path) -> None:
    """Nothing of it is stored."""
    alone, among = own_world(tmp_path / "alone"), own_world(tmp_path / "among")
    add_foreign(among)
    worlds = [world.acting(None, Visibility(CUSTOMERS)) for world in (alone, among)]
    for verdict in Verdict:
        for left, right in combinations(KEYS, 2):
            if {left, right} == {Key("cw_manage", "4"), Key("cw_rmm", "A-2")}:
                continue  # it is decided already
            found = [foreseen(world, left, right, verdict) for world in worlds]
            assert found[0] == found[1], (verdict, left, right)


def test_a_hidden_record_is_not_foreseen_about(tmp_path: Path) -> None:
    """As if there were none."""
    world = own_world(tmp_path)
    add_foreign(world)

    with pytest.raises(NotFound, match="no record 'rmm_beta:B-5'"):
        foreseen(world.acting(None, Visibility(CUSTOMERS)), KEYS[0], Key("rmm_beta", "B-5"), Verdict.SAME)
