"""
Suggest which devices a row without identifiers may be about, among the devices of its customer.

A suggestion is for a person to decide, and joins nothing. Candidates are found by what they have in common with the row
and not by comparing it with each of them, because a customer may have thousands.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from matching.results.device_names import LIKE_WORDS, SHORTEST_FUZZY, SHORTEST_WORD
from matching.results.traits import Resemblance, Traits, resemblances, user_words

MOST_SUGGESTIONS = 5
"""Suggestions for a row: more than a person compares with care."""

MOST_HOLDERS = 10
"""Devices of a customer up to which a word of their names tells them apart; one that more have is no likeness."""


class Suggested(NamedTuple):
    """A candidate by its position, the reasons for it, the weightiest first, and what they weigh together."""

    position: int
    reasons: tuple[Resemblance, ...]

    @property
    def points(self) -> float:
        """The sum of the weights."""
        return sum(each.points for each in self.reasons)


class Candidates:
    """The devices of one customer that rows may be about, found by their users, addresses and names."""

    def __init__(self, traits: Sequence[Traits]) -> None:
        self.traits = traits
        self._by_user = _positions(each.users for each in traits)
        self._by_user_word = _positions(map(_user_words, traits))
        self._by_address = _positions((*each.ips, *each.gateways) for each in traits)
        tokens = _positions(map(_tokens, traits))
        self.common = frozenset(token for token, found in tokens.items() if len(found) > MOST_HOLDERS)
        self._by_token = {token: found for token, found in tokens.items() if token not in self.common}
        self._vocabulary = sorted(self._by_token)
        self._long_words = [word for word in self._vocabulary if len(word) >= SHORTEST_FUZZY]
        self._alike: dict[str, frozenset[int]] = {}

    def suggest(self, row: Traits, most: int = MOST_SUGGESTIONS) -> list[Suggested]:
        """Return the candidates that a row may be about, the likeliest first; of equal ones the first in order."""
        found = [
            Suggested(position, tuple(reasons))
            for position in self._near(row)
            if (reasons := resemblances(row, self.traits[position], self.common))
        ]
        return sorted(found, key=lambda each: (-each.points, each.position))[:most]

    def _near(self, row: Traits) -> set[int]:
        """Every candidate for which anything but a supporting reason may speak."""
        near: set[int] = set()
        for user in row.users:
            near |= self._by_user.get(user, frozenset())
        for address in (*row.ips, *row.gateways):
            near |= self._by_address.get(address, frozenset())
        for token in _tokens(row):
            near |= self._by_user_word.get(token, frozenset()) | self._holding_one_like(token)
        for word in _user_words(row):
            near |= self._by_token.get(word, frozenset())
        return near

    def _holding_one_like(self, token: str) -> frozenset[int]:
        found = self._alike.get(token)
        if found is None:
            words = set(self._words_like(token))
            found = self._alike[token] = frozenset(place for word in words for place in self._by_token.get(word, ()))
        return found

    def _words_like(self, token: str) -> Iterator[str]:
        """As `word_likeness`, over all words at once."""
        yield token
        if len(token) >= SHORTEST_WORD:
            for place in range(bisect_left(self._vocabulary, token), len(self._vocabulary)):
                if not self._vocabulary[place].startswith(token):
                    break
                yield self._vocabulary[place]
            yield from (token[:length] for length in range(SHORTEST_WORD, len(token)))
        if len(token) >= SHORTEST_FUZZY:
            near = process.extract(token, self._long_words, scorer=fuzz.ratio, score_cutoff=LIKE_WORDS, limit=None)
            yield from (word for word, _, _ in near)


def _positions(said: Iterable[Iterable[str]]) -> Mapping[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for position, values in enumerate(said):
        for value in values:
            found[value].add(position)
    return {value: frozenset(positions) for value, positions in found.items()}


def _tokens(traits: Traits) -> set[str]:
    return {token for name in traits.names for token in name.tokens}


def _user_words(traits: Traits) -> set[str]:
    return {word for user in traits.users for word in user_words(user)}
