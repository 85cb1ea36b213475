"""What an answer about devices shows beyond what every one does, and which golden values it is cut to."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz import fuzz, process

from matching.codes import Code
from matching.results.golden import GOLDEN_FIELDS
from service.core.errors import BadRequest

T = TypeVar("T", bound=str)


class Expansion(Code):
    """What an answer about devices shows where it is asked for."""

    PROVENANCE = "provenance", "provenance", "Where each golden value came from."
    RECORDS = "records", "records", "Every provider's rows behind the device."
    REVIEWS = "reviews", "reviews", "The open reviews about the device."
    DECISIONS = "decisions", "decisions", "The decisions about its records that stand."


@dataclass(frozen=True)
class Projection:
    """What an answer shows: expansions, and the golden values it is cut to; None: all of them."""

    expand: frozenset[Expansion] = frozenset()
    fields: frozenset[str] | None = None

    @classmethod
    def parse(cls, expand: str | None, fields: str | None) -> "Projection":
        """Read two lists with commas. Raises: BadRequest, for an unknown name; the nearest known one is named."""
        if not expand and not fields:
            return NOTHING_MORE
        return cls(
            frozenset(Expansion(name) for name in _names("expand", expand, [*Expansion])),
            frozenset(_names("fields", fields, GOLDEN_FIELDS)) or None,
        )


NOTHING_MORE = Projection()
"""What is shown where nothing is asked for."""


def _names(parameter: str, text: str | None, known: Collection[str]) -> list[str]:
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    for name in names:
        if name not in known:
            nearest, _, _ = process.extractOne(name[:100], known, scorer=fuzz.ratio)
            raise BadRequest(
                f"{parameter} holds a name that is not known; is it {nearest}? There are {', '.join(known)}"
            )
    return names
