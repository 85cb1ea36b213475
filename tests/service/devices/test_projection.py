"""What an answer shows is chosen by known names."""

import pytest

from service.core.errors import BadRequest
from service.devices.projection import NOTHING_MORE, Expansion, Projection


def test_names_are_read_with_blanks_and_commas() -> None:
    """Nothing, blanks and stray commas choose nothing."""
    assert Projection.parse(None, None) == Projection.parse("", " ") == Projection.parse(",", " ,") == NOTHING_MORE
    assert Projection.parse(" records,provenance", "serial , os") == Projection(
        frozenset({Expansion.RECORDS, Expansion.PROVENANCE}), frozenset({"serial", "os"})
    )


@pytest.mark.parametrize(
    ("expand", "fields", "sentence"),
    [
        ("record", None, "expand .* is it records"),
        (None, "host_name", "fields .* is it hostname"),
        ("x" * 9, None, "is it"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(expand: str | None, fields: str | None, sentence: str) -> None:
    """The sentence says which parameter holds it."""
    with pytest.raises(BadRequest, match=sentence):
        Projection.parse(expand, fields)
