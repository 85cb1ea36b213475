"""
Why, why not, how, and what would change it: the same facts as data and as one sentence.

The answer is read off the outcome and the rule that made it, never guessed: each reason is the objection that the
resolver itself met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from matching.evidence import Group, agree
from matching.graph import identity_graph, strongest_path
from matching.identity import Identity, shown
from matching.model import Claim, Explanation, Key, Kind, Record
from matching.normalise import spelling
from matching.resolve import Outcome, Step
from matching.review import claims
from matching.rule import Objection, Rule

WORDS = {
    Kind.BIOS_GUID: "BIOS GUID",
    Kind.SERIAL: "serial",
    Kind.LINK: "a provider's link",
    Kind.MAC: "MAC",
    Kind.HOSTNAME: "hostname",
}

AGAINST = {
    Objection.DECISION: "a person decided that they are different boxes",
    Objection.GUID: "their BIOS GUIDs differ, which outweighs it",
    Objection.SERIAL: "their serials differ, which outweighs it",
    Objection.ADAPTERS: "both providers list every adapter and they have none in common",
    Objection.NAME: "their hostnames differ, and adapters travel with docks",
    Objection.COMPANY: "they belong to different companies",
    Objection.COMPANY_UNKNOWN: "it is not known that their companies are the same, and names repeat between companies",
    Objection.CLONE: "names and adapters differ, as on a cloned machine or a copied value",
    Objection.LIVENESS: "one is retired and the other is not, so the name may have been used again",
    None: "it is also shared with a third record that conflicts, so which of them belong together would be chance",
}

CHANGES = {
    Objection.DECISION: "revoking that decision",
    Objection.GUID: "the decision `same`; or Policy:BoardReplacement = join, if serial and hostname agree",
    Objection.SERIAL: "the decision `same`; or a corrected serial at the provider that is wrong",
    Objection.ADAPTERS: "the decision `same`; or an adapter that both list",
    Objection.NAME: "the decision `same`; or Policy:MacAgainstName = join",
    Objection.COMPANY: "the decision `same`; or Policy:CompanyMap, if the two companies are one customer",
    Objection.COMPANY_UNKNOWN: "the decision `same`; or Policy:CompanyMap, if the two companies are one customer",
    Objection.CLONE: "the decision `same`; or an adapter that both list",
    Objection.LIVENESS: "the decision `same`; or a serial or MAC that both list",
    None: "a decision `same` or `different` about the records that share it",
}

BY_DECISION = "a person's decision"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an explanation is read from: what each record says, alone, and what people decided."""

    records: Mapping[Key, Record]
    identities: Mapping[Key, Identity]
    singles: Mapping[Key, Group]
    same: Sequence[tuple[Key, Key]]


def explain(left: Key, right: Key, outcomes: tuple[Outcome, Outcome], evidence: Evidence, rule: Rule) -> Explanation:
    """Return why two records are one device, or why not; `outcomes` are those of their components."""
    mine, theirs = (_home(key, outcome) for key, outcome in zip((left, right), outcomes, strict=True))
    steps = _steps((mine, theirs), outcomes)
    if mine.keys == theirs.keys:
        answer = _why(left, right, mine, evidence)
    else:
        answer = _why_not(left, right, (mine, theirs), evidence, rule)
    return replace(answer, steps=steps)


def _why(left: Key, right: Key, device: Group, evidence: Evidence) -> Explanation:
    graph = identity_graph([evidence.identities[key] for key in sorted(device.keys)], evidence.same)
    path = _chain(strongest_path(graph, left, right), evidence)
    links = "; ".join(_link_sentence(claim) for claim in path)
    sentence = f"{left} and {right} are one device: {links}." if path else f"{left} is one record."
    pro, _ = claims(evidence.singles[left], evidence.singles[right], evidence.singles) if left != right else ([], [])
    change = ("a decision `different` about them",) if path else ()
    return Explanation(left, right, True, sentence, tuple(path), tuple(pro), would_change=change)


