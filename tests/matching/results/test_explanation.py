"""An explanation says why, why not, how it came about, and what would change it."""

from typing import Any

from matching.model import ClaimOutcome, Decision, Key, Kind, Record, Verdict
from matching.results.resolution import resolve_records
from tests.matching.stories import resolve_rows, same

A, B, C = Key("alpha", "1"), Key("beta", "1"), Key("gamma", "1")


def test_one_device_is_explained_by_a_path_of_evidence() -> None:
    """From left to right, through records between them."""
    rows: list[dict[str, Any]] = [
        {"provider": "alpha", "id": "1", "serial": "5CG1111AAA"},
        {"provider": "beta", "id": "1", "serial": "5CG1111AAA", "macs": ["3C:52:82:00:00:01"]},
        {"provider": "gamma", "id": "1", "macs": ["3C:52:82:00:00:01"]},
    ]
    answer = resolve_rows(rows).explain(A, C)

    assert answer.sentence == (
        "alpha:1 and gamma:1 are one device: "
        "alpha:1 and beta:1 share serial 5CG1111AAA; beta:1 and gamma:1 share MAC 3C:52:82:00:00:01."
    )
    assert answer.shared == ()
    assert answer.would_change == ("a decision `different` about them",)


def test_a_join_names_what_it_outweighed() -> None:
    """Serials that differ are listed and mentioned, also those of a record that the path leads through."""
    rows: list[dict[str, Any]] = [
        {"provider": "alpha", "id": "1", "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "serial": "5CG1111AAA"},
        {"provider": "beta", "id": "1", "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "serial": "PF0EXMPL"},
        {"provider": "gamma", "id": "1", "serial": "PF0EXMPL", "hostname": "pc-1"},
    ]
    resolution = resolve_rows(rows)

    direct = resolution.explain(A, B)
    assert [(claim.kind, claim.outcome, claim.value) for claim in direct.against] == [
        (Kind.SERIAL, ClaimOutcome.DISAGREE, "5CG1111AAA against PF0EXMPL")
    ]
    assert direct.sentence.endswith("Outweighed: serial 5CG1111AAA against PF0EXMPL (alpha:1, beta:1).")
    assert len(resolution.explain(A, C).against) == 1
    assert resolution.explain(B, C).against == ()


def test_a_byte_swapped_guid_is_noted() -> None:
    """The two spellings do not look alike to a reader."""
    rows: list[dict[str, Any]] = [
        {"provider": "alpha", "id": "1", "bios_guid": "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5"},
        {"provider": "beta", "id": "1", "bios_guid": "564D4CBC-C6A9-1969-3FEE-FA0F3887B6A5"},
        {"provider": "gamma", "id": "1", "serial": "VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5"},
    ]
    resolution = resolve_rows(rows)

    assert [claim.note for claim in resolution.explain(A, B).path] == ["byte-swapped"]
    assert [claim.note for claim in resolution.explain(A, C).path] == ["inside the VMware serial of gamma:1"]


def test_two_devices_are_told_the_veto_and_its_remedy() -> None:
    """With the values that differ."""
    rows: list[dict[str, Any]] = [
        {"provider": "alpha", "id": "1", "serial": "5CG1111AAA", "macs": ["3C:52:82:00:00:01"]},
        {"provider": "beta", "id": "1", "serial": "5CG2222BBB", "macs": ["3C:52:82:00:00:01"]},
    ]
    answer = resolve_rows(rows).explain(A, B)

    assert not answer.same
    assert [(claim.kind, claim.outcome) for claim in answer.shared] == [(Kind.MAC, ClaimOutcome.AGREE)]
    assert [claim.text for claim in answer.against] == ["serial 5CG1111AAA against 5CG2222BBB"]
    assert answer.would_change == ("the decision `same`; or a corrected serial at the provider that is wrong",)


def test_a_suppressed_value_is_told_with_its_reason() -> None:
    """All that they share is no evidence, and the allow list could change that."""
    rows = [{"provider": provider, "id": "1", "serial": "0123456789"} for provider in ("alpha", "beta")]
    answer = resolve_rows(rows).explain(A, B)

    assert "all they share is serial 0123456789, which is no evidence (placeholder)" in answer.sentence
    assert [claim.outcome for claim in answer.shared] == [ClaimOutcome.NOT_COUNTED]
    assert "Policy:Allow:serial" in answer.would_change[0]


def test_records_that_share_nothing_are_told_so() -> None:
    """What would join them is a usable identifier, or a person."""
    rows = [{"provider": "alpha", "id": "1"}, {"provider": "beta", "id": "1"}]

    assert "they share no identifier" in resolve_rows(rows).explain(A, B).sentence


def test_a_decision_is_told_as_one() -> None:
    """In the path and among the joins."""
    answer = resolve_rows(
        [{"provider": "alpha", "id": "1"}, {"provider": "beta", "id": "1"}], decisions=[same("alpha:1", "beta:1")]
    ).explain(A, B)

    assert answer.sentence == "alpha:1 and beta:1 are one device: alpha:1 and beta:1 by a person's decision."
    assert answer.steps == ("joined alpha:1 with beta:1: a person's decision",)


def test_a_record_and_itself_are_one_record() -> None:
    """There is nothing to explain and nothing to change."""
    answer = resolve_rows([{"provider": "alpha", "id": "1"}]).explain(A, A)

    assert (answer.same, answer.sentence, answer.path, answer.would_change) == (True, "alpha:1 is one record.", (), ())


def test_an_explanation_does_not_depend_on_the_order_of_decisions() -> None:
    """Of two chains that are equally strong the same one is told, however the decisions came and were written."""
    middle = [("a", "1"), ("c", "1")]
    records: list[Record] = [
        {"provider": provider, "id": record_id, "macs": ["3C:52:82:00:00:03"]}
        for provider, record_id in (*middle, ("b", "2"))
    ]
    records.append({"provider": "b", "id": "1"})
    verdicts = [Decision(Verdict.SAME, Key(*each), Key("b", "1")) for each in middle]
    turned = [Decision(Verdict.SAME, each.right, each.left) for each in verdicts]

    sentences = {
        resolve_records(records, decisions=some).explain(Key("b", "1"), Key("b", "2")).sentence
        for some in (verdicts, verdicts[::-1], [turned[0], verdicts[1]], [verdicts[1], turned[0]])
    }

    assert len(sentences) == 1
