"""Names of devices are compared by the words that tell devices apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.results.device_names import device_name, name_likeness, word_likeness


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        ("Reception PC", ("reception",), set()),
        ("ACME-RECEPTION01.corp.acme.com", ("reception",), {1}),
        ("Réception", ("reception",), set()),
        ("Old Dell Laptop", (), set()),
        ("NOR-LT-013", (), {13}),
        ("L-CND3747FY8 - Meeting room", ("cnd3747fy8", "meeting", "room"), set()),
        ("PC10054", ("pc10054",), set()),
        ("", (), set()),
    ],
)
def test_the_words_of_a_name_are_those_that_tell_devices_apart(
    text: str, words: tuple[str, ...], numbers: set[int]
) -> None:
    """Not what any device is called, not the customer, not the domain, not the code of a site; numbers are kept."""
    found = device_name(text, {"acme"})

    assert (found.words, set(found.numbers)) == (words, numbers)


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("reception", "reception", 100),
        ("recep", "reception", 86.7),
        ("rec", "reception", 0),
        ("reception", "receptoin", 88.9),
        ("print", "point", 0),
        ("lt10055", "lt10051", 0),
        ("cnd3747fy8", "cnd3747fyb", 90),
    ],
)
def test_two_words_are_alike_by_a_slip_or_as_a_beginning(left: str, right: str, likeness: float) -> None:
    """Short words have to be equal: `print` is no slip of `point`; and a code that differs is another device."""
    assert round(word_likeness(left, right), 1) == round(word_likeness(right, left), 1) == likeness


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("Front Desk PC", "ACME-FRONTDESK-01", "ACME-BACKOFFICE-01"),
        ("Reception PC", "RECEPTION01", "RECEIVING01"),
        ("Till 3", "TILL-03", "TILL-04"),
        ("Accounting Sharon", "ACCT-SHARON", "ACCT-KAREN"),
        ("Warehouse label printer", "WAREHOUSE-LABEL", "WAREHOUSE"),
    ],
)
def test_the_likelier_name_is_more_alike(name: str, better: str, worse: str) -> None:
    """As a person would choose who reads both."""
    likeness = [name_likeness(device_name(name), device_name(other)) for other in (better, worse)]

    assert likeness[0] > likeness[1]
    assert likeness[0] > 50


def test_a_word_that_many_devices_have_is_no_likeness() -> None:
    """Whoever asks says which words these are."""
    left, right = device_name("Reception PC"), device_name("RECEPTION-01")

    assert name_likeness(left, right) == 100
    assert name_likeness(left, right, {"reception"}) == 0


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_two_texts_have_a_likeness(left: str, right: str) -> None:
    """Between 0 and 100, and nothing raises."""
    assert 0 <= name_likeness(device_name(left), device_name(right)) <= 100
