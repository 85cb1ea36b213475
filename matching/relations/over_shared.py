"""
Over-shared values: candidates are found by counts, and `matching.calibration.over_shared` decides about them.

Only for a candidate that its number of holders does not decide are the identities of its live holders fetched, one
candidate at a time, and those are `Policy.max_holders` at most.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from matching.calibration.over_shared import over_shared_reason, reason_of_count
from matching.evidence.identity import Identity
from matching.model import Key, Kind, SharedValue
from matching.policy import Policy
from matching.relations.database import SqlDatabase

Unpack = Callable[[bytes], Identity]
"""Makes an identity of what the column `identities.identity` holds."""

# A value that one provider has on fewer live records than it takes islands can only be on too many records.
CANDIDATES = """
    SELECT counted.number, shared_values.kind, shared_values.value, counted.is_weak, counted.live_holders
    FROM (
        SELECT holders.number, holders.is_weak, sum(holders.holders) AS holders,
            CAST(sum(holders.live_holders) AS BIGINT) AS live_holders, max(holders.live_holders) AS most
        FROM holders
        GROUP BY holders.number, holders.is_weak
    ) AS counted
    CROSS JOIN limits
    JOIN shared_values ON shared_values.number = counted.number
    LEFT JOIN allowed_values
        ON allowed_values.kind = shared_values.kind AND allowed_values.value = shared_values.value
    WHERE allowed_values.value IS NULL AND counted.holders >= limits.islands
        AND (counted.live_holders > limits.max_holders OR counted.most >= limits.islands)
"""

MANY_HOLDERS = """
    SELECT candidates.kind, candidates.value, candidates.is_weak, candidates.number, candidates.live_holders
    FROM candidates
    CROSS JOIN limits
    WHERE candidates.live_holders > limits.max_holders
"""

IDENTITIES_OF_FEW_HOLDERS = """
    SELECT candidates.kind, candidates.value, candidates.is_weak, candidates.number, identities.identity
    FROM candidates
    CROSS JOIN limits
    JOIN numbered_values
        ON numbered_values.number = candidates.number
        AND (numbered_values.standing = 'weak') = candidates.is_weak
    JOIN identities ON identities.record = numbered_values.record
    WHERE numbered_values.live AND numbered_values.standing <> 'derived'
        AND candidates.live_holders <= limits.max_holders
    ORDER BY candidates.kind, candidates.value, candidates.is_weak, identities.record
"""

KEYS_OF_HOLDERS = """
    SELECT over_shared.position, records.provider, records.id
    FROM over_shared
    JOIN numbered_values
        ON numbered_values.number = over_shared.number
        AND (numbered_values.standing = 'weak') = over_shared.is_weak
    JOIN records ON records.record = numbered_values.record
    WHERE numbered_values.standing <> 'derived'
    ORDER BY over_shared.position, records.record
"""


class _Reason(NamedTuple):
    """A value that some hold by themselves, or that some hold as a weak one, and why it is over-shared."""

    kind: str
    value: str
    is_weak: bool
    number: int
    reason: str


def over_shared_values(database: SqlDatabase, unpack: Unpack, policy: Policy) -> tuple[SharedValue, ...]:
    """Return the over-shared values with the keys of all their holders, in order, from `holders`."""
    allowed = [(kind, value) for kind, values in policy.allow.items() for value in values]
    database.load("allowed_values", "kind STRING, value STRING", allowed)
    database.table("candidates", CANDIDATES)
    reasons = sorted((*_of_many_holders(database, policy), *_of_few_holders(database, unpack, policy)))
    database.load(
        "over_shared",
        "position BIGINT, number BIGINT, is_weak BOOLEAN",
        [(position, each.number, each.is_weak) for position, each in enumerate(reasons)],
    )
    found = []
    for position, rows in groupby(database.rows(KEYS_OF_HOLDERS), itemgetter(0)):
        each = reasons[position]
        found.append(SharedValue(Kind(each.kind), each.value, each.reason, tuple(Key(*row[1:]) for row in rows)))
    return tuple(found)


def load_suppressed_values(database: SqlDatabase, shared: Iterable[SharedValue]) -> None:
    """Load over-shared values as `suppressed_values`, each once."""
    values = sorted({(str(each.kind), each.value) for each in shared})
    database.load("suppressed_values", "kind STRING, value STRING", values)


def _of_many_holders(database: SqlDatabase, policy: Policy) -> Iterator[_Reason]:
    for kind, value, is_weak, number, live in database.rows(MANY_HOLDERS):
        if reason := reason_of_count(live, policy):
            yield _Reason(kind, value, is_weak, number, reason)


def _of_few_holders(database: SqlDatabase, unpack: Unpack, policy: Policy) -> Iterator[_Reason]:
    for held, rows in groupby(database.rows(IDENTITIES_OF_FEW_HOLDERS), itemgetter(0, 1, 2, 3)):
        kind, value, is_weak, number = held
        if reason := over_shared_reason(Kind(kind), [unpack(row[4]) for row in rows], policy):
            yield _Reason(kind, value, is_weak, number, reason)
