"""A name that is to be forgotten is found however a provider writes it, and nothing else is."""

import json

import pytest

from service.core.user_names import FORGOTTEN, ForgottenUsers, hash_of


def forgetting(*names: str) -> ForgottenUsers:
    """Return the users to forget."""
    return ForgottenUsers("salt", frozenset(hash_of(name, "salt") for name in names))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("jdoe", FORGOTTEN),
        ("JDoe", FORGOTTEN),
        ("ACME\\jdoe", FORGOTTEN),
        ("acme/JDOE", FORGOTTEN),
        ("jdoe@acme.com", FORGOTTEN),
        (" jdoe ", f" {FORGOTTEN} "),
        ("ACME\\asmith, ACME\\jdoe;jdoe", f"ACME\\asmith, {FORGOTTEN};{FORGOTTEN}"),
        ("Laptop of jdoe.", f"Laptop of {FORGOTTEN}."),
        ("user=jdoe (lent to 'jdoe')", f"user={FORGOTTEN} (lent to '{FORGOTTEN}')"),
        ("C:\\Users\\jdoe\\Desktop", f"C:{FORGOTTEN}"),
        ("see ACME/jdoe", f"see {FORGOTTEN}"),
        ("asmith", "asmith"),
        ("jdoe2 jdoes a-jdoe jdoe-laptop", "jdoe2 jdoes a-jdoe jdoe-laptop"),
        ("", ""),
    ],
)
def test_a_plain_name_is_found_in_every_spelling(text: str, cleaned: str) -> None:
    """In any case, with a domain before or behind it, in lists, in sentences and paths; never as a part of a word."""
    assert forgetting("jdoe").cleaned(text) == cleaned


def test_a_name_with_a_domain_is_found_only_as_it_is() -> None:
    """Another customer has a jdoe, too."""
    users = forgetting("ACME\\jdoe", "asmith@acme.com")

    assert users.cleaned("acme\\JDOE") == users.cleaned("ASmith@Acme.com") == FORGOTTEN
    for other in ("jdoe", "BETA\\jdoe", "jdoe@acme.com", "asmith"):
        assert users.cleaned(other) == other


def test_a_name_with_blanks_and_letters_beyond_ascii_is_found() -> None:
    """Some providers give the name that a person has, not that of the account."""
    users = forgetting("Jürgen O'Neil")

    assert users.cleaned("JÜRGEN O'NEIL") == FORGOTTEN
    assert users.cleaned("Anna Berg; jürgen o'neil") == f"Anna Berg;{' ' + FORGOTTEN}"


def test_all_of_a_value_is_cleaned_keys_as_well() -> None:
    """Payloads hold what a provider said, however deep; numbers and the rest stay what they are."""
    value = {"users": [{"name": "jdoe", "id": 7}], "profiles": {"jdoe": None}, "on": True, "share": 0.5}

    assert forgetting("jdoe").cleaned(value) == {
        **{"users": [{"name": FORGOTTEN, "id": 7}], "profiles": {FORGOTTEN: None}},
        **{"on": True, "share": 0.5},
    }


def test_what_is_cleaned_is_cleaned_once() -> None:
    """Cleaning again changes nothing, so that a record that comes again is the same."""
    users = forgetting("jdoe", "forgotten")
    once = users.cleaned({"a": "jdoe forgotten", "b": "x"})

    assert users.cleaned(once) == once


def test_nobody_is_forgotten_when_nobody_asked() -> None:
    """Nothing is hashed then, and the value is false."""
    assert not forgetting()
    assert forgetting("jdoe")


def test_a_hash_tells_neither_the_name_nor_that_two_stores_forget_the_same() -> None:
    """It depends on the salt of the store."""
    assert hash_of("jdoe", "one") == hash_of("JDOE", "one") != hash_of("jdoe", "two")
    assert "jdoe" not in json.dumps([hash_of("jdoe", "one")])
