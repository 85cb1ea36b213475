"""Who asks the service, and what they may do."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from service.access.scopes import Scope, granted
from service.core.errors import InsufficientScope, NeedsUnboundKey, ProviderNotAllowed
from service.store.access.actors import Actor
from service.store.access.visibility import Visibility


@dataclass(frozen=True)
class Caller:
    """
    Who asks: the bearer of a key, or whoever is at this machine where no key is asked for.

    `providers` are those whose records the caller may write if a scope lets them write any; None: every one.
    `visibility` says which records the caller sees; None: all of them.
    """

    name: str
    key_id: str | None
    scopes: frozenset[Scope]
    providers: frozenset[str] | None = None
    visibility: Visibility | None = None

    @cached_property
    def actor(self) -> Actor:
        """Who the caller is to the change feed."""
        return Actor(self.name, self.key_id)

    @cached_property
    def granted(self) -> frozenset[Scope]:
        """Everything that the scopes allow."""
        return granted(self.scopes)

    def require(self, scopes: Collection[str]) -> None:
        """Let the caller pass who may do all of this. Raises: InsufficientScope."""
        for scope in scopes:
            if scope not in self.granted:
                has = ", ".join(sorted(self.scopes)) or "none"
                raise InsufficientScope(f"this call needs a key with the scope {scope}; yours has {has}", scope=scope)

    def require_unbound(self) -> None:
        """Let the caller pass whose key is not bound to customers. Raises: NeedsUnboundKey."""
        if self.visibility is not None:
            raise NeedsUnboundKey("this call needs a key that is not bound to customers; yours is")

    def may_write(self, provider: str) -> bool:
        """Whether the caller may write records of a provider."""
        return Scope.INGEST in self.granted and (self.providers is None or provider in self.providers)

    def require_provider(self, provider: str) -> None:
        """Let the caller pass who may write records of a provider. Raises: ProviderNotAllowed."""
        if not self.may_write(provider):
            known = sorted(self.providers or ())
            sentence = f"this key may write records of {', '.join(known) or 'none'}, and not of {provider[:100]!r}"
            raise ProviderNotAllowed(sentence, providers=known)


LOCAL = Caller("someone on this machine", None, frozenset({Scope.ADMIN}))
"""Whoever asks a service without keys, which answers to this machine alone."""

ANYBODY = Caller("anybody", None, frozenset(), frozenset())
"""Whoever asks for what needs no key where keys are asked for: a platform that checks health."""
