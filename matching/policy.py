"""
What a fleet may want otherwise, as data. Every setting has a cautious default and its reason.

The JSON form (settings, `--policy FILE`) uses the same names in PascalCase: `BoardReplacement`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from matching.errors import BadPolicy, UnusableValue
from matching.normalise import NORMALISERS

KindValues = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that an operator may turn; the defaults prefer a review to a wrong join."""

    board_replacement: str = "review"
    """`join`: equal serial and equal hostname in one company outweigh differing GUIDs (a new mainboard)."""

    mac_against_name: str = "review"
    """`join`: a shared MAC joins records whose hostnames differ (a renamed machine; or a dock that travelled)."""

    complete_adapters: Mapping[str, bool] = field(default_factory=dict)
    """Provider -> whether it lists every adapter of a box; where it is not set, calibration measures it."""

    trust: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Provider -> kind -> `measured` (default), `always` or `never`: whether its field is taken at its word."""

    allow: KindValues = field(default_factory=dict)
    """Kind -> values that are evidence although a list or the data says otherwise."""

    deny: KindValues = field(default_factory=dict)
    """Kind -> values that are no evidence in this fleet. Outweighs everything else."""

    company_map: tuple[frozenset[str], ...] = ()
    """Groups of `provider:company` (id or name) that are one customer, whatever their names say."""

    catch_all_companies: frozenset[str] = frozenset(
        {"unassigned", "catchall", "catch-all", "catch all", "default", "unknown", "new devices", "none", "n/a"}
    )
    """Names of companies that are no customer: records there are of unknown company. Compared without case."""

    retired_statuses: frozenset[str] = frozenset(
        {"retired", "inactive", "decommissioned", "disposed", "archived", "deleted", "removed", "scrapped", "sold"}
    )
    """Statuses that mean that the box is no longer in use. Compared without case."""

    non_device_types: frozenset[str] = frozenset(
        {"licence", "licences", "license", "licenses", "licensing", "subscription", "contract", "warranty", "agreement"}
        | {"domain", "certificate", "ssl", "toner", "consumable", "software", "application"}
    )
    """Words in a record's type that make it no device: what it carries belongs to the device it is about."""

    psa_providers: frozenset[str] = frozenset({"cw_manage"})
    """Providers whose rows people keep; the others are agents that report what they measure."""

    precedence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Golden field -> providers in the order in which they are believed; others follow in the default order."""

    max_holders: int = 200
    """Records that may hold one value before it stops being evidence. No box has that many rows."""

    islands: int = 3
    """Boxes with nothing else in common, inside one provider, that make a value over-shared."""

    @classmethod
    def from_settings(cls, mapping: Mapping[str, object]) -> Self:
        """
        Read the PascalCase form.

        Raises:
            BadPolicy: An unknown key or a value that does not fit, named with what would.
        """
        known = {_pascal(item.name): item.name for item in fields(cls)}
        values: dict[str, Any] = {}
        for key, value in mapping.items():
            if key not in known:
                raise BadPolicy(key, f"no such policy; there are {', '.join(sorted(known))}")
            values[known[key]] = READERS[known[key]](key, value)
        return cls(**values)


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _choice(*options: str) -> Callable[[str, object], str]:
    def read(key: str, value: object) -> str:
        if value not in options:
            raise BadPolicy(key, f"is {value!r}; write {' or '.join(map(repr, options))}")
        return str(value)

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


def _trust(key: str, value: object) -> dict[str, dict[str, str]]:
    read = _choice("measured", "always", "never")
    trust: dict[str, dict[str, str]] = {}
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
    "board_replacement": _choice("review", "join"),
    "mac_against_name": _choice("review", "join"),
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
