"""The cookie of a session: over TLS only the name that no other host can set is read."""

import pytest
from fastapi import Request

from service.console.cookies import session_id_of


@pytest.mark.parametrize(
    ("scheme", "cookie", "session_id"),
    [
        ("https", "__Host-samebox=a; samebox=b", "a"),
        ("https", "samebox=b", None),
        ("http", "__Host-samebox=a; samebox=b", "b"),
        ("http", "", None),
    ],
)
def test_over_tls_the_plain_name_counts_for_nothing(scheme: str, cookie: str, session_id: str | None) -> None:
    """Whoever is at a neighbouring host name can set that one for ours."""
    headers = [(b"host", b"samebox.example"), (b"cookie", cookie.encode())]
    request = Request({"type": "http", "scheme": scheme, "path": "/", "query_string": b"", "headers": headers})

    assert session_id_of(request) == session_id
