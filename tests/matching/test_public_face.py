"""What `matching` exports: few names, all documented, with an example that runs."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import matching

MODULES = [matching, *(importlib.import_module(m.name) for m in pkgutil.walk_packages(matching.__path__, "matching."))]

WITH_EXAMPLES = [module for module in MODULES if ">>>" in inspect.getsource(module)]


def test_at_most_20_names_are_exported_in_order() -> None:
    """A newcomer reads them all. They are sorted, and each is there once."""
    assert 0 < len(matching.__all__) <= 20
    assert matching.__all__ == sorted(set(matching.__all__))


def test_all_that_is_imported_is_exported() -> None:
    """No name is public by accident."""
    ours = {name for name, value in vars(matching).items() if not (name.startswith("_") or inspect.ismodule(value))}

    assert ours == set(matching.__all__)


@pytest.mark.parametrize("name", matching.__all__)
def test_each_exported_name_is_documented(name: str) -> None:
    """With a sentence, not the signature that a data class has for a docstring when nobody wrote one."""
    text = getattr(matching, name).__doc__

    assert text
    assert text.strip().partition("\n\n")[0].endswith(".")
    assert not text.startswith(f"{name}(")


@pytest.mark.parametrize("module", WITH_EXAMPLES, ids=lambda module: module.__name__)
def test_the_examples_in_the_documentation_hold(module: object) -> None:
    """What a docstring shows is what happens; the package's own example is one of them."""
    assert matching in WITH_EXAMPLES
    result = doctest.testmod(module)  # type: ignore[arg-type]

    assert result.attempted > 0
    assert result.failed == 0


def test_networkx_is_loaded_only_when_a_graph_is_asked_for() -> None:
    """It takes longer to load than a small fleet takes to resolve. Asked in a process that has loaded nothing yet."""
    program = """
import sys
import matching
resolution = matching.resolve_records([{"provider": "p", "id": "1"}])
assert resolution.devices
print("networkx" in sys.modules)
resolution.graph(resolution.devices[0])
print("networkx" in sys.modules)
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.split() == ["False", "True"]