def _why_not(left: Key, right: Key, homes: tuple[Group, Group], evidence: Evidence, rule: Rule) -> Explanation:
    pro, contra = claims(*homes, evidence.singles)
    discounted = _discounted(evidence.identities[left], evidence.identities[right])
    kind = next((kind for kind in Kind if agree(*homes, kind)), None)
    if kind is None:
        reason, change = _nothing_shared(discounted)
    else:
        objection = rule.objection(*homes, kind)
        reason = f"they agree on {WORDS[kind]} {pro[0].value}, but {AGAINST[objection]}"
        change = CHANGES[objection]
    if contra:
        reason += f" ({', '.join(f'{WORDS[item.kind]} {item.value}' for item in contra)})"
    sentence = f"{left} and {right} are different devices: {reason}."
    shared = (*pro, *discounted)
    return Explanation(left, right, False, sentence, shared=shared, against=tuple(contra), would_change=(change,))


def _nothing_shared(discounted: Sequence[Claim]) -> tuple[str, str]:
    if not discounted:
        return "they share no identifier", "a usable identifier that both carry; or the decision `same`"
    item = discounted[0]
    return (
        f"all they share is {WORDS[item.kind]} {item.value}, which is no evidence ({item.note})",
        f"the value on the allow list (Policy:Allow:{item.kind}), if it does identify one box; or the decision `same`",
    )


def _discounted(left: Identity, right: Identity) -> list[Claim]:
    """Values that both records carry and that do not count, each with the reason."""
    theirs = {(value.kind, value.value): value for value in right.unusable}
    return [
        Claim(Kind(value.kind), "not counted", shown(value.kind, value.value), left.key, right.key, value.reason)
        for value in left.unusable
        if (value.kind, value.value) in theirs and value.kind in WORDS
    ]


def _home(key: Key, outcome: Outcome) -> Group:
    return next(group for group in outcome.groups if key in group.keys)


def _chain(nodes: Sequence[str], evidence: Evidence) -> list[Claim]:
    """Turn a path through the graph into claims between one record and the next."""
    by_node = {str(key): key for key in evidence.identities}
    stops = [position for position, node in enumerate(nodes) if node in by_node]
    return [
        _link(by_node[nodes[here]], by_node[nodes[there]], nodes[here + 1 : there], evidence)
        for here, there in pairwise(stops)
    ]


def _link(left: Key, right: Key, between: Sequence[str], evidence: Evidence) -> Claim:
    if not between:
        return Claim(Kind.LINK, "agree", str(right), left, right, BY_DECISION)
    kind, _, value = between[0].partition("=")
    note = _about_guids(evidence.records[left], evidence.records[right]) if kind == Kind.BIOS_GUID else ""
    return Claim(Kind(kind), "agree", shown(kind, value), left, right, note)


def _about_guids(left: Record, right: Record) -> str:
    """What a reader should know about two spellings of one GUID key."""
    mine, theirs = (spelling(record.get("bios_guid", "")) for record in (left, right))
    if mine is None or theirs is None:
        return "read out of a VMware serial"
    return "byte-swapped" if mine != theirs else ""


def _link_sentence(claim: Claim) -> str:
    if claim.note == BY_DECISION:
        return f"{claim.left} and {claim.right} by {claim.note}"
    note = f" ({claim.note})" if claim.note else ""
    return f"{claim.left} and {claim.right} share {WORDS[claim.kind]} {claim.value}{note}"


def _steps(homes: tuple[Group, Group], outcomes: tuple[Outcome, Outcome]) -> tuple[str, ...]:
    """How the devices of both records were built, each join once, in order."""
    told = dict.fromkeys(
        _step_sentence(step)
        for home, outcome in zip(homes, outcomes, strict=True)
        for step in outcome.steps
        if home.keys.issuperset(step.parts[0])
    )
    return tuple(told)


def _step_sentence(step: Step) -> str:
    parts = " with ".join(" + ".join(map(str, part)) for part in step.parts)
    if step.kind is None:
        return f"joined {parts}: {BY_DECISION}"
    return f"joined {parts}: {WORDS[step.kind]} {', '.join(shown(step.kind, value) for value in step.values)}"
