"""A change reads as a sentence: what, on what evidence, by whom."""

import pytest

from service.stewardship.narration import LONGEST_VALUE, MOST_LISTED, sentence
from service.store.resolved.changes import Change, ChangeKind

SERIAL = {"kind": "serial", "value": "ABC123", "left": "rmm_alpha:A-17", "right": "cw_manage:4711"}
WORD = {"left": "a:1", "right": "b:1", "by": "anna", "why": "same sticker"}

CASES: list[tuple[ChangeKind, dict[str, object], str]] = [
    (ChangeKind.CREATED, {"records": ["a:1"]}, "created from a:1."),
    (
        ChangeKind.CREATED,
        {"records": ["cw_manage:4711", "rmm_alpha:A-17"], "evidence": [SERIAL]},
        "created from cw_manage:4711, rmm_alpha:A-17. rmm_alpha:A-17 and cw_manage:4711 agree on serial ABC123.",
    ),
    (ChangeKind.SPLIT, {"from": ["id-1"], "records": ["a:1"]}, "split off from id-1, with a:1."),
    (
        ChangeKind.MERGED,
        {
            "absorbed": ["id-2"],
            "added": ["b:1"],
            "evidence": [{"kind": "decision", "value": "", "left": "b:1", "right": "a:1"}],
            "because": {"decision": "id-9", "verdict": "same", **WORD},
        },
        "merged with id-2; b:1 joined. b:1 and a:1 are the same box by a person's word. "
        "By a decision of anna: same box (same sticker).",
    ),
    (
        ChangeKind.CHANGED,
        {"removed": ["c:1"], "because": {"revoked": "id-9", "verdict": "different", **WORD}},
        "c:1 left. By anna, who revoked the decision: different boxes (same sticker).",
    ),
    (
        ChangeKind.CREATED,
        {"records": ["c:1"], "because": {"corrected": "id-9", "entry": "a:1 and b:1: one customer", **WORD}},
        "created from c:1. By a correction of anna: a:1 and b:1: one customer (same sticker).",
    ),
    (
        ChangeKind.CREATED,
        {"records": ["c:1"], "because": {"uncorrected": "id-9", "entry": "serial 5CG1234ABC: denied", **WORD}},
        "created from c:1. By anna, who revoked the correction: serial 5CG1234ABC: denied (same sticker).",
    ),
    (
        ChangeKind.CHANGED,
        {
            "fields": {"hostname": {"from": "old", "to": "new"}, "macs": {"from": ["x", "y"], "to": None}},
            "because": {"sync": "id-7", "provider": "cw_manage"},
        },
        "hostname is now new (was old), macs is now empty (was x, y). By sync id-7 of cw_manage.",
    ),
    (
        ChangeKind.CHANGED,
        {"added": ["b:1"], "evidence": [{"kind": "link", "value": "a:1", "left": "b:1", "right": "a:1"}]},
        "b:1 joined. b:1 and a:1 are linked by a provider.",
    ),
    (
        ChangeKind.RETIRED,
        {"successor": "id-1", "why": "merged into id-1", "because": {"imported": 3, "by": "anna"}},
        "retired: merged into id-1; its history goes on there. By 3 decisions that anna imported.",
    ),
    (
        ChangeKind.SPLIT,
        {"records": ["a:2"], "from": ["id-1"], "because": {"rules_changed": 2}},
        "split off from id-1, with a:2. By an upgrade of Samebox: rules changed.",
    ),
    (
        ChangeKind.CHANGED,
        {"fields": {"last_user": {"from": "[forgotten]", "to": None}}, "because": {"forgotten": 1}},
        "last_user is now empty (was [forgotten]). By the removal of a last user's name.",
    ),
    (
        ChangeKind.RETIRED,
        {"successor": None, "why": "its last record is gone"},
        "retired: its last record is gone.",
    ),
]


@pytest.mark.parametrize(("what", "detail", "told"), CASES)
def test_what_happened_is_said_in_words(what: ChangeKind, detail: dict[str, object], told: str) -> None:
    """Every kind of change, of evidence and of cause has its words."""
    assert sentence(Change("id-1", what, detail)) == told


def test_a_sentence_stays_one() -> None:
    """Hundreds of records, or a value of a megabyte, are counted and cut, not told."""
    records = [f"a:{number}" for number in range(1, 500)]
    told = sentence(Change("id-1", ChangeKind.CREATED, {"records": records}))
    assert told.endswith(f"a:{MOST_LISTED} and {499 - MOST_LISTED} more.")

    fields = {"name": {"from": "x" * 1_000_000, "to": "short"}}
    assert len(sentence(Change("id-1", ChangeKind.CHANGED, {"fields": fields}))) < LONGEST_VALUE + 50


def test_a_cause_of_another_version_is_passed_over() -> None:
    """Who reads a newer feed is told what happened all the same."""
    assert (
        sentence(Change("id-1", ChangeKind.CREATED, {"records": ["a:1"], "because": {"comet": 1}}))
        == "created from a:1."
    )
