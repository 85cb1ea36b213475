"""`/sign-in` and `/sign-out`: a key opens a session, and its end closes it."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from service.access import sessions
from service.api.http.context import Context
from service.console.access import HOME, SIGN_IN, own_path
from service.console.cookies import drop_session_id, is_protected, session_id_of, set_session_id
from service.console.forms import FormFields, own_fields, sent_fields
from service.console.rendering import error_page, page
from service.core.errors import Forbidden, Unauthorised
from service.server.clients import client_of
from service.server.rates import Allowance
from service.server.turns import turn

router = APIRouter()

NEEDS_TLS = (
    "Sign in over HTTPS: on the way here a key could be read by others. Put a proxy with a certificate before this "
    "service, and name its address in Server:TrustedProxies; or ask from the machine itself, by localhost."
)


@router.get(SIGN_IN)
def show_sign_in(request: Request, next: str = HOME) -> Response:
    """Return the page on which a key is shown."""
    if not request.app.state.keys_required:
        return RedirectResponse(HOME, 303)
    if not is_protected(request):
        return error_page(request, 403, NEEDS_TLS)
    return page(request, "sign_in.html", next=own_path(next), wrong="")


@router.post(SIGN_IN, dependencies=[Depends(turn, scope="function")])
def sign_in(request: Request, fields: Annotated[FormFields, Depends(sent_fields)]) -> Response:
    """Begin a session with an id that nobody had before, and lead on; a session that was open ends."""
    if not request.app.state.keys_required:
        return RedirectResponse(HOME, 303)
    if not is_protected(request):
        return error_page(request, 403, NEEDS_TLS)
    wanted, client = own_path(fields.get("next", HOME)), client_of(request.client.host if request.client else "")
    failed: Allowance | None = request.app.state.failed_keys
    if failed and not (left := failed.left(client)).requests:
        sentence = "This address showed too many keys that are not known. Wait a minute, then try again."
        return _again(request, wanted, 429, sentence, {"Retry-After": str(left.seconds)})
    context: Context = request.app.state.context
    try:
        session = sessions.begin(context.world, fields.get("key", "").strip(), secrets.token_bytes)
    except Unauthorised:
        if failed:
            failed.take(client)
        return _again(request, wanted, 401, "That key is not known here, or its time is over.")
    except Forbidden:
        return _again(request, wanted, 403, "That key may not read, so there is no page that it could see.")
    if old := session_id_of(request):
        sessions.end(context.world, old)
    answer = RedirectResponse(wanted, 303)
    set_session_id(request, answer, session.id)
    return answer


@router.post("/sign-out", dependencies=[Depends(own_fields), Depends(turn, scope="function")])
def sign_out(request: Request) -> Response:
    """End the session, here and in the browser."""
    if session_id := session_id_of(request):
        context: Context = request.app.state.context
        sessions.end(context.world, session_id)
    answer = RedirectResponse(f"{SIGN_IN}?said=signed-out", 303)
    drop_session_id(request, answer)
    return answer


def _again(
    request: Request, wanted: str, status: int, sentence: str, headers: dict[str, str] | None = None
) -> Response:
    return page(request, "sign_in.html", status, headers, next=wanted, wrong=sentence)
