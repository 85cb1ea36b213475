"""
Redact secrets in what people get to see: rows that could not be read, and texts of a server.

A row that cannot be read is kept for a person to look at, so the fields whose names mark them as secret are
removed first.
"""

import re
from collections.abc import Iterable
from typing import Any

REDACTED = "[hidden]"

SECRET_NAME = re.compile(
    r"pass[ _-]?(?:word|phrase|wd)|secret|token|api[ _-]?key|private[ _-]?key|credential|pin[ _-]?code", re.IGNORECASE
)
"""Names of fields, and texts of questions, behind which a secret stands."""

NAMED_BY = ("name", "question", "caption", "label", "key")
"""Where an entry of a list of answers says what it is about."""

MAX_DEPTH = 50
"""Levels of nesting that are kept; no vendor's rows come near."""

LONGEST_EXCERPT = 300
"""Characters of a server's text in an error."""


def redact(value: Any, depth: int = 0) -> Any:
    """
    Return a decoded JSON value without what its names say to be secret.

    A ConnectWise question of the type `Password` loses its answer, whatever it is called; so does an entry whose own
    name says so. What is nested deeper than `MAX_DEPTH` becomes None.

    >>> redact({"id": 7, "adminPassword": "hush"})
    {'id': 7, 'adminPassword': '[hidden]'}
    >>> redact([{"question": "Admin", "fieldType": "Password", "answer": "hush"}])
    [{'question': 'Admin', 'fieldType': 'Password', 'answer': '[hidden]'}]
    """
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [redact(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    secret = _names_a_secret(value)
    return {
        name: REDACTED
        if SECRET_NAME.search(str(name)) or (secret and name in {"answer", "value"})
        else redact(item, depth + 1)
        for name, item in value.items()
    }


def excerpt(text: str, secrets: Iterable[str]) -> str:
    r"""
    Return the beginning of a server's text on one line, without these secrets and without control characters.

    >>> excerpt("no user PUB-hush\n\x1b[31m here", ["PUB-hush"])
    'no user [hidden] [31m here'
    """
    for secret in sorted(secrets, key=len, reverse=True):  # one may be a part of another
        text = text.replace(secret, REDACTED)
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:LONGEST_EXCERPT]


def _names_a_secret(entry: dict[str, Any]) -> bool:
    named = (entry.get(name) for name in NAMED_BY)
    return str(entry.get("fieldType")).casefold() == "password" or any(
        isinstance(name, str) and SECRET_NAME.search(name) for name in named
    )
