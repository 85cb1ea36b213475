"""All errors are drawn in one place, and the drawing is right."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import matching
import service
from matching import errors as of_matching
from service.core import errors

DRAWN = dict(re.findall(r"^\s+[-+] (\w+) .*?(\d{3})$", errors.__doc__ or "", re.MULTILINE))
INSIDE = set(re.findall(r"^\* (\w+)", errors.__doc__ or "", re.MULTILINE))
OF_MATCHING = set(re.findall(r"^\s*[-*] (\w+)", of_matching.__doc__ or "", re.MULTILINE))

NOT_IMPORTED = "service.store.migrations.env"
"""A script that Alembic runs."""


def subclasses(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """Yield all that derives from a class."""
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def defined(package: str) -> dict[str, type[BaseException]]:
    """Return every error that a module of a package defines, by name."""
    for root in (matching, service):
        for module in walk_packages(root.__path__, f"{root.__name__}."):
            if module.name != NOT_IMPORTED:
                import_module(module.name)
    return {kind.__name__: kind for kind in subclasses(BaseException) if kind.__module__.startswith(f"{package}.")}


def test_no_error_of_the_service_is_left_out_of_the_drawing() -> None:
    """A reader sees all of them in one place, wherever they are raised."""
    assert defined("service").keys() == DRAWN.keys() | INSIDE


def test_no_error_of_the_engine_is_left_out_of_its_drawing() -> None:
    """It has a drawing of its own, for it knows nothing of the service."""
    assert defined("matching").keys() == OF_MATCHING


def test_every_error_answers_with_the_status_that_is_drawn() -> None:
    """One handler reads the status, so it must be the class's own; what is not drawn with one is none of the API's."""
    answered = {name: kind for name, kind in defined("service").items() if issubclass(kind, errors.ServiceError)}

    assert {name: str(getattr(kind, "status", "")) for name, kind in answered.items()} == {
        **DRAWN,
        "ServiceError": "500",
    }
