"""
What a key may do.

A key has a set of scopes. `admin` grants all others and `steward` grants `read`; `ingest` grants nothing else, so that
a program that only pushes records cannot read those of others.
"""

from collections.abc import Collection, Mapping

from matching.codes import Code


class Scope(Code):
    """A part of the API that a key opens."""

    READ = "read", "read", "Look up, list, explain and report; preview what a decision would do."
    INGEST = "ingest", "ingest", "Push and delete records of the providers that the key names."
    STEWARD = "steward", "steward", "Make and revoke decisions, and all that read may do."
    ADMIN = "admin", "admin", "Everything: start syncs, and write records of every provider."


_GRANTS: Mapping[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.INGEST: frozenset({Scope.INGEST}),
    Scope.STEWARD: frozenset({Scope.STEWARD, Scope.READ}),
    Scope.ADMIN: frozenset(Scope),
}


def granted(scopes: Collection[Scope]) -> frozenset[Scope]:
    """
    Return everything that a set of scopes allows.

    >>> sorted(granted([Scope.STEWARD]))
    [<Scope.READ: 'read'>, <Scope.STEWARD: 'steward'>]
    """
    return frozenset[Scope]().union(*(_GRANTS[scope] for scope in scopes))
