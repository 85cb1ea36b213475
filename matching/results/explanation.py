"""
Explanations: why two records are one device or why not, the joins that led there, and what would change the answer.

The answer is read from the resolved component and the table of vetoes, so that each reason is the one that the
resolution acted on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matching.clustering.resolve import Join, Resolved
from matching.clustering.reviews import claims
from matching.clustering.rule import veto_between
from matching.clustering.vetoes import Premises, Veto
from matching.evidence.groups import Group, agree
from matching.evidence.identity import Identity
from matching.model import Claim, ClaimOutcome, Explanation, Key, Kind, Record
from matching.results.joining import chain, partners_of
from matching.values.spelling import shown, written_order

AMBIGUOUS = "it is also shared with a third record that conflicts, so which of them belong together would be chance"
"""The reason for which groups stay apart where no veto holds between them."""

DECIDE_AMBIGUOUS = "a decision `same` or `different` about the records that share it"

BY_DECISION = "a person's decision"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an explanation is read from: what each record says, and the pairs that people decided to be one box."""

    records: Mapping[Key, Record]
    identities: Mapping[Key, Identity]
    singles: Mapping[Key, Group]
    same: Sequence[tuple[Key, Key]]


def explain(
    left: Key, right: Key, components: tuple[Resolved, Resolved], facts: Facts, premises: Premises
) -> Explanation:
    """Return why two records are one device, or why not; `components` are those of the two records."""
    mine, theirs = (_device_of(key, component) for key, component in zip((left, right), components, strict=True))
    if mine.keys == theirs.keys:
        answer = _explain_same(left, right, mine, facts)
    else:
        answer = _explain_different(left, right, (mine, theirs), facts, premises)
    return replace(answer, steps=_join_sentences((mine, theirs), components))


def _explain_same(left: Key, right: Key, device: Group, facts: Facts) -> Explanation:
    members = [facts.identities[key] for key in sorted(device.keys)]
    path = [_with_note(claim, facts) for claim in chain(members, left, right, partners_of(facts.same))]
    reasons = "; ".join(_claim_sentence(claim) for claim in path)
    sentence = f"{left} and {right} are one device: {reasons}." if path else f"{left} is one record."
    if left == right:
        return Explanation(left, right, True, sentence)
    pro, against = claims(facts.singles[left], facts.singles[right], facts.singles)
    outweighed = _outweighed(path, against, facts)
    if outweighed:
        sentence += f" Outweighed: {', '.join(f'{claim.text} ({claim.left}, {claim.right})' for claim in outweighed)}."
    change = ("a decision `different` about them",)
    return Explanation(left, right, True, sentence, tuple(path), tuple(pro), tuple(outweighed), would_change=change)


def _outweighed(path: Sequence[Claim], against: Sequence[Claim], facts: Facts) -> list[Claim]:
    """What speaks against one device: between the two records, and between those next to each other on the path."""
    found = {(claim.kind, claim.value): claim for claim in against}
    for step in path:
        _, contra = claims(facts.singles[step.left], facts.singles[step.right], facts.singles)
        for claim in contra:
            found.setdefault((claim.kind, claim.value), claim)
    return list(found.values())


def _explain_different(
    left: Key, right: Key, devices: tuple[Group, Group], facts: Facts, premises: Premises
) -> Explanation:
    pro, contra = claims(*devices, facts.singles)
    suppressed = _suppressed_on_both(facts.identities[left], facts.identities[right])
    kind = next((kind for kind in Kind if agree(*devices, kind)), None)
    if kind is None:
        reason, change = _nothing_shared(suppressed)
    else:
        veto = veto_between(*devices, kind, premises)
        reason = f"they agree on {kind.label} {pro[0].value}, but {_veto_clause(veto)}"
        change = veto.remedy if veto else DECIDE_AMBIGUOUS
    if contra:
        reason += f" ({', '.join(claim.text for claim in contra)})"
    sentence = f"{left} and {right} are different devices: {reason}."
    shared = (*pro, *suppressed)
    return Explanation(left, right, False, sentence, shared=shared, against=tuple(contra), would_change=(change,))


def _veto_clause(veto: Veto | None) -> str:
    """The sentence of a veto as a clause."""
    return veto.sentence[:1].lower() + veto.sentence[1:].rstrip(".") if veto else AMBIGUOUS


def _nothing_shared(suppressed: Sequence[Claim]) -> tuple[str, str]:
    if not suppressed:
        return "they share no identifier", "a usable identifier that both carry; or the decision `same`"
    item = suppressed[0]
    return (
        f"all they share is {item.text}, which is no evidence ({item.note})",
        f"the value on the allow list (Policy:Allow:{item.kind}), if it does identify one box; or the decision `same`",
    )


def _suppressed_on_both(left: Identity, right: Identity) -> list[Claim]:
    """Values that both records carry and that are suppressed, each with the reason."""
    theirs = {(value.kind, value.value): value for value in right.suppressed}
    return [
        Claim(
            Kind(value.kind),
            ClaimOutcome.NOT_COUNTED,
            shown(value.kind, value.value),
            left.key,
            right.key,
            value.reason,
        )
        for value in left.suppressed
        if (value.kind, value.value) in theirs and value.kind in list(Kind)
    ]


def _device_of(key: Key, component: Resolved) -> Group:
    return next(group for group in component.groups if key in group.keys)


def _with_note(claim: Claim, facts: Facts) -> Claim:
    """The claim with what a reader should know about its value."""
    if claim.kind is None:
        return replace(claim, note=BY_DECISION)
    notes = [
        f"{derived.note} of {key}"
        for key in (claim.left, claim.right)
        for derived in facts.identities[key].derived
        if derived.kind is claim.kind and shown(derived.kind, derived.value) == claim.value
    ]
    if not notes and claim.kind is Kind.BIOS_GUID:
        mine, theirs = (written_order(facts.records[key].get("bios_guid", "")) for key in (claim.left, claim.right))
        notes = ["byte-swapped"] if mine and theirs and mine != theirs else []
    return replace(claim, note=", ".join(notes))


def _claim_sentence(claim: Claim) -> str:
    if claim.note == BY_DECISION:
        return f"{claim.left} and {claim.right} by {claim.note}"
    note = f" ({claim.note})" if claim.note else ""
    return f"{claim.left} and {claim.right} share {claim.text}{note}"


def _join_sentences(devices: tuple[Group, Group], components: tuple[Resolved, Resolved]) -> tuple[str, ...]:
    """The joins that built the devices of both records, each once, in order."""
    sentences = dict.fromkeys(
        _join_sentence(join)
        for device, component in zip(devices, components, strict=True)
        for join in component.joins
        if device.keys.issuperset(join.parts[0])
    )
    return tuple(sentences)


def _join_sentence(join: Join) -> str:
    parts = " with ".join(" + ".join(map(str, part)) for part in join.parts)
    if join.kind is None:
        return f"joined {parts}: {BY_DECISION}"
    return f"joined {parts}: {join.kind.label} {', '.join(shown(join.kind, value) for value in join.values)}"
