"""Name what is known where a caller names something that is not."""

from collections.abc import Collection

from rapidfuzz import fuzz, process, utils

from service.core.errors import UnknownValue

MOST_NAMED = 12
"""Known names that a sentence lists."""

NEAREST = 3
"""Names that are spelt alike, where there are more."""

MOST_REPEATED = 100
"""Characters of a name that a sentence repeats."""


def unknown_value(noun: str, value: str, known: Collection[str]) -> UnknownValue:
    """
    Return the error for a name that is not known; its sentence has the nearest known ones.

    The API answers with 400, and a command ends with exit code 2.

    Args:
        noun: What the name is of, such as `provider`.
        known: All such names, in the order in which they are listed.

    >>> str(unknown_value("reason", "clones", ["clone", "name_reused"]))
    "no reason 'clones'; did you mean 'clone'? known: clone, name_reused"
    """
    return UnknownValue(f"no {noun} {value[:MOST_REPEATED]!r}; {_hint(value, known)}")


def _hint(value: str, known: Collection[str]) -> str:
    if not known:
        return "there are none yet"
    is_short = len(known) <= MOST_NAMED
    near = process.extract(
        value[:MOST_REPEATED],
        list(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        limit=1 if is_short else NEAREST,
        score_cutoff=50,
    )
    asked = f"did you mean {' or '.join(repr(str(name)) for name, _, _ in near)}?" if near else ""
    if is_short:
        return f"{asked} known: {', '.join(known)}".lstrip()
    return asked or f"none of the {len(known):,} is spelt alike"
