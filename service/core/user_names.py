"""
Names of last users that are to be forgotten: found in what providers say, in any of the ways in which they write them.

Only salted hashes are known of the names, so that what is kept in order to forget them does not itself list them.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORGOTTEN = "[forgotten]"
"""What stands in the place of a name inside a longer text."""

_PARTS = re.compile(r"[^,;|\r\n]+")
"""Entries of a list: a name may hold blanks."""

_WORDS = re.compile(re.escape(FORGOTTEN) + r"|[^\s,;|=:()<>\[\]{}\"]+")

_EDGES = " \t.'`!?*"


@dataclass(frozen=True)
class ForgottenUsers:
    """The names to forget, as hashes; false when there are none."""

    salt: str
    hashes: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def cleaned(self, value: Any) -> Any:
        """Return a value of JSON without the names; `FORGOTTEN` stands in their places, also in keys."""
        match value:
            case str():
                return _PARTS.sub(self._cleaned, _WORDS.sub(self._cleaned, value))
            case list():
                return [self.cleaned(each) for each in value]
            case Mapping():
                return {self.cleaned(name): self.cleaned(each) for name, each in value.items()}
            case _:
                return value

    def _cleaned(self, found: re.Match[str]) -> str:
        name = found[0].strip(_EDGES)
        return found[0].replace(name, FORGOTTEN) if name and self._is_one(name) else found[0]

    def _is_one(self, name: str) -> bool:
        """`jdoe` is also found as `ACME\\jdoe`, `jdoe@acme.com` and `C:\\Users\\jdoe`."""
        forms = {name, name.partition("@")[0], *re.split(r"[\\/]", name)}
        return any(hash_of(form, self.salt) in self.hashes for form in forms)


def hash_of(name: str, salt: str) -> str:
    """Return the hash of a name (HMAC of SHA-256), which is the same in upper and lower case."""
    return hmac.digest(salt.encode(), name.casefold().encode(), "sha256").hex()
