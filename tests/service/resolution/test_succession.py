"""Ids live as long as any heir of their records; who inherits does not depend on chance."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from matching.model import Key
from service.resolution.succession import Former, pair

NIGHT = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = [Key("p", str(number)) for number in range(9)]
SINCE = {key: NIGHT + timedelta(days=int(key.id)) for key in KEYS}


def former(name: str, day: int, *numbers: int) -> Former:
    """Return a device as it was, born on a day, with the records of these numbers."""
    return Former(name, NIGHT + timedelta(days=day), frozenset(KEYS[number] for number in numbers), "{}")


def part(*numbers: int) -> tuple[Key, ...]:
    """Return the records of a new device."""
    return tuple(KEYS[number] for number in numbers)


def grouped(homes: Sequence[int]) -> list[frozenset[Key]]:
    """Return the keys in groups, given the group of each; -1: in none."""
    return [
        frozenset(key for key, home in zip(KEYS, homes, strict=True) if home == group)
        for group in sorted(set(homes) - {-1})
    ]


def test_a_merge_keeps_the_older_id() -> None:
    """Even if the younger device is larger: its id is the one that fewer people hold."""
    pairing = pair([former("young", 2, 1, 2, 3), former("old", 1, 0)], [part(0, 1, 2, 3)], SINCE)

    assert pairing.kept == {0: "old"}
    assert pairing.heirs == {"young": 0}


def test_a_split_keeps_the_id_with_the_larger_part() -> None:
    """Most of what the id stood for is there."""
    assert pair([former("it", 1, 0, 1, 2)], [part(0), part(1, 2)], SINCE).kept == {1: "it"}


def test_a_split_into_halves_keeps_the_id_with_the_older_record() -> None:
    """The record that came first is what the id was made for."""
    since = {KEYS[0]: NIGHT + timedelta(1), KEYS[1]: NIGHT}

    assert pair([former("it", 1, 0, 1)], [part(0), part(1)], since).kept == {1: "it"}


def test_an_id_without_records_has_no_heir() -> None:
    """Its device is gone, and nothing took its place."""
    assert pair([former("it", 1, 0)], [part(1)], SINCE).heirs == {"it": None}


def test_an_id_that_loses_the_larger_part_to_an_older_one_lives_on_in_the_smaller() -> None:
    """An id lives as long as any heir of its records is free."""
    pairing = pair([former("old", 1, 0), former("young", 2, 1, 2, 3)], [part(0, 1, 2), part(3)], SINCE)

    assert pairing.kept == {0: "old", 1: "young"}


homes = st.lists(st.integers(-1, 4), min_size=len(KEYS), max_size=len(KEYS))


@given(homes, homes, st.randoms())
def test_every_id_lives_on_once_or_leads_to_an_heir(before: list[int], after: list[int], random: Random) -> None:
    """Whatever moves: no id twice, none forgotten, an heir shares a record, and no order of arrival matters."""
    formers = [Former(str(i), NIGHT, keys, "{}") for i, keys in enumerate(grouped(before))]
    parts = [tuple(sorted(keys)) for keys in grouped(after)]

    pairing = pair(formers, parts, SINCE)
    kept = list(pairing.kept.values())

    assert sorted([*kept, *pairing.heirs]) == sorted(each.id for each in formers)
    for place, name in pairing.kept.items():
        assert formers[int(name)].keys & set(parts[place])
    for name, heir in pairing.heirs.items():
        shared = formers[int(name)].keys & {key for keys in parts for key in keys}
        assert shared & set(parts[heir]) if heir is not None else not shared
    shuffled = formers[:]
    random.shuffle(shuffled)
    assert pair(shuffled, parts, SINCE) == pairing
