"""All errors of the service are drawn in one place, and the drawing is right."""

import re

import service
from service.core import errors
from tests.errors import defined

DRAWN = dict(re.findall(r"^\s+[-+] (\w+) .*?(\d{3})$", errors.__doc__ or "", re.MULTILINE))
INSIDE = set(re.findall(r"^\* (\w+)", errors.__doc__ or "", re.MULTILINE))


def test_no_error_of_the_service_is_left_out_of_the_drawing() -> None:
    """A reader sees all of them in one place, wherever they are raised."""
    assert defined(service).keys() == DRAWN.keys() | INSIDE


def test_every_error_answers_with_the_status_that_is_drawn() -> None:
    """One handler reads the status, so it must be the class's own; what is not drawn with one is none of the API's."""
    answered = {name: kind for name, kind in defined(service).items() if issubclass(kind, errors.ServiceError)}

    assert {name: str(getattr(kind, "status", "")) for name, kind in answered.items()} == {
        **DRAWN,
        "ServiceError": "500",
    }
