"""The accuracy benchmark as a command, on a fleet small enough for a test."""

import json
from pathlib import Path

import pytest

from benchmarks import accuracy, ceiling, samebox
from benchmarks.fleet import Fleet, generate
from benchmarks.scoring import result, wrong
from matching.model import Key, Proposal, Review, ReviewReason, Verdict

A, B, C = Key("rmm_alpha", "1"), Key("rmm_beta", "2"), Key("cw_manage", "3")


def proposing(verdict: Verdict, certainty: float, left: tuple[Key, ...], right: tuple[Key, ...]) -> Review:
    """Return a review with a proposed answer."""
    proposal = Proposal(verdict, certainty, "")
    return Review((ReviewReason.AMBIGUOUS,), "", left, right, (), (), worth=1.0, proposal=proposal)


def test_the_command_prints_scores_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` gives the fleet's size, the scores and the pathologies, for each edition."""
    assert accuracy.main(["--records", "600", "--only", "samebox", "--quick", "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert [each["fleet"]["edition"] for each in printed] == [1, 2]
    for each in printed:
        assert each["fleet"]["devices"] == each["results"][0]["devices"]
        assert 0.9 < each["results"][0]["scores"]["bcubed_f1"] <= 1


def test_each_edition_and_size_is_a_fleet_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """One edition may be had alone, at several sizes in one run."""
    arguments = ["--edition", "2", "--records", "400", "1200", "--only", "samebox", "--quick", "--json"]
    assert accuracy.main(arguments) == 0

    small, large = (each["fleet"] for each in json.loads(capsys.readouterr().out))
    assert small["edition"] == large["edition"] == 2
    assert small["records"] < large["records"]


def test_another_checkout_is_a_contender(capsys: pytest.CaptureFixture[str]) -> None:
    """`--before` runs the command of a checkout on the same records: this one's own comes to the same devices."""
    here = str(Path(accuracy.__file__).parent.parent)
    arguments = ["--edition", "2", "--records", "400", "--only", "samebox", "--quick", "--before", here, "--json"]
    assert accuracy.main(arguments) == 0

    [printed] = json.loads(capsys.readouterr().out)
    ours, before = printed["results"]
    assert before["contender"] == "Samebox, before"
    for same in ("scores", "found", "reviews", "pathologies"):
        assert before[same] == ours[same]


def test_the_command_prints_tables_for_a_reader(capsys: pytest.CaptureFixture[str]) -> None:
    """Without `--json` every pathology has its line, in each edition's tables."""
    assert accuracy.main(["--records", "600", "--only", "samebox", "--quick"]) == 0

    first, second = capsys.readouterr().out.split("Edition 2")
    assert "over-merged /10k" in first
    assert "renamed" in first
    assert "large_customer" not in first
    assert second.count("large_customer") == 2


def test_errors_come_with_records_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """`--errors N` shows what went wrong, with the engine's own sentence."""
    assert accuracy.main(["--records", "1500", "--only", "samebox", "--errors", "1"]) == 0

    printed = capsys.readouterr().out
    assert "#### OVER-MERGED" in printed
    assert "are different devices" in printed


def test_a_device_with_all_its_records_is_right_and_any_other_is_not() -> None:
    """One device in two clusters is split; two devices in one are both merged."""
    truth = {A: "one", B: "one", C: "two"}

    assert wrong(truth, {A: "x", B: "x", C: "y"}) == (set(), set())
    assert wrong(truth, {A: "x", B: "y", C: "y"}) == ({"one", "two"}, {"one"})


def test_a_record_is_wrong_where_its_device_holds_another_box() -> None:
    """Of a struck device in two pieces, only the records of the piece that holds another box's record count."""
    records = [{"provider": key.provider, "id": key.id} for key in (A, B, C)]
    truth: dict[tuple[str, str], str] = {A: "one", B: "one", C: "two"}
    struck = {"cloned_vm": frozenset({"one"}), "renamed": frozenset({"one", "two"}), "sold": frozenset[str]()}
    scored = result("mixed", Fleet(1, records, truth, struck, {}, {}), {A: "x", B: "y", C: "y"}, seconds=0.0)

    clones = scored.pathologies["cloned_vm"]
    assert (clones.devices, clones.merged, clones.split, clones.records, clones.mixed) == (1, 1, 1, 2, 1)
    assert scored.pathologies["renamed"].mixed_share == pytest.approx(2 / 3)
    assert "sold" not in scored.pathologies


def test_perfect_clusters_score_one() -> None:
    """The truth itself has precision and recall 1 and nothing merged or split."""
    fleet = generate(seed=2, records=600)
    scored = result("truth", fleet, {Key(*key): label for key, label in fleet.truth.items()}, seconds=0.0)

    assert scored.scores.bcubed_f1 == 1.0
    assert scored.over_merged == scored.split == 0
    assert all(struck.exact == struck.devices for struck in scored.pathologies.values())


def test_the_ceiling_joins_nothing_wrongly() -> None:
    """With the truth at hand no device is merged; what is split shares no value with its other part."""
    scored = ceiling.link(generate(seed=2, records=1_500))

    assert scored.scores.precision == 1.0
    assert 0.97 < scored.scores.bcubed_recall < 1.0


def test_reviews_are_answered_by_the_truth() -> None:
    """Each side stands for the device that most of its records belong to."""
    review = proposing(Verdict.SAME, 0.9, (A, B), (C,))

    (apart,) = samebox.by_truth({A: "one", B: "one", C: "two"})([review])
    (joined,) = samebox.by_truth({A: "other", B: "two", C: "two"} | {A: "two"})([review])

    assert (apart.verdict, apart.left, apart.right) == ("different", A, C)
    assert joined.verdict == "same"


def test_proposals_that_contradict_each_other_are_not_all_answers() -> None:
    """The surest are; where A is B and B is C, A cannot differ from C, and the other way round."""
    apart, joined = proposing(Verdict.DIFFERENT, 0.7, (A,), (C,)), proposing(Verdict.SAME, 0.9, (A,), (B,))
    surer = proposing(Verdict.DIFFERENT, 0.95, (A,), (C,))
    chain = [proposing(Verdict.SAME, 0.8, (B,), (C,)), joined]

    def answers(*reviews: Review) -> list[tuple[str, Key, Key]]:
        given = samebox.without_contradictions(samebox.by_proposal()(reviews))
        return [(str(each.verdict), each.left, each.right) for each in given]

    assert answers(apart, *chain) == [("same", A, B), ("same", B, C)]
    assert answers(surer, *chain) == [("different", A, C), ("same", A, B)]
    assert len(list(samebox.by_proposal(same_from=0.85)([apart, *chain]))) == 2  # a doubtful *same* stays open
