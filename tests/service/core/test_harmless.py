"""What strangers wrote is shown, and not obeyed."""

import pytest

from service.core.harmless import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nb-zürich 7", "nb-zürich 7"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("two\nlines", "two\\nlines"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        (None, "None"),
        (7, "7"),
    ],
)
def test_what_does_not_print_is_shown_as_an_escape(text: object, shown: str) -> None:
    """Letters of any language are left as they are; a mark that turns the direction round is none."""
    assert harmless(text) == shown
