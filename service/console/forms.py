"""
Forms that write: each is refused unless the console itself made it, for the very session that sends it.

The browser says from where a form was sent (`Sec-Fetch-Site`, or `Origin` where it is too old for that), and the form
carries a token that no other site can read.
"""

import hmac
from hashlib import sha256
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException

from matching.model import Verdict
from service.core.errors import NotFound

FIELD = "form_token"
"""The field in which a form carries its token."""

NONCE_BYTES = 16
MOST_FIELDS = 200

FormFields = dict[str, str]

FORGED = "that form was not sent from this console, or its session is over; go back, reload the page and send it again"


def form_token(secret: str, nonce: bytes) -> str:
    """
    Return a token for a form of a session; one of another nonce is another text, so a compressed page betrays nothing.

    Args:
        secret: The id of the session; without keys, a secret of the process.
        nonce: Some bytes that nobody can foresee.
    """
    return f"{nonce.hex()}.{_signature(secret, nonce.hex())}"


def is_token_of(secret: str, token: str) -> bool:
    """Whether a token was made for a session."""
    nonce, _, signature = token.partition(".")
    return hmac.compare_digest(signature.encode(), _signature(secret, nonce).encode())


async def sent_fields(request: Request) -> FormFields:
    """
    Return the fields of a form that this console sent; of a field that comes twice, the last one.

    Raises:
        HTTPException: 403: it came from elsewhere; 400: it cannot be read.
    """
    if not came_from_here(request):
        raise HTTPException(403, FORGED)
    try:
        return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:  # also for what is not UTF-8
        raise HTTPException(400, "that is no form") from None


async def own_fields(request: Request) -> FormFields:
    """
    Return the fields of a form that was made for the session that sends it.

    Raises:
        HTTPException: 403: it was made elsewhere, or for another session; 400: it cannot be read.
    """
    fields = await sent_fields(request)
    if not is_token_of(secret_of(request), fields.pop(FIELD, "")):
        raise HTTPException(403, FORGED)
    return fields


def verdict_of(fields: FormFields) -> Verdict:
    """Return the answer that a form gives. Raises: NotFound, for one that no page of ours has."""
    try:
        return Verdict(fields.get("verdict", ""))
    except ValueError:
        raise NotFound("the form gives no answer; go back and choose one") from None


def secret_of(request: Request) -> str:
    """Return the secret of which the tokens of a request's forms are made."""
    return str(request.state.session_id or request.app.state.secret)


def came_from_here(request: Request) -> bool:
    """Whether the browser says that a request was sent from one of our own pages, or by the user alone."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return request.headers.get("origin") == f"{request.url.scheme}://{request.headers.get('host', '')}"


def _signature(secret: str, nonce: str) -> str:
    return hmac.new(secret.encode(), nonce.encode(), sha256).hexdigest()
