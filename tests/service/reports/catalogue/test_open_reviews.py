"""Open reviews as reports read them, with the devices of their sides."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from matching.model import Key
from service.reports.catalogue import open_reviews as module
from service.reports.catalogue.open_reviews import AskedAbout, asked_about, homes, open_reviews
from service.reports.context import ReportContext, ReportRequest
from service.reports.rules import ReportRules
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import NOW, record, world_of
from tests.service.stores import on_both

pytestmark = on_both

BOUND = Visibility(frozenset({Customer("cw_manage", "7"), Customer("cw_rmm", "7")}))


def world_with_reviews(folder: Path) -> World:
    """Return a world with two questions: of each a serial that may be mistyped."""
    return world_of(
        folder,
        *(
            record(provider, f"{name}{provider}", serial=f"5CG{name}4ABC{end}", hostname=f"acme-{name}", company_id="7")
            for name in ("77", "88")
            for provider, end in (("cw_manage", "C"), ("cw_rmm", "D"))
        ),
    )


@contextmanager
def context_of(world: World) -> Iterator[ReportContext]:
    """Give what a report is made of."""
    with world.store.reading() as connection:
        yield ReportContext(connection, world.policy, ReportRules(), NOW, ReportRequest(), world.visibility)


def test_all_are_read_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None twice, and none left out."""
    monkeypatch.setattr(module, "AT_ONCE", 1)

    with context_of(world_with_reviews(tmp_path)) as context:
        found = list(open_reviews(context))

    assert [len(each) for each in found] == [1, 1]
    assert {each.number for [each] in found} == {1, 2}


@pytest.mark.parametrize("visibility", [None, BOUND], ids=["all", "bound"])
def test_each_record_of_a_side_has_its_device(tmp_path: Path, visibility: Visibility | None) -> None:
    """As the caller sees it."""
    with context_of(world_with_reviews(tmp_path).acting(None, visibility)) as context:
        [found] = open_reviews(context)
        known = homes(context, found)

    assert set(known) == {Key(p, f"{n}{p}") for p in ("cw_manage", "cw_rmm") for n in ("77", "88")}
    assert len({row.id for row in known.values()}) == 4


def test_what_is_asked_about_a_record_names_the_other_side(tmp_path: Path) -> None:
    """By the number of the review; a key that is bound to customers knows none."""
    world = world_with_reviews(tmp_path)
    with context_of(world) as context:
        asked = asked_about(context)
    with context_of(world.acting(None, BOUND)) as context:
        bound = asked_about(context)

    assert asked.keys() == bound.keys()
    [about] = asked["cw_manage:77cw_manage"]
    assert about.number in {1, 2}
    assert about.asks("it") == f"review {about.number} asks whether it and cw_rmm:77cw_rmm are one box"
    assert bound["cw_manage:77cw_manage"] == [AskedAbout(None, "cw_rmm:77cw_rmm")]
    assert bound["cw_manage:77cw_manage"][0].asks("it").startswith("a review asks whether it and")
