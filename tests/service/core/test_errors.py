"""The tree of errors is drawn in the module's docstring, and the drawing is right."""

import re

import pytest

from service.core import errors

DRAWN = re.findall(r"^\s+[-+] (\w+) .*?(\d{3})$", errors.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize(("name", "status"), DRAWN)
def test_every_error_answers_with_the_status_that_is_drawn(name: str, status: str) -> None:
    """One handler reads the status, so it must be the class's own."""
    assert getattr(errors, name).status == int(status)


def test_no_error_is_left_out_of_the_drawing() -> None:
    """A reader sees all of them in one place."""
    defined = {name for name, kind in vars(errors).items() if isinstance(kind, type)}

    assert defined == {name for name, _ in DRAWN} | {"ServiceError", "Unparsable"}
