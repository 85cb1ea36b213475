"""
Names of companies: which are equal, which are alike, and which one abbreviates another.

People write a customer with and without its legal form, with the site behind a dash or in brackets, and by its
initials. Likeness only supports shared hardware: it never says by itself that two companies are one customer.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

LEGAL_FORMS = frozenset(
    """
    inc incorporated llc llp lp ltd limited plc pllc pc co corp corporation company gmbh mbh ag kg ohg ug ev eg se sa
    sas sarl srl spa bv nv oy oyj ab as asa aps pty pvt the and und et y
    """.split()
)

SMALL_WORDS = frozenset("a an at de del der des di do for in la le of on to von".split())
"""Words that initials often leave out, besides the legal forms."""

PLACE_WORDS = frozenset("branch building campus central corporate head headquarters hq main office site".split())
"""Words for a part of a customer: they are no part of a name that is abbreviated."""

LEGAL_ENDINGS = ("", "l", "ltd", "i", "inc", "llc", "llp", "plc", "g", "gmbh", "co", "c")
"""What initials may have at their end for a legal form that the other name does not say: `HSL`."""

LONGEST_ABBREVIATION = 10
"""Letters of the longest word that is compared as an abbreviation."""

SHORTEST_PART = 4
"""Letters from which a part of a word counts as likeness: `ab` is a part of too many words."""


@lru_cache(maxsize=100_000)
def clean(name: str) -> str:
    """
    Return a company's name without case, punctuation and legal forms; empty only for a name without letters and digits.

    >>> clean("The Müller & Söhne GmbH & Co. KG")
    'muller sohne'
    """
    words = _words(name)
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


def likeness(left: str, right: str) -> float:
    """Return how alike two names are, 0 to 100; a part of a name is like the whole. Chance pairs rarely pass 60."""
    mine, theirs = clean(left), clean(right)
    if not (mine and theirs):
        return 0.0
    by_words = fuzz.token_set_ratio(mine, theirs)
    if min(len(mine), len(theirs)) < SHORTEST_PART:
        return float(by_words)
    return max(float(by_words), fuzz.WRatio(mine, theirs))


def is_abbreviation(left: str, right: str) -> bool:
    """
    Whether one name has a word that is made of the beginnings of all words of the other, at least its initials.

    >>> is_abbreviation("H.S. - Main Office", "Heritage Staffing Ltd.")
    True
    """
    return _abbreviates(left, right) or _abbreviates(right, left)


def _abbreviates(short: str, name: str) -> bool:
    parts = (_words(part.replace("&", " and ")) for part in _parts(name))
    wholes = [words for part in parts if len(words := _without_ending(part)) > 1]
    return any(_is_made_of(word, words) for word in _abbreviations(short) for words in wholes)


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in letters if not unicodedata.combining(c)).replace("'", "").replace(".", "")
    return re.findall(r"[^\W_]+", plain)


def _parts(name: str) -> Sequence[str]:
    """A name's parts between dashes that stand free, slashes, colons, commas and brackets, and around `dba`."""
    return re.split(r"\s+[-\u2013\u2014]\s*|\s*[/|:,()\[\]_]\s*|\b(?:d/?b/?a|t/a|trading as|formerly)\b", name)


def _without_ending(words: Sequence[str]) -> list[str]:
    """The words of which initials are made: without those for a place, and without legal forms at the end."""
    kept = [word for word in words if word not in PLACE_WORDS and not word.isdecimal()]
    while kept and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return kept


def _abbreviations(name: str) -> Iterator[str]:
    """Words of a name that may be an abbreviation: each alone in its part, or in capitals before others."""
    for part in _parts(name):
        words = [word for word in _words(part) if word not in PLACE_WORDS]
        found = [word for each in words if (word := each.strip("0123456789"))]
        if found and all(len(word) == 1 for word in found):
            found = ["".join(found)]
        first = re.match(r"\W*([A-Z]{2,})\d*\b", part)
        if found and (len(found) == 1 or first) and 2 <= len(found[0]) <= LONGEST_ABBREVIATION:
            yield found[0]


def _is_made_of(short: str, words: Sequence[str]) -> bool:
    """Whether a text is made of beginnings of the words, in order; small words and legal forms may be left out."""
    ends = {0}
    for word in words:
        is_optional = word in SMALL_WORDS or word in LEGAL_FORMS
        reached = {
            end + length
            for end in ends
            for length in range(1, min(len(word), len(short) - end) + 1)
            if short.startswith(word[:length], end)
        }
        ends = reached | ends if is_optional else reached
    return any(short[end:] in LEGAL_ENDINGS for end in ends)
