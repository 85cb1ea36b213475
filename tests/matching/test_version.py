"""The version of the rules is a number that grows."""

from matching.version import ENGINE_VERSION


def test_the_version_is_above_that_of_stores_that_have_none() -> None:
    """Stores of 0.1.0 are taken for version 1."""
    assert ENGINE_VERSION > 1
