"""Answers assembled from stored text say what the views of the use cases say."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from service.core.errors import Moved, NotFound
from service.core.paging import PageRequest
from service.devices import answers
from service.devices.inspecting import inspect
from service.devices.projection import NOTHING_MORE, Expansion, Projection
from service.devices.searching import IdentifierQuery
from service.store.resolved.device_filters import Filters
from tests.service.people import decide
from tests.service.sandbox import Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

GUIDS = ["4C4C4544-0051-3510-8052-B8C04F4E3132", "5C4C4544-0051-3510-8052-B8C04F4E3132"]
EVERYTHING = Projection(frozenset(Expansion))


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with an open review and a decision."""
    world = Sandbox(tmp_path)
    world.push(
        *(record(f"{side}:1", serial="SN-10001", bios_guid=guid) for side, guid in zip("ab", GUIDS, strict=True))
    )
    world.push(record("a:2", serial="SN-20002"), record("b:2", serial="SN-20002"), record("c:3", serial="SN-30003"))
    decide(world, "different", "b:2", "c:3")
    return world


def read(answer: Any) -> Any:
    """Return an answer as its reader sees it."""
    return orjson.loads(
        orjson.dumps(answer, default=lambda view: view.model_dump(mode="json"), option=orjson.OPT_UTC_Z)
    )


@pytest.mark.parametrize("key", ["a:1", "b:1", "b:2", "c:3"])
def test_a_device_is_what_its_use_case_says(world: Sandbox, key: str) -> None:
    """Every member that both have is the same, and the counts are those of the lists."""
    device_id = world.home(key)
    inspected = inspect(world, device_id)
    views = {
        **inspected.device.model_dump(mode="json"),
        "reviews": [each.model_dump(mode="json") for each in inspected.reviews],
        "decisions": [each.model_dump(mode="json") for each in inspected.decisions],
    }

    answer = read(answers.device(world, device_id, EVERYTHING))

    assert {name: answer[name] for name in views} == views
    assert answer["providers"] == sorted({each["provider"] for each in views["records"]})
    assert answer["counts"] == {
        "records": len(views["records"]),
        "open_reviews": len(views["reviews"]),
        "decisions": len(views["decisions"]),
    }


def test_a_short_answer_is_the_long_one_without_what_was_not_asked_for(world: Sandbox) -> None:
    """Of a list and of a look-up too."""
    long = read(answers.page(world, Filters(), projection=EVERYTHING))["data"]
    short = [{name: value for name, value in each.items() if name not in set(Expansion)} for each in long]

    assert read(answers.page(world, Filters()))["data"] == short
    assert [read(answers.device(world, each["id"])) for each in long] == short
    for each in short:
        [found] = read(answers.lookup(world, IdentifierQuery(each["values"]["serial"])))["data"][:1]
        assert found in short


def test_an_answer_takes_a_fixed_number_of_statements(world: Sandbox) -> None:
    """Two for a look-up and one for a device, whatever they find; expansions take as many for any number of devices."""
    numbers = set()
    for n in range(3):
        world.push(*(record(f"d:{n}{m}", serial="None") for m in range(10)))
        with collected(world.store) as asked:
            assert answers.lookup(world, IdentifierQuery("none"))["total"] == 10 * (n + 1)
            answers.device(world, world.home("a:1"))
        short = len(asked)
        with collected(world.store) as asked:
            answers.page(world, Filters(), projection=EVERYTHING)
        numbers.add((short, len(asked)))

    assert len(numbers) == 1


def test_pages_of_the_holders_bring_each_once(world: Sandbox) -> None:
    """In order of id, and never one that only shares a checksum."""
    world.push(*(record(f"d:{n}", serial="None") for n in range(7)))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = answers.page(world, Filters(), PageRequest(3, cursor), NOTHING_MORE, IdentifierQuery("none"))
        assert (page["total"], page["total_is_exact"]) == (7, True)
        seen += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]

    assert seen == sorted(world.home(f"d:{n}") for n in range(7))


def test_an_id_leads_on_or_nowhere(world: Sandbox) -> None:
    """As everywhere."""
    old, young = sorted([world.home("a:1"), world.home("b:1")])
    decide(world, "same", "a:1", "b:1")

    with pytest.raises(Moved) as moved:
        answers.device(world, young)
    assert moved.value.successor == old
    with pytest.raises(NotFound, match="nobody"):
        answers.device(world, "nobody")
