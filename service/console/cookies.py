"""
The cookie that holds the id of a session.

Over TLS its name begins with `__Host-`, so that browsers take it from this very host alone, and send it over TLS alone.
Without TLS it is set only for names of this machine: anywhere else a key and a session could be read on the way.
"""

from fastapi import Request, Response

from service.api.http.access import is_loopback

NAME = "samebox"


def is_protected(request: Request) -> bool:
    """Whether nobody between the browser and this service, or the proxy that it trusts, can read what is sent."""
    return _has_tls(request) or is_loopback(request.headers.get("host", ""))


def session_id_of(request: Request) -> str | None:
    """Return the id of the session that a request names; None where it names none."""
    return request.cookies.get(_name(request))


def set_session_id(request: Request, answer: Response, session_id: str) -> None:
    """Let the browser keep the id of a session until it is closed."""
    answer.set_cookie(_name(request), session_id, path="/", secure=_has_tls(request), httponly=True, samesite="lax")


def drop_session_id(request: Request, answer: Response) -> None:
    """Let the browser forget the id of its session."""
    answer.delete_cookie(_name(request), path="/", secure=_has_tls(request), httponly=True, samesite="lax")


def _has_tls(request: Request) -> bool:
    """The server has set the scheme, also from what a trusted proxy says of it."""
    return request.url.scheme == "https"


def _name(request: Request) -> str:
    """Over TLS the plain name counts for nothing: whoever is at a neighbouring host name could have set it."""
    return f"__Host-{NAME}" if _has_tls(request) else NAME
