"""Read a policy from settings: PascalCase keys, each value checked, the first that does not fit named."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from matching.codes import Code
from matching.errors import BadPolicy, UnusableValue
from matching.policy import OnConflict, Policy, Trust
from matching.values.normalise import NORMALISERS

C = TypeVar("C", bound=Code)


def read_policy_settings(mapping: Mapping[str, object]) -> Policy:
    """
    Return the policy that settings describe.

    Raises:
        BadPolicy: An unknown key or a value that does not fit, named with what would.
    """
    known = {_pascal(item.name): item.name for item in fields(Policy)}
    values: dict[str, Any] = {}
    for key, value in mapping.items():
        if key not in known:
            raise BadPolicy(key, f"no such policy; there are {', '.join(sorted(known))}")
        values[known[key]] = READERS[known[key]](key, value)
    return Policy(**values)


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _choice(options: type[C]) -> Callable[[str, object], C]:
    def read(key: str, value: object) -> C:
        if value not in list(options):
            raise BadPolicy(key, f"is {value!r}; write {' or '.join(repr(str(each)) for each in options)}")
        return options(str(value))

    return read


def _count(least: int) -> Callable[[str, object], int]:
    def read(key: str, value: object) -> int:
        if isinstance(value, str) and value.isdigit():  # from the environment
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise BadPolicy(key, f"is {value!r}; write a whole number from {least}")
        return value

    return read


def _object(key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadPolicy(key, f"is {value!r}; write an object")
    return value


def _names(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item.strip() for item in value):
        raise BadPolicy(key, f"is {value!r}; write a list of texts")
    return tuple(item.strip() for item in value)


def _folded_names(key: str, value: object) -> frozenset[str]:
    return frozenset(name.casefold() for name in _names(key, value))


def _provider_names(key: str, value: object) -> frozenset[str]:
    return frozenset(_names(key, value))


def _flags(key: str, value: object) -> dict[str, bool]:
    flags: dict[str, bool] = {}
    for provider, flag in _object(key, value).items():
        text = str(flag).lower()
        if text not in {"true", "false"}:
            raise BadPolicy(f"{key}:{provider}", f"is {flag!r}; write true or false")
        flags[provider] = text == "true"
    return flags


def _trust(key: str, value: object) -> dict[str, dict[str, Trust]]:
    read = _choice(Trust)
    trust: dict[str, dict[str, Trust]] = {}
    for provider, kinds in _object(key, value).items():
        where = f"{key}:{provider}"
        trust[provider] = {
            _kind(where, kind): read(f"{where}:{kind}", word) for kind, word in _object(where, kinds).items()
        }
    return trust


def _kind(key: str, kind: str) -> str:
    if kind not in NORMALISERS:
        raise BadPolicy(f"{key}:{kind}", f"no such kind; there are {', '.join(NORMALISERS)}")
    return kind


def _values(key: str, value: object) -> dict[str, frozenset[str]]:
    lists: dict[str, frozenset[str]] = {}
    for kind, raws in _object(key, value).items():
        normalise = NORMALISERS[_kind(key, kind)]
        try:
            lists[kind] = frozenset(normalise(raw) for raw in _names(f"{key}:{kind}", raws))
        except UnusableValue as error:
            raise BadPolicy(f"{key}:{kind}", str(error)) from error
    return lists


def _company_map(key: str, value: object) -> tuple[frozenset[str], ...]:
    if not isinstance(value, list | tuple):
        raise BadPolicy(key, f"is {value!r}; write a list of lists of provider:company")
    groups = tuple(frozenset(_names(key, group)) for group in value)
    for name in (name for group in groups for name in group):
        if not all(name.partition(":")):
            raise BadPolicy(key, f"holds {name!r}; write provider:company, such as cw_manage:250")
    return groups


def _precedence(key: str, value: object) -> dict[str, tuple[str, ...]]:
    return {name: _names(f"{key}:{name}", providers) for name, providers in _object(key, value).items()}


READERS: dict[str, Callable[[str, object], Any]] = {
    "board_replacement": _choice(OnConflict),
    "mac_against_name": _choice(OnConflict),
    "complete_adapters": _flags,
    "trust": _trust,
    "allow": _values,
    "deny": _values,
    "company_map": _company_map,
    "catch_all_companies": _folded_names,
    "retired_statuses": _folded_names,
    "non_device_types": _folded_names,
    "psa_providers": _provider_names,
    "precedence": _precedence,
    "max_holders": _count(2),
    "islands": _count(2),
}
