"""
Why two records are one device, or why not, how it came about, and what would change it: as data and as one sentence.

The answer is read off the resolved component and the vetoes, never guessed: each reason is the veto that the
resolution itself met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matching.clustering.resolve import Resolved, Step
from matching.clustering.reviews import claims
from matching.clustering.rule import veto_between
from matching.clustering.vetoes import Premises, Veto
from matching.evidence.groups import Group, agree
from matching.evidence.identity import Identity
from matching.model import Claim, ClaimOutcome, Explanation, Key, Kind, Record
from matching.results.joining import chain, partners_of
from matching.values.spelling import shown, written_order

AMBIGUOUS = "it is also shared with a third record that conflicts, so which of them belong together would be chance"
"""Why groups that no veto keeps apart are apart."""

DECIDE_AMBIGUOUS = "a decision `same` or `different` about the records that share it"

BY_DECISION = "a person's decision"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an explanation is read from: what each record says by itself, and what people decided."""

    records: Mapping[Key, Record]
    identities: Mapping[Key, Identity]
    singles: Mapping[Key, Group]
    same: Sequence[tuple[Key, Key]]


def explain(
    left: Key, right: Key, components: tuple[Resolved, Resolved], facts: Facts, premises: Premises
) -> Explanation:
    """Return why two records are one device, or why not; `components` are theirs, resolved."""
    mine, theirs = (_home(key, component) for key, component in zip((left, right), components, strict=True))
    steps = _steps((mine, theirs), components)
    if mine.keys == theirs.keys:
        answer = _why(left, right, mine, facts)
    else:
        answer = _why_not(left, right, (mine, theirs), facts, premises)
    return replace(answer, steps=steps)


def _why(left: Key, right: Key, device: Group, facts: Facts) -> Explanation:
    members = [facts.identities[key] for key in sorted(device.keys)]
    path = [_noted(claim, facts) for claim in chain(members, left, right, partners_of(facts.same))]
    links = "; ".join(_link_sentence(claim) for claim in path)
    sentence = f"{left} and {right} are one device: {links}." if path else f"{left} is one record."
    pro, _ = claims(facts.singles[left], facts.singles[right], facts.singles) if left != right else ([], [])
    change = ("a decision `different` about them",) if path else ()
    return Explanation(left, right, True, sentence, tuple(path), tuple(pro), would_change=change)


def _why_not(left: Key, right: Key, homes: tuple[Group, Group], facts: Facts, premises: Premises) -> Explanation:
    pro, contra = claims(*homes, facts.singles)
    discounted = _discounted(facts.identities[left], facts.identities[right])
    kind = next((kind for kind in Kind if agree(*homes, kind)), None)
    if kind is None:
        reason, change = _nothing_shared(discounted)
    else:
        veto = veto_between(*homes, kind, premises)
        reason = f"they agree on {kind.label} {pro[0].value}, but {_objection(veto)}"
        change = veto.remedy if veto else DECIDE_AMBIGUOUS
    if contra:
        reason += f" ({', '.join(map(_named, contra))})"
    sentence = f"{left} and {right} are different devices: {reason}."
    shared = (*pro, *discounted)
    return Explanation(left, right, False, sentence, shared=shared, against=tuple(contra), would_change=(change,))


def _objection(veto: Veto | None) -> str:
    """The sentence of a veto as a clause."""
    return veto.sentence[:1].lower() + veto.sentence[1:].rstrip(".") if veto else AMBIGUOUS


def _named(claim: Claim) -> str:
    return f"{claim.kind.label} {claim.value}" if claim.kind else claim.value


def _nothing_shared(discounted: Sequence[Claim]) -> tuple[str, str]:
    if not discounted:
        return "they share no identifier", "a usable identifier that both carry; or the decision `same`"
    item = discounted[0]
    return (
        f"all they share is {_named(item)}, which is no evidence ({item.note})",
        f"the value on the allow list (Policy:Allow:{item.kind}), if it does identify one box; or the decision `same`",
    )


def _discounted(left: Identity, right: Identity) -> list[Claim]:
    """Values that both records carry and that do not count, each with the reason."""
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


def _home(key: Key, component: Resolved) -> Group:
    return next(group for group in component.groups if key in group.keys)


def _noted(claim: Claim, facts: Facts) -> Claim:
    """The claim with what a reader should know about its value."""
    if claim.kind is None:
        return replace(claim, note=BY_DECISION)
    if claim.kind is not Kind.BIOS_GUID:
        return claim
    return replace(claim, note=_about_guids(facts.records[claim.left], facts.records[claim.right]))


def _about_guids(left: Record, right: Record) -> str:
    """What a reader should know about two spellings of one GUID key."""
    mine, theirs = (written_order(record.get("bios_guid", "")) for record in (left, right))
    if mine is None or theirs is None:
        return "read out of a VMware serial"
    return "byte-swapped" if mine != theirs else ""


def _link_sentence(claim: Claim) -> str:
    if claim.note == BY_DECISION:
        return f"{claim.left} and {claim.right} by {claim.note}"
    note = f" ({claim.note})" if claim.note else ""
    return f"{claim.left} and {claim.right} share {_named(claim)}{note}"


def _steps(homes: tuple[Group, Group], components: tuple[Resolved, Resolved]) -> tuple[str, ...]:
    """How the devices of both records were built, each join once, in order."""
    told = dict.fromkeys(
        _step_sentence(step)
        for home, component in zip(homes, components, strict=True)
        for step in component.steps
        if home.keys.issuperset(step.parts[0])
    )
    return tuple(told)


def _step_sentence(step: Step) -> str:
    parts = " with ".join(" + ".join(map(str, part)) for part in step.parts)
    if step.kind is None:
        return f"joined {parts}: {BY_DECISION}"
    return f"joined {parts}: {step.kind.label} {', '.join(shown(step.kind, value) for value in step.values)}"
