"""Names of companies: equal after cleaning, alike, or one an abbreviation of the other."""

import pytest

from matching.calibration.company_names import clean, is_abbreviation, likeness


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Acme Inc.", "ACME"),
        ("The Acme Company, LLC", "acme"),
        ("Müller & Söhne GmbH & Co. KG", "Muller und Sohne"),
        ("O'Brien Ltd", "OBrien Limited"),
        ("A.B.C. Corp", "ABC"),
    ],
)
def test_spellings_of_one_company_clean_to_one_name(left: str, right: str) -> None:
    """Legal forms, case, accents and punctuation are not the name."""
    assert clean(left) == clean(right)


def test_a_name_of_nothing_but_legal_forms_keeps_them() -> None:
    """Cleaning never leaves a company without a name."""
    assert clean("The Company") == "the company"


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("Fenwick and Oakes Solicitors", "Fenwick & Oakes", True),
        ("Heritage Staffing - Main Office", "Heritage Staffing Ltd.", True),
        ("heritagestaffing.onmicrosoft.com", "Heritage Staffing", True),
        ("HSXQ - Heritage Staffing", "The Heritage Staffing Company", True),
        ("Northwind LLC dba Seaside Foods", "Seaside Foods", True),
        ("Ab", "Crabtree", False),
        ("Fabrikam", "Tailspin Toys", False),
        ("!!!", "Acme", False),
    ],
)
def test_a_name_is_like_the_same_with_a_site_or_a_slip(left: str, right: str, alike: bool) -> None:
    """A word of two letters is a part of too many others to be like them."""
    assert (likeness(left, right) >= 65) is alike
    assert likeness(left, right) == likeness(right, left)


@pytest.mark.parametrize(
    "short",
    [
        *("HS", "hs", "H.S.", "H. S.", "H&S", "HSL", "HSLtd", "HS Ltd", "HS01", "HS 250", "HS-2", "HerStaf"),
        *("HS - Main Office", "HS (HQ)", "HS Leeds", "HS - Leeds", "250 - HS", "Leeds / HS"),
    ],
)
@pytest.mark.parametrize(
    "name", ["Heritage Staffing Ltd.", "The Heritage Staffing Company", "Heritage Staffing - York"]
)
def test_initials_abbreviate_a_name_whatever_stands_beside_them(short: str, name: str) -> None:
    """Beginnings of all words, with or without the legal form, a number, or a site; in either order."""
    assert is_abbreviation(short, name)
    assert is_abbreviation(name, short)


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("FO", "Fenwick & Oakes LLP"),
        ("FAO", "Fenwick & Oakes LLP"),
        ("BE", "Bank of England"),
        ("BoE", "Bank of England"),
    ],
)
def test_initials_may_leave_out_small_words(short: str, name: str) -> None:
    """People write them with and without."""
    assert is_abbreviation(short, name)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("HX", "Heritage Staffing"),
        ("SH", "Heritage Staffing"),
        ("H", "Heritage Staffing"),
        ("HQ", "Harris Quarry - HQ"),
        ("Main Office", "Miller Oil"),
        ("Leeds", "Heritage Staffing - Leeds"),
        ("Acme", "Acme Dental"),
        ("Heritage Staffing", "Harris Solicitors"),
        ("", "Heritage Staffing"),
        ("250", "Heritage Staffing"),
    ],
)
def test_other_words_abbreviate_nothing(left: str, right: str) -> None:
    """Letters of a word, a word for a place and one letter are no initials."""
    assert not is_abbreviation(left, right)
