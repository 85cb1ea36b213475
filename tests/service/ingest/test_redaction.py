"""Secrets are left out of what people get to see."""

from typing import Any

import pytest

from service.ingest.redaction import MAX_DEPTH, excerpt, redact


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ({"adminPassword": "hush"}, {"adminPassword": "[hidden]"}),
        ({"pass phrase": "hush", "apiKey": "hush"}, {"pass phrase": "[hidden]", "apiKey": "[hidden]"}),
        ({"question": "Wi-Fi password", "answer": "hush"}, {"question": "Wi-Fi password", "answer": "[hidden]"}),
        ({"caption": "PIN code", "value": 1234}, {"caption": "PIN code", "value": "[hidden]"}),
        (
            {"question": "Admin", "fieldType": "Password", "answer": "hush"},
            {"question": "Admin", "fieldType": "Password", "answer": "[hidden]"},
        ),
        ({"name": "SRV-1", "value": "seen"}, {"name": "SRV-1", "value": "seen"}),
        ({"inner": [{"secret": "hush"}, "seen"]}, {"inner": [{"secret": "[hidden]"}, "seen"]}),
    ],
)
def test_what_its_name_calls_secret_is_left_out(entry: dict[str, Any], kept: dict[str, Any]) -> None:
    """By the name of a field, the text of a question, or its type; everything else stays."""
    assert redact(entry) == kept


def test_nesting_beyond_the_bound_is_left_out() -> None:
    """A hostile row ends no process."""
    nested: list[Any] = []
    for _ in range(5000):
        nested = [nested]
    kept, depth = redact(nested), 0
    while kept is not None:
        [kept] = kept
        depth += 1

    assert depth == MAX_DEPTH + 1


def test_an_excerpt_has_no_secret_no_control_character_and_a_bound() -> None:
    """The longer secret goes first, for a part of it may be a secret too."""
    text = "PUB-hush+PRIV and PUB-hush\r\n\x1b[31m" + "x" * 500
    shown = excerpt(text, ["PUB-hush", "PUB-hush+PRIV"])

    assert shown.startswith("[hidden] and [hidden] [31mxxx")
    assert len(shown) == 300
