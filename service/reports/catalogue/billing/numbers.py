"""Numbers as people and accounting programs write them."""

import re
import unicodedata
from decimal import Decimal

LARGEST = Decimal(10**9)
"""A quantity or price beyond this is a mistake, such as a telephone number in the wrong column."""

LONGEST = 40
"""Characters of a number."""

_GROUPS = r"\d{1,3}(?:{sign}\d{3})+"
_WHOLE = re.compile(r"\d+", re.ASCII)
_THOUSANDS = [re.compile(_GROUPS.replace("{sign}", sign), re.ASCII) for sign in (",", r"\.", " ", "'")]
_FRACTION = re.compile(r"(.*)([.,])(\d*)", re.ASCII)


def read_number(text: str) -> Decimal | None:
    """
    Return the number that a text is; None where it is none, or one beyond `LARGEST`.

    A point or comma behind which the last digits stand is the decimal sign, but for a comma before three digits: that
    parts thousands, as do blanks and apostrophes. A number in brackets is negative; signs of currencies and their codes
    of three letters are left out.

    >>> [str(read_number(text)) for text in ("1,200", "12.0", "1.200,50", "(3)", "EUR 9.90", "twelve")]
    ['1200', '12.0', '1200.50', '-3', '9.90', 'None']
    """
    if len(text) > LONGEST:
        return None
    plain, is_negative = _without_sign(_without_currency(text))
    number = _unsigned(plain)
    if number is None or number > LARGEST:
        return None
    return -number if is_negative else number


def _without_currency(text: str) -> str:
    """Also with every blank as a plain one, every apostrophe as a straight one, and every minus as a hyphen."""
    plain = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Sc")
    plain = plain.replace("\u2019", "'").replace("\u2212", "-").strip()
    return re.sub(r"^[A-Z]{3}(?=[ \d(-])|(?<=[ \d)])[A-Z]{3}$", "", plain).strip()


def _without_sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith("-") or text.endswith("-"):
        return (text[1:] if text.startswith("-") else text[:-1]).strip(), True
    return text.removeprefix("+"), False


def _unsigned(text: str) -> Decimal | None:
    if _WHOLE.fullmatch(text):
        return Decimal(text)
    if text.count(".") != 1 and any(groups.fullmatch(text) for groups in _THOUSANDS):
        return Decimal(re.sub(r"\D", "", text))
    found = _FRACTION.fullmatch(text)
    whole = found and (found[1] or found[3]) and _whole_part(found[1], found[2])
    return Decimal(f"{whole}.{found[3] or 0}") if found and whole else None


def _whole_part(text: str, sign: str) -> str | None:
    """The digits before a decimal sign; thousands are not parted by that same sign."""
    if not text:
        return "0"
    is_whole = _WHOLE.fullmatch(text) or any(groups.fullmatch(text) for groups in _THOUSANDS)
    return re.sub(r"\D", "", text) if is_whole and sign not in text else None
