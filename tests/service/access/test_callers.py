"""What a caller may do, and what a refusal says."""

import pytest

from service.access.callers import ANYBODY, LOCAL, Caller
from service.access.scopes import Scope
from service.core.errors import InsufficientScope, ProviderNotAllowed
from service.store.access.actors import Actor

PUSHER = Caller("agent", "k-1", frozenset({Scope.INGEST}), frozenset({"rmm_alpha"}))
ADMIN = Caller("ops", "k-2", frozenset({Scope.ADMIN}))
READER = Caller("helpdesk", "k-3", frozenset({Scope.READ}))


def test_a_missing_scope_is_named_with_those_that_there_are() -> None:
    """So that its bearer knows what to ask an administrator for."""
    PUSHER.require(["ingest"])
    with pytest.raises(InsufficientScope, match="needs a key with the scope read; yours has ingest"):
        PUSHER.require(["ingest", "read"])


def test_records_are_written_of_the_providers_that_a_key_names() -> None:
    """An administrator's key names none and writes all; a key that cannot write at all writes none."""
    PUSHER.require_provider("rmm_alpha")
    ADMIN.require_provider("anything")
    LOCAL.require_provider("anything")
    with pytest.raises(ProviderNotAllowed, match="records of rmm_alpha, and not of 'rmm_beta'"):
        PUSHER.require_provider("rmm_beta")
    assert not READER.may_write("rmm_alpha")


def test_who_needs_no_key_may_do_nothing_else() -> None:
    """A health check among keys is nobody's way in."""
    for scope in Scope:
        with pytest.raises(InsufficientScope, match="yours has none"):
            ANYBODY.require([scope])
        LOCAL.require([scope])
    assert not ANYBODY.may_write("rmm_alpha")


def test_a_caller_is_an_actor_by_name_and_key() -> None:
    """The change feed tells two keys of one name apart."""
    assert PUSHER.actor == Actor("agent", "k-1")
    assert LOCAL.actor == Actor("someone on this machine", None)
