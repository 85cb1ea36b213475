"""Two partitions of the same records are compared device by device."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from service.resolution.regrouping import regrouping

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)


def devices(found: list[int]) -> list[list[int]]:
    """Return the places in groups, given the group of each."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(found):
        groups[label].append(place)
    return list(groups.values())


def test_a_record_that_moves_makes_one_device_split_and_another_merge() -> None:
    """The largest former device and the largest part come first; what keeps its records is kept."""
    found = regrouping([[0], [1, 2, 3], [4], [5]], [[0, 3], [1, 2], [4], [5]])

    assert [(each.formers, each.device) for each in found.merging] == [([[1, 2, 3], [0]], [0, 3])]
    assert [(each.former, each.parts) for each in found.splitting] == [([1, 2, 3], [[1, 2], [3]])]
    assert found.kept == [[4], [5]]


@given(labels)
def test_every_device_is_kept_or_merges_or_comes_from_one_that_splits(pairs: list[tuple[int, int]]) -> None:
    """What merges has records of several former devices, what splits is in several devices, and the rest is equal."""
    before, after = devices([one for one, _ in pairs]), devices([other for _, other in pairs])

    found = regrouping(before, after)

    parents = [({one for one, other in pairs if other == pairs[each[0]][1]}, each) for each in after]
    heirs = [({other for one, other in pairs if one == pairs[each[0]][0]}, each) for each in before]
    assert sorted(list(each.device) for each in found.merging) == sorted(each for own, each in parents if len(own) > 1)
    assert sorted(list(each.former) for each in found.splitting) == sorted(each for own, each in heirs if len(own) > 1)
    assert sorted(map(list, found.kept)) == sorted(each for each in after if each in before)
    assert all(sorted(place for part in each.parts for place in part) == each.former for each in found.splitting)
