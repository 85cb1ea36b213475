"""
Render pages: one environment of templates, in which every text is escaped, and what a browser would obey is shown.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from matching.codes import Code
from service.access.callers import ANYBODY, LOCAL, Caller
from service.api.http.problems import sentence_of
from service.console import static_files
from service.console.forms import NONCE_BYTES, form_token, secret_of
from service.core.errors import ServiceError
from service.core.harmless import harmless
from service.devices.naming import device_name, short_record
from service.stewardship.entry_contradictions import shown_value
from service.stewardship.reviewing import ReviewView

HERE = Path(__file__).parent

NAVIGATION = (
    ("/reviews", "Reviews"),
    ("/customers", "Customers"),
    ("/shared-identifiers", "Shared identifiers"),
    ("/reports", "Reports"),
    ("/syncs", "Syncs"),
    ("/policy", "Policy"),
)
"""The pages that every page leads to, as their paths and names."""

OF_THE_WHOLE_STORE = frozenset({"/customers", "/shared-identifiers", "/syncs", "/policy"})
"""Pages that a key which is bound to customers is not led to, because they refuse it."""

CODE = Markup("<code>{}</code>")

PAUSE = Markup("<!-- the rest is being read -->\n")
"""Where a page that is sent in two parts is parted."""

SAID = {
    "taken-back": "Your answer is taken back, and what rested on it.",
    "corrected": "The correction is in force, and the devices follow it.",
    "correction-revoked": "The correction is revoked, and what rested on it.",
    "revoked": "The decision is taken back, and what rested on it.",
    "calibration-accepted": "The calibration is in force, and the devices follow it.",
    "calibration-dropped": "The calibration is dropped; samebox calibrate shows it again.",
    "signed-out": "You are signed out.",
    "moved": "That id is retired. This is the device that has its records now.",
}
"""What a page says about the request before it, by the word in its query: no other text gets into a page that way."""


def page(
    request: Request,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Return a page made of a template, which knows who is signed in and what is to be said."""
    text = environment().get_template(template).render({**_common(request), **values})
    return HTMLResponse(text, status, headers)


def streamed_page(request: Request, template: str, **values: Any) -> StreamingResponse:
    """
    Return a page whose beginning is sent before its end is known: a template writes `PAUSE` where it begins to wait.

    What is read after that cannot change the status any more.
    """
    pieces = environment().get_template(template).generate({**_common(request), "pause": PAUSE, **values})
    return StreamingResponse(_parts(pieces), media_type="text/html; charset=utf-8")


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    """What comes before a pause, and all that comes after, each as one text."""
    waiting: list[str] = []
    for piece in pieces:
        waiting.append(piece)
        if piece == PAUSE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def _common(request: Request) -> dict[str, Any]:
    """What every page knows."""
    caller: Caller = getattr(request.state, "caller", ANYBODY)  # a defect may come before anybody was asked
    return {
        "signed_in": caller if caller.key_id else None,
        "is_open": caller is LOCAL or caller.key_id is not None,
        "form_token": partial(_form_token, request),
        "said": SAID.get(request.query_params.get("said", "")),
        "q": request.query_params.get("q", ""),
        "navigation": _navigation(caller),
        "path": request.url.path,
    }


def _navigation(caller: Caller) -> list[tuple[str, str]]:
    hidden = OF_THE_WHOLE_STORE if caller.visibility is not None else ()
    return [each for each in NAVIGATION if each[0] not in hidden]


def refused(request: Request, error: ServiceError) -> HTMLResponse:
    """Return the page for anything that the service refuses or fails at."""
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return error_page(request, error.status, sentence_of(error), headers)


def error_page(request: Request, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return a page that says what went wrong."""
    return page(request, "error.html", status, headers, code=status, sentence=_capital(sentence))


@cache
def environment() -> Environment:
    """Return the environment of all templates; they are read once."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters |= {
        "moment": moment,
        "short_record": short_record,
        "question": question,
        "capital": _capital,
        "coded": coded,
        "entry_value": shown_value,
        "typed": Markup.escape,
    }
    made.globals |= {"device_name": device_name, "address": static_files.address}
    return made


def question(review: ReviewView) -> str:
    """Return what a review asks, with the ids of its records cut short where they are long."""
    asked = review.sentence
    for record in (*review.left.records, *review.right.records):
        asked = asked.replace(record, short_record(record))
    return asked


def shown(value: object) -> object:
    """
    Return a value as a page shows it: a code as its label, a number with separators, control characters as escapes.

    >>> shown(12345), shown(None), shown("a\\u202eb")
    ('12,345', '', 'a\\\\u202eb')
    """
    if isinstance(value, Markup):
        return value
    if value is None:
        return ""
    if isinstance(value, Code):
        return value.label
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return harmless(", ".join(map(str, value)))
    return harmless(value)


def moment(value: datetime | str | None) -> Markup:
    """Return a time as an element that shows it to the minute, in UTC; a text is of a golden record, in RFC 3339."""
    if not value:
        return Markup("")
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return Markup.escape(harmless(value))
    at = at.astimezone(UTC)
    return Markup('<time datetime="{}">{} UTC</time>').format(
        at.strftime("%Y-%m-%dT%H:%M:%SZ"), at.strftime("%Y-%m-%d %H:%M")
    )


def coded(text: str) -> Markup:
    """
    Return a text of ours in which names of settings stand between backticks, as a page shows it.

    >>> coded("set `Reports:StaleDays` < 30")
    Markup('set <code>Reports:StaleDays</code> &lt; 30')
    """
    parts = (CODE.format(part) if place % 2 else escape(part) for place, part in enumerate(text.split("`")))
    return Markup("").join(parts)


def _form_token(request: Request) -> str:
    return form_token(secret_of(request), secrets.token_bytes(NONCE_BYTES))


def _capital(text: str) -> str:
    """A sentence of an error as a page shows it."""
    sentence = f"{text[:1].upper()}{text[1:]}"
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
