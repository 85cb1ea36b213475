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


def did_you_mean(value: str, known: Collection[str]) -> str:
    """
    Return the question whether the nearest of some names is meant; empty where none is spelt alike.

    >>> did_you_mean("clones", ["clone", "name_reused"])
    "did you mean 'clone'?"
    """
    near = process.extract(
        value[:MOST_REPEATED],
        list(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        limit=1 if len(known) <= MOST_NAMED else NEAREST,
        score_cutoff=50,
    )
    return f"did you mean {' or '.join(repr(str(name)) for name, _, _ in near)}?" if near else ""


def _hint(value: str, known: Collection[str]) -> str:
    if not known:
        return "there are none yet"
    asked = did_you_mean(value, known)
    if len(known) <= MOST_NAMED:
        return f"{asked} known: {', '.join(known)}".lstrip()
    return asked or f"none of the {len(known):,} is spelt alike"
