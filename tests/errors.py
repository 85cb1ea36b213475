"""The errors that the modules of a package define."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from types import ModuleType

NOT_IMPORTED = "service.store.migrations.env"
"""A script that Alembic runs."""

ON_SPARK = "service.spark."
"""What can be imported only where the extra `spark` is, as in CI."""


def subclasses(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """Yield all that derives from a class."""
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def defined(package: ModuleType) -> dict[str, type[BaseException]]:
    """Return every error that a module of a package defines, by name."""
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        is_there = not module.name.startswith(ON_SPARK) or find_spec("pyspark")
        if is_there and module.name != NOT_IMPORTED:
            import_module(module.name)
    return {
        kind.__name__: kind for kind in subclasses(BaseException) if kind.__module__.startswith(f"{package.__name__}.")
    }
