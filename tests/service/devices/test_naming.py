"""Names before ids, and short records."""

import pytest

from service.devices.naming import day_and_time, device_name, records_named


@pytest.mark.parametrize(
    ("values", "records", "name"),
    [
        ({"name": "NB-1", "hostname": "nb-1.acme.example"}, ["a:1"], "NB-1"),
        ({"hostname": "nb-1"}, ["a:1"], "nb-1"),
        ({"name": ""}, ["a:1", "b:2"], "a:1"),
        ({}, [], "a device without a name"),
    ],
)
def test_a_device_is_called_by_the_best_name_that_it_has(values: dict[str, str], records: list[str], name: str) -> None:
    """Its first record is better than nothing."""
    assert device_name(values, records) == name


def test_only_long_ids_of_records_are_cut_and_only_where_not_all_is_asked_for() -> None:
    """An id that holds a colon is one id."""
    records = ["a:x:1", f"cw_rmm:{'0123456789' * 3}"]

    assert records_named(records) == "a:x:1, cw_rmm:01234567.."
    assert records_named(records, full=True) == ", ".join(records)


def test_a_time_that_is_not_known_says_nothing() -> None:
    """Also one with parts of seconds is read to the minute."""
    assert [day_and_time(each) for each in (None, "", "2026-11-20T05:58:49.011000Z")] == ["", "", "2026-11-20 05:58"]
