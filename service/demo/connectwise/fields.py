"""The `fields` parameter: `id,name,status/id` keeps three fields of a row, nested as they were."""

from collections.abc import Mapping
from typing import Any

Wanted = dict[str, "Wanted"]


def projected(content: Any, parameter: str) -> Any:
    """Return a row, or each of a list of rows, with only the fields asked for; all fields if none are named."""
    return _project(content, _wanted(parameter)) if parameter else content


def _wanted(parameter: str) -> Wanted:
    """Return the names asked for as a tree; a name without children stands for all below it."""
    tree: Wanted = {}
    for path in parameter.split(","):
        branch = tree
        for step in path.strip().split("/"):
            branch = branch.setdefault(step, {})
    return tree


def _project(value: Any, tree: Wanted) -> Any:
    if isinstance(value, list):
        return [_project(item, tree) for item in value]
    if not isinstance(value, Mapping) or not tree:
        return value
    return {name: _project(value[name], below) for name, below in tree.items() if name in value}
