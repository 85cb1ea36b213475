"""Of many devices those are suggested that have something in common with a row, the likeliest first."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from matching.results.suggestions import MOST_HOLDERS, MOST_SUGGESTIONS, Candidates, Suggested
from matching.results.traits import Traits, resemblances
from tests.matching.results.test_traits import traits


def suggested(row: Traits, *others: Traits) -> list[int]:
    """Return the positions of what is suggested, in order."""
    return [each.position for each in Candidates(others).suggest(row)]


def test_the_likeliest_comes_first_and_what_nothing_suggests_is_left_out() -> None:
    """More and weightier reasons before fewer; equal ones in the order in which they came."""
    row = traits(name="Reception PC", last_user="anna", ips=["10.0.0.7"])

    assert suggested(
        row,
        traits(hostname="WAREHOUSE-01", last_user="bert"),
        traits(hostname="RECEPTION-02"),
        traits(hostname="RECEPTION-01", last_user="anna"),
        traits(hostname="RECEPTION-03"),
        traits(ips=["10.0.0.7"], last_user="anna"),
    ) == [2, 4, 1, 3]


def test_a_device_is_found_by_each_reason_that_suggests_it() -> None:
    """Also one that is named after the user of the row, and one whose user the row is named after."""
    row = traits(name="Carla PC", last_user="anna", ips=["10.0.0.7"], default_gateway="10.0.0.1")

    for other in (
        traits(hostname="ANNA-LAPTOP"),
        traits(last_user="carla.berg"),
        traits(hostname="CARLA-01"),
        traits(ips=["10.0.0.7"]),
        traits(default_gateway="10.0.0.1"),
        traits(last_user="anna"),
    ):
        assert suggested(row, traits(hostname="x"), other) == [1]


def test_no_more_than_five_are_suggested() -> None:
    """A person compares no more with care."""
    row = traits(last_user="anna")

    assert suggested(row, *[row] * 9) == [0, 1, 2, 3, 4]
    assert MOST_SUGGESTIONS == 5


def test_a_word_of_many_devices_finds_none_of_them() -> None:
    """It would suggest any; up to ten it helps."""
    row, other = traits(name="Reception PC"), traits(hostname="RECEPTION-01")

    assert suggested(row, *[other] * MOST_HOLDERS) != []
    assert suggested(row, *[other] * (MOST_HOLDERS + 1)) == []


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["Reception PC", "Recepton", "Anna's laptop", "Front desk", "FRONTDESK-1", "Till 3", "x"]),
    "hostname": st.sampled_from(["RECEPTION-01", "recep", "TILL-03", "ANNA", "LT10055", "lt10051", "cnd3747fy8"]),
    "last_user": st.sampled_from(["anna", "ACME\\anna", "reception", "admin", "till.berg"]),
    "ips": st.lists(st.sampled_from(["10.0.0.1", "10.0.0.7"])),
    "default_gateway": st.sampled_from(["10.0.0.1", "10.0.0.2"]),
    "os_type": st.sampled_from(["Windows", "macOS"]),
}


@given(st.lists(st.fixed_dictionaries({}, optional=FIELDS), min_size=1, max_size=9))
def test_the_index_leaves_out_nothing_that_comparing_all_would_find(fleet: list[dict[str, Any]]) -> None:
    """What is found by what it has in common is what a comparison with each would suggest."""
    row, *others = [traits(**fields) for fields in fleet]
    candidates = Candidates(others)
    compared = [
        Suggested(position, tuple(found))
        for position, other in enumerate(others)
        if (found := resemblances(row, other, candidates.common))
    ]

    assert candidates.suggest(row, most=9) == sorted(compared, key=lambda each: (-each.points, each.position))
