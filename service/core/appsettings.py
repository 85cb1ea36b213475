"""
Read `appsettings.json`, overridden by the environment, into one tree of keys, and say where each value came from.

`settings.py` defines what the keys mean; here they are text.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from rapidfuzz import fuzz

from service.core.errors import SettingsError
from service.core.secret_files import file_key, read_secret_files

FILE_VARIABLE = "SAMEBOX_SETTINGS"
DEFAULT_FILE = Path("appsettings.json")

OURS = 90
"""Likeness (0 to 100) to one of our sections at which a variable with `__` is ours, perhaps misspelt."""


class Read(NamedTuple):
    """What was set: a tree of sections, and for each key in it the file or the variable."""

    tree: dict[str, Any]
    sources: dict[str, str]


def read_all(path: Path | None, environ: Mapping[str, str], known: Collection[str], secrets: Collection[str]) -> Read:
    """
    Read the file (argument, else SAMEBOX_SETTINGS, else ./appsettings.json if it is there), then the environment.

    Args:
        known: Every key that can be set.
        secrets: Those of them whose value may stand in a file of its own (`secret_files`).

    Raises:
        SettingsError: The file cannot be read or is no JSON (with line and column), a variable sets a section, or the
            file of a secret cannot be used.
    """
    named = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    file = named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    tree = _read_file(file) if file else {}
    sources = dict.fromkeys(_leaf_keys(tree), str(file))
    for variable, key in _our_variables(environ, [*known, *map(file_key, secrets)]):
        _put(tree, key, environ[variable], variable)
        sources[":".join(key)] = f"environment {variable}"
    read_secret_files(tree, sources, secrets)
    return Read(tree, sources)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        # Windows tools write a byte order mark
        tree = json.loads(file.read_text("utf-8-sig"), object_pairs_hook=_no_key_twice, parse_constant=_no_such_number)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"{file}: line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise SettingsError(f"{file}: is nested too deeply") from None
    except ValueError as error:
        raise SettingsError(f"{file}: {error}") from None
    if not isinstance(tree, dict):
        raise SettingsError(f'{file}: has to hold an object, for example {{"Providers": {{}}}}')
    return tree


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"the key {key} comes twice in one section")
    return dict(pairs)


def _no_such_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _leaf_keys(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _leaf_keys(value, f"{prefix}{name}:")
        else:
            yield prefix + name


def _our_variables(environ: Mapping[str, str], known: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """Variables below our sections, each with its key; any case will do, because Windows has upper case only."""
    spelling = {key.casefold(): key for key in known}
    tops = {key.partition(":")[0] for key in spelling}
    for variable in sorted(environ):
        top, *rest = variable.split("__")
        if rest and max(fuzz.ratio(top.casefold(), ours) for ours in tops) >= OURS:
            key = variable.replace("__", ":")
            yield variable, spelling.get(key.casefold(), key).split(":")


def _put(tree: dict[str, Any], key: list[str], text: str, variable: str) -> None:
    *sections, name = key
    for section in sections:
        if tree.get(section) is None:
            tree[section] = {}
        tree = tree[section]
        if not isinstance(tree, dict):
            raise SettingsError(
                f"{':'.join(key)}: {section} is given a value, but is a section (environment {variable})"
            )
    tree[name] = _decoded(text) if key[0] in {"Policy", "Reports"} else text


def _decoded(text: str) -> Any:
    """Policy and Reports take lists and objects as well, written as JSON; what is no JSON is text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
