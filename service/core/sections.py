"""
What every section of the settings has in common: PascalCase keys, how they are listed, and the errors for wrong ones.

Nothing here shows a value, because it may be a secret, except below `Policy`, where no value is secret.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

POLICY = "Policy"
"""The section whose values are shown in errors, and are JSON in the environment."""

DEFAULT = "default"
"""Where the value of a key comes from that nobody set."""

LONGEST_SHOWN = 100
"""Characters of a wrong value that an error shows."""

WRONG = {
    "missing": "is missing",
    "model_type": "is a section, and needs an object of keys",
    **dict.fromkeys(["list_type", "frozen_set_type", "tuple_type"], "should be a list"),
    "dict_type": "should be an object",
    **dict.fromkeys(["bool_type", "bool_parsing"], "should be true or false"),
    **dict.fromkeys(["int_type", "int_parsing", "int_parsing_size", "int_from_float"], "should be a whole number"),
    **dict.fromkeys(["float_type", "float_parsing", "finite_number"], "should be a number"),
    "greater_than": "should be more than {gt:g}",
    "greater_than_equal": "should be at least {ge:g}",
    "less_than": "should be less than {lt:g}",
    "less_than_equal": "should be at most {le:g}",
    **dict.fromkeys(["enum", "literal_error"], "should be {expected}"),
    **dict.fromkeys(["string_type", "string_unicode"], "should be a text"),
    "string_too_short": "should be a text that is not empty",
    "string_too_long": "should be a text of at most {max_length} characters",
    "path_type": "should be the path of a folder or file",
    "value_error": "{error}",
}
"""Kind of mistake -> what is wrong; the library's own words are those of a programmer."""


class Section(BaseModel):
    """A section of the settings: PascalCase keys, none unknown, nothing changed once read."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_pascal, validate_by_name=True, hide_input_in_errors=True
    )


class Item(NamedTuple):
    """A key that can be set, what is known about it, and its value where there are values to show."""

    key: str
    field: FieldInfo
    value: Any


class Mistake(NamedTuple):
    """A key that is wrong, and a sentence that names it, says what is wrong, and gives an example."""

    key: str
    sentence: str


def items(section: type[BaseModel], values: BaseModel | None = None, prefix: str = "") -> Iterator[Item]:
    """Yield every key below a section; where there are values, a section that is not set stands for its keys."""
    for name, field in section.model_fields.items():
        key = f"{prefix}{field.alias}"
        value = getattr(values, name, None)
        inner = section_of(field)
        if inner and (values is None or value is not None):
            yield from items(inner, value, f"{key}:")
        else:
            yield Item(key, field, value)


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the section that a field holds, or None."""
    kinds = get_args(field.annotation) or (field.annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def source_of(key: str, sources: Mapping[str, str]) -> str:
    """Return the file or variable that sets a key or something below it."""
    return next((source for known, source in sources.items() if f"{known}:".startswith(f"{key}:")), DEFAULT)


def mistakes(
    error: ValidationError, known: Mapping[str, FieldInfo], sources: Mapping[str, str], prefix: str = ""
) -> Iterator[Mistake]:
    """
    Yield all that is wrong with settings.

    Args:
        known: Every key that can be set, `prefix` included.
        sources: Key -> the file or variable that sets it; without any, the sentences name none.
        prefix: The key of the section that was read, with a colon; empty for all settings.
    """
    for problem in error.errors():
        names = (part for part in problem["loc"] if isinstance(part, str) and part != "[key]")
        key = prefix + ":".join(names)
        yield Mistake(key, f"{key}{_where(problem, key, sources)}: {_wrong(problem, key, known)}")


def _where(problem: ErrorDetails, key: str, sources: Mapping[str, str]) -> str:
    """The file or variable that sets a key; of one that is missing, the one that sets its section."""
    set_there = key.rpartition(":")[0] if problem["type"] == "missing" else key
    source = source_of(set_there, sources)
    return f" ({source})" if sources and source != DEFAULT else ""


def _wrong(problem: ErrorDetails, key: str, known: Mapping[str, FieldInfo]) -> str:
    if problem["type"] == "extra_forbidden":
        nearest, _, _ = process.extractOne(key, [*known, *_sections(known)], scorer=fuzz.ratio)
        return f"there is no such key; did you mean {nearest}{_example(nearest, known.get(nearest))}"
    setting = next((name for name in known if f"{key}:".startswith(f"{name}:")), "")
    field = known.get(setting)
    if problem["type"] not in WRONG:
        meaning = (field.description or "").removesuffix(".") if field else ""
        return f"does not fit ({meaning}){_example(setting, field)}"
    demand = WRONG[problem["type"]].format(**problem.get("ctx", {}))
    if demand.startswith("should ") and key.startswith(f"{POLICY}:"):
        demand = f"{_shown(problem)}; it {demand}"
    return demand + _example(setting, field)


def _shown(problem: ErrorDetails) -> str:
    is_inside = not isinstance(problem["loc"][-1], str) or problem["loc"][-1] == "[key]"
    return f"{'holds' if is_inside else 'is'} {problem['input']!r:.{LONGEST_SHOWN}}"


def _sections(known: Mapping[str, FieldInfo]) -> set[str]:
    parts = [key.split(":") for key in known]
    return {":".join(key[:depth]) for key in parts for depth in range(1, len(key))}


def _example(key: str, field: FieldInfo | None) -> str:
    if field is None:
        return ""
    return f"; for example {json.dumps(key.rpartition(':')[2])}: {json.dumps(example_of(field), default=str)}"


def example_of(field: FieldInfo) -> Any:
    """Return a value that would be right: the first example, else the default."""
    return field.examples[0] if field.examples else field.default
