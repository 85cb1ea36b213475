"""The evidence that joined records into a device, in the form that the change feed stores."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from matching.evidence.identity import Identity
from matching.model import Claim, Key
from matching.results.joining import Partners, joining_evidence, partners_of
from matching.results.resolution import Resolution
from service.store.resolved.changes import Change

DECISION = "decision"
"""The kind of evidence that a person's word is."""

JoinRow = dict[str, str]
"""`kind` and `value` on which the record `left`, which is new to the device, agrees with `right`."""


def with_evidence(
    changes: Iterable[Change],
    resolution: Resolution,
    members: Mapping[Key, Sequence[Key]],
    known: Mapping[Key, Sequence[JoinRow]],
) -> Iterator[Change]:
    """
    Yield the changes; those that bring records together have the `evidence` for it in their detail.

    `members` are all records of each one's device; `known` is the evidence for devices of which all records are new,
    by their first one, where it was worked out before.
    """
    partners = partners_of(resolution.partition.same)
    for change in changes:
        added = [Key.parse(text) for text in change.detail.get("added") or change.detail.get("records") or ()]
        keys = members[added[0]] if added else ()
        if len(keys) > 1:
            found = known.get(keys[0]) if len(added) == len(keys) else None
            found = joins(keys, frozenset(added), resolution.identity, partners) if found is None else found
            yield replace(change, detail={**change.detail, "evidence": found})
        else:
            yield change


def joins(
    keys: Sequence[Key], added: Collection[Key], identity: Callable[[Key], Identity], partners: Partners
) -> list[JoinRow]:
    """Return what ties each record that was added to a device to those before it (`joining_evidence`)."""
    start = [key for key in keys if key not in added]
    return [_join(claim) for claim in joining_evidence(list(map(identity, keys)), start, partners)]


def _join(claim: Claim) -> JoinRow:
    kind = str(claim.kind or DECISION)
    return {"kind": kind, "value": claim.value, "left": str(claim.left), "right": str(claim.right)}
