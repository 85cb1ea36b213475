"""Records as the flat rows that the other contenders take."""

from benchmarks.flat import flat


def test_cleaned_values_hold_no_filler_of_the_generator() -> None:
    """Texts of firmware and constants of clouds are taken out where values are cleaned, and are left in where not."""
    row = {
        "serial": ["OEM Default string000", "Amazon EC2", "5CG0217KXM"],
        "bios_guid": "03FF02FF-04FF-05FF-FF06-FF0700080009",
    }

    assert flat(1, row, cleaned=True).serials == ["5cg0217kxm"]
    assert flat(1, row, cleaned=True).guid is None
    assert len(flat(1, row, cleaned=False).serials) == 3
    assert flat(1, row, cleaned=False).guid is not None


def test_several_addresses_in_one_text_are_several() -> None:
    """Whatever stands between them: a careful user would split them as well."""
    for between in (",", ", ", ";", " "):
        row = {"macs": [between.join(("3C:52:82:AA:BB:11", "3C-52-82-AA-BB-12"))]}

        assert flat(1, row, cleaned=True).macs == ["3c5282aabb11", "3c5282aabb12"]
