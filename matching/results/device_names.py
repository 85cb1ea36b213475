"""
How alike two names of devices are: what a person wrote into the PSA, and what a machine is called.

`Front Desk PC` and `ACME-FRONTDESK-01` are alike in the words that tell devices apart. Words that many devices have, or
that say what any device is, are no likeness. Names only suggest: no rule joins by them.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

GENERIC = frozenset(
    """
    air apple computer dell desktop device elitebook ideapad imac laptop latitude lenovo mac macbook machine microsoft
    new notebook office old optiplex pcs precision pro probook server spare srv surface tablet the thinkpad unit vostro
    windows workstation
    """.split()
)
"""Words that say what any device is, and not which one."""

SHORTEST_WORD, SHORTEST_FUZZY = 4, 6
"""
Letters from which a word of a name counts, also as the beginning of another, and one with a slip in it.

Shorter ones are codes of sites and kinds: `NOR-SW-13` and `NOR-LT-13` have one, and are two devices.
"""

SHORTEST_USER = 3
"""Letters from which a word of a user's name counts."""

SHORTEST_CODE, LONGEST_NUMBER = 5, 3
"""Letters and digits of a word that is a code, as `CND3747FY8`; digits at the end of one that is a number: `TILL03`."""

SHORTEST_FUZZY_CODE = 8
"""Letters from which a code may have a slip in it: `LT10055` and `LT10051` are two devices."""

DIGITS = "0123456789"

SAME_WORD, PREFIX = 100.0, 70.0
"""Likeness of a word with itself, and the least with one that begins with it; the more it has of it, the more."""

LIKE_WORDS = 83.0
"""Likeness from which two words are alike: one letter of six may differ."""

OTHER_NUMBER = 0.75
"""What is left of the likeness of two names whose numbers differ: `Till 3` is hardly `TILL-04`."""


class DeviceName(NamedTuple):
    """A name as written, its words that may tell devices apart, these as one word, and its numbers."""

    text: str
    words: tuple[str, ...]
    compact: str
    numbers: frozenset[int]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words, and what they are together."""
        return (*self.words, self.compact) if len(self.words) > 1 else self.words


def words_of(text: str) -> list[str]:
    """Return the parts of a text between punctuation, without case and accents."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return re.findall(r"[^\W_]+", plain)


def device_name(text: str, company_words: Collection[str] = ()) -> DeviceName:
    """
    Return a name read for comparison.

    Of a name with a domain the first label counts, and the words of its customer say nothing about which device it is.
    """
    words: list[str] = []
    numbers: set[int] = set()
    for part in words_of(re.split(r"\.(?=\w)", text, maxsplit=1)[0]):
        letters = part.rstrip(DIGITS)
        digits = part[len(letters) :]
        if letters and (len(digits) > LONGEST_NUMBER or not letters.isalpha()):
            words += [part] if len(part) >= SHORTEST_CODE else []
            continue
        if digits:
            numbers.add(int(digits))
        if len(letters) >= SHORTEST_WORD and letters not in GENERIC and letters not in company_words:
            words.append(letters)
    return DeviceName(text, tuple(words), "".join(words), frozenset(numbers))


@lru_cache(maxsize=200_000)
def word_likeness(left: str, right: str) -> float:
    """Return how alike two words are, 0 to 100; 0 for words that are not."""
    if left == right:
        return SAME_WORD
    short, long = sorted((left, right), key=len)
    if len(short) >= SHORTEST_WORD and short.isalpha() and long.startswith(short):
        return PREFIX + (SAME_WORD - PREFIX) * len(short) / len(long)
    shortest = SHORTEST_FUZZY if short.isalpha() else SHORTEST_FUZZY_CODE
    alike = fuzz.ratio(left, right) if len(short) >= shortest else 0.0
    return float(alike) if alike >= LIKE_WORDS else 0.0


def name_likeness(name: DeviceName, other: DeviceName, common: Collection[str] = frozenset()) -> float:
    """
    Return how alike two names are, 0 to 100; 0 where no word is like one of the other.

    The likest word counts as much as the average of all words of the first name. `common` words count for nothing.
    """
    theirs = [token for token in other.tokens if token not in common]
    words = {word: _best(word, theirs) for word in name.words if word not in common}
    letters = sum(map(len, words))
    average = sum(len(word) * alike for word, alike in words.items()) / letters if letters else 0.0
    likest = max(words.values(), default=0.0)
    found = (likest + average) / 2
    if len(name.words) > 1 and name.compact not in common:
        found = max(found, _best(name.compact, theirs))
    differ = name.numbers and other.numbers and not name.numbers & other.numbers
    return found * OTHER_NUMBER if differ else found


def _best(word: str, others: Iterable[str]) -> float:
    return max((word_likeness(word, other) for other in others), default=0.0)
