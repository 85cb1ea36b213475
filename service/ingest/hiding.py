"""What is kept of a row that cannot be read: all of it but secrets, for it is shown to people."""

import re
from typing import Any

HIDDEN = "[hidden]"

SECRET_NAME = re.compile(
    r"pass ?(?:word|phrase|wd)|secret|token|api_?key|private_?key|credential|pin_?code", re.IGNORECASE
)
"""Names of fields, and texts of questions, behind which a secret stands."""

NAMED_BY = ("name", "question", "caption", "label", "key")
"""Where an entry of a list of answers says what it is about."""

DEEPEST = 50


def without_secrets(value: Any, depth: int = 0) -> Any:
    """
    Return a decoded JSON value without what its names say to be secret.

    A ConnectWise question of the type `Password` loses its answer, whatever it is called; so does an entry whose own
    name says so. What is nested more deeply than anybody's rows is left out.

    >>> without_secrets({"id": 7, "adminPassword": "hush"})
    {'id': 7, 'adminPassword': '[hidden]'}
    >>> without_secrets([{"question": "Admin", "fieldType": "Password", "answer": "hush"}])
    [{'question': 'Admin', 'fieldType': 'Password', 'answer': '[hidden]'}]
    """
    if depth > DEEPEST:
        return None
    if isinstance(value, list):
        return [without_secrets(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    secret = _names_a_secret(value)
    return {
        name: HIDDEN
        if SECRET_NAME.search(str(name)) or (secret and name in {"answer", "value"})
        else without_secrets(item, depth + 1)
        for name, item in value.items()
    }


def _names_a_secret(entry: dict[str, Any]) -> bool:
    named = (entry.get(name) for name in NAMED_BY)
    return str(entry.get("fieldType")).casefold() == "password" or any(
        isinstance(name, str) and SECRET_NAME.search(name) for name in named
    )
