"""
Read `appsettings.json`, overridden by the environment, into one tree of keys, and say where each value came from.

`settings.py` defines what the keys mean; here they are text.
"""

import json
from collections import Counter
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


SYNTAX = {
    "Expecting value": "a value is missing, or is none that JSON has; texts stand in double quotes",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing; no comma follows the last",
    "Illegal trailing comma before end of object": "no comma follows the last key",
    "Illegal trailing comma before end of array": "no comma follows the last value",
    "Expecting ':' delimiter": "a colon is missing after the key",
    "Expecting ',' delimiter": "a comma or the closing bracket is missing",
    "Unterminated string starting at": "the text that begins here has no closing quote",
    "Invalid control character at": "a text goes on over the end of its line, or holds a tab",
    "Invalid \\escape": "a backslash in a text is written twice: \\\\",
    "Extra data": "something follows the end of the settings",
}
"""What the parser says -> what an operator has to look at."""


class Read(NamedTuple):
    """
    What was set: a tree of sections, and for each key in it the file or the variable.

    `wrong` has, by key, a sentence for each thing that cannot be read.
    """

    tree: dict[str, Any]
    sources: dict[str, str]
    wrong: dict[str, str]


def read_all(path: Path | None, environ: Mapping[str, str], known: Collection[str], secrets: Collection[str]) -> Read:
    """
    Read the file (argument, else SAMEBOX_SETTINGS, else ./appsettings.json if it is there), then the environment.

    Args:
        known: Every key that can be set.
        secrets: Those of them whose value may stand in a file of its own (`secret_files`).

    Raises:
        SettingsError: The file cannot be read or is no JSON (with line and column).
    """
    named = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    file = named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    wrong: dict[str, str] = {}
    tree = _read_file(file, wrong) if file else {}
    sources = dict.fromkeys(leaf_keys(tree), str(file))
    for variable, key in _our_variables(environ, [*known, *map(file_key, secrets)]):
        name = ":".join(key)
        if section := _put(tree, key, environ[variable]):
            wrong[name] = f"{name} (environment {variable}): {section} is given a value as well, but is a section"
        else:
            sources[name] = f"environment {variable}"
    return Read(tree, sources, wrong | read_secret_files(tree, sources, secrets))


def _read_file(file: Path, wrong: dict[str, str]) -> dict[str, Any]:
    """The tree of a file; keys that come twice go into `wrong`."""
    return read_tree(read_text(file), str(file), wrong)


def read_text(file: Path) -> str:
    """Return what a file of settings holds. Raises: SettingsError."""
    try:
        return file.read_text("utf-8-sig")  # Windows tools write a byte order mark
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: is not UTF-8 text") from None


def read_tree(text: str, name: str, wrong: dict[str, str]) -> dict[str, Any]:
    """
    Return the tree of sections that a text is; keys that come twice go into `wrong`.

    Args:
        name: What the errors call the text, such as the name of its file.

    Raises:
        SettingsError: It is no JSON (with line and column), or no object.
    """

    def section(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key, count in Counter(key for key, _ in pairs).items():
            if count > 1:
                wrong[f"{key} twice"] = f"{key} ({name}): the key comes twice in one section"
        return dict(pairs)

    try:
        tree = json.loads(text, object_pairs_hook=section, parse_constant=_no_such_number)
    except json.JSONDecodeError as error:
        raise SettingsError(f"{name}: line {error.lineno}, column {error.colno}: {_syntax(error)}") from None
    except RecursionError:
        raise SettingsError(f"{name}: is nested too deeply") from None
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from None
    if not isinstance(tree, dict):
        raise SettingsError(f'{name}: has to hold an object, for example {{"Providers": {{}}}}')
    return tree


def _syntax(error: json.JSONDecodeError) -> str:
    return next((said for words, said in SYNTAX.items() if error.msg.startswith(words)), "this is no JSON")


def _no_such_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def leaf_keys(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the key of each value of a tree."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from leaf_keys(value, f"{prefix}{name}:")
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


def _put(tree: dict[str, Any], key: list[str], text: str) -> str | None:
    """Set a key; where a section above it has a value instead of keys, set nothing and return its name."""
    *sections, name = key
    for section in sections:
        if tree.get(section) is None:
            tree[section] = {}
        tree = tree[section]
        if not isinstance(tree, dict):
            return section
    tree[name] = _decoded(text) if key[0] in {"Policy", "Reports"} else text
    return None


def _decoded(text: str) -> Any:
    """Policy and Reports take lists and objects as well, written as JSON; what is no JSON is text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
