"""Name what is known where a caller names something that is not."""

from collections.abc import Collection

from rapidfuzz import fuzz, process, utils

from service.core.errors import UnknownValue

MOST_NAMED = 12
"""Known names that a sentence lists."""

NEAREST = 3
"""Names that are spelt alike, where there are more."""


def unknown_value(parameter: str, value: str, known: Collection[str]) -> UnknownValue:
    """
    Return the error for the value of a parameter that names nothing known; its sentence has the nearest known.

    >>> str(unknown_value("reason", "clones", ["clone", "name_reused"]))
    'reason names nothing that is known; is it clone? known are clone, name_reused'
    """
    near = process.extract(
        value[:100], list(known), scorer=fuzz.ratio, processor=utils.default_process, limit=NEAREST, score_cutoff=50
    )
    nearest = [name for name, _, _ in near]
    first = f"is it {nearest[0]}? " if nearest else ""
    if not known:
        hint = "there are none yet"
    elif len(known) <= MOST_NAMED:
        hint = f"{first}known are {', '.join(known)}"
    else:
        hint = f"the nearest are {', '.join(nearest)}" if nearest else f"none of the {len(known):,} is spelt alike"
    return UnknownValue(f"{parameter} names nothing that is known; {hint}")
