"""What an answer to several reviews would change is told before, and an undo of the answer restores the devices."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.model import Verdict
from service.stewardship.alike_preview import foresee_alike
from service.stewardship.answering import alike, answer_alike, take_back
from service.store.access.visibility import Customer, Visibility
from service.store.resolved import devices
from service.store.world import World
from tests.service.reports.fleets import world_of
from tests.service.stewardship.test_answering import open_reviews, pairs, together
from tests.service.stores import close_all, on_both

pytestmark = on_both


def golden(world: World) -> dict[frozenset[str], str]:
    """Return the golden values of each device, by its records."""
    with world.store.reading() as connection:
        homes_now = dict(devices.homes(connection))
        rows = devices.by_ids(connection, sorted(set(homes_now.values())))
    records: dict[str, set[str]] = {}
    for key, home in homes_now.items():
        records.setdefault(home, set()).add(str(key))
    return {frozenset(keys): rows[home].golden for home, keys in records.items()}


@given(taken=st.sets(st.integers(0, 5), min_size=1), verdict=st.sampled_from(Verdict))
@settings(max_examples=12, deadline=None)
def test_the_sum_is_what_happens_and_an_undo_restores_the_devices_exactly(taken: set[int], verdict: Verdict) -> None:
    """Whichever are ticked and however they are answered; the devices have the same records and values as before."""
    with TemporaryDirectory() as folder:
        world = world_of(Path(folder), *pairs(6))
        before, values, was_open = together(world), golden(world), {each.id for each in open_reviews(world)}
        ids = [each.id for place, each in enumerate(alike(world, open_reviews(world)[0])) if place in taken]

        foreseen = foresee_alike(world, ids, verdict, "anna")
        assert (together(world), golden(world)) == (before, values)
        made = answer_alike(world, ids, verdict, "anna", "why")

        after = together(world)
        assert {frozenset(each.records) for each in foreseen.before} == before - after
        assert {frozenset(each.records) for each in foreseen.after} == after - before
        assert foreseen.closes == len(was_open - {each.id for each in open_reviews(world)})
        assert len(made.decisions) == len(ids)
        take_back(world, made.group, "anna", "why")
        assert (together(world), golden(world)) == (before, values)
        assert {each.id for each in open_reviews(world)} == was_open
        close_all()


def test_the_sum_for_a_customer_is_of_what_they_see(tmp_path: Path) -> None:
    """Others' records are in no device that they are told of; the numbers are those of their own."""
    own = [{**each, "company_id": "1"} for each in pairs(2)]
    foreign = {"provider": "cw_rmm", "id": "x", "hostname": "nb-0", "serial": "5CG19000SM", "company": "Beta"}
    world = world_of(tmp_path, *own, {**foreign, "company_id": "2"})
    customers = frozenset({Customer("cw_rmm", "1"), Customer("cw_manage", "1")})
    bound = replace(world, visibility=Visibility(customers))
    ids = [each.id for each in alike(bound, open_reviews(bound)[0])]

    found = foresee_alike(bound, ids, Verdict.SAME, "anna")

    assert len(ids) == 2
    assert (len(found.before), len(found.after), found.closes) == (4, 2, 2)
    assert not any("x" in key for each in (*found.before, *found.after) for key in each.records if "cw_rmm:x" in key)
    assert len(open_reviews(bound)) == 2
