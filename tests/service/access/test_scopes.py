"""What each scope grants."""

import pytest

from service.access.scopes import Scope, granted


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        ([], []),
        ([Scope.READ], [Scope.READ]),
        ([Scope.INGEST], [Scope.INGEST]),
        ([Scope.STEWARD], [Scope.READ, Scope.STEWARD]),
        ([Scope.READ, Scope.INGEST], [Scope.READ, Scope.INGEST]),
        ([Scope.ADMIN], [*Scope]),
    ],
)
def test_a_set_of_scopes_grants_what_each_of_it_does(scopes: list[Scope], may: list[Scope]) -> None:
    """Who decides has to see; who pushes need not; who administers may do everything."""
    assert granted(scopes) == set(may)
