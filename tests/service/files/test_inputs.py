"""A policy or decisions with an error are refused as a whole, with line and reason."""

from pathlib import Path

import pytest

from tests.service.files.matching import DECISION, match, ndjson


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([DECISION, {**DECISION, "verdict": "perhaps"}], "line 2: verdict is 'perhaps'"),
        ([{"verdict": "same", "left": "a:1"}], "line 1: right is missing"),
        ([{**DECISION, "left": "nobody"}], "line 1: left: 'nobody' is no record"),
        ([{**DECISION, "by": 5}], "line 1: by is 5"),
        ([{**DECISION, "reason": "x"}], "line 1: reason is not known"),
        ([{**DECISION, "at": "soon"}], "line 1: at is 'soon'"),
        ([{**DECISION, "right": "rmm_alpha:A-17"}], "left and right are both rmm_alpha:A-17"),
        (["{"], "line 1: not JSON"),
        ([DECISION, {**DECISION, "verdict": "same"}], "rmm_alpha:A-17 and cw_manage:4711 are decided to differ"),
    ],
)
def test_decisions_that_cannot_stand_are_refused_first(
    content: list[object], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, key and reason; no file is read (there is none) and nothing is written."""
    decided = ndjson(tmp_path / "decided.ndjson", content)
    assert match(tmp_path / "absent", "--out", tmp_path / "out", "--decisions", decided) == 1

    assert "decided.ndjson" in (told := capsys.readouterr().err)
    assert said in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{\n"BoardReplacement": "maybe"}', "line 2: Policy:BoardReplacement: is 'maybe'"),
        ('{\n\n"Bored": 1}', "line 3: Policy:Bored: there is no such key; did you mean Policy:"),
        ('{"Trust":\n{"deny": {"mac": "maybe"}},\n"Islands": 1}', "line 2: Policy:Trust:deny:mac: is 'maybe'"),
        ('{"Trust":\n{"deny": {"mac": "maybe"}},\n"Islands": 1}', "line 3: Policy:Islands: is 1"),
        ("{\n", "not JSON"),
        ("[]", "a policy is a JSON object"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_first(
    content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, key and reason, before anything else."""
    (tmp_path / "policy.json").write_text(content)
    assert match(tmp_path / "absent", "--out", tmp_path / "out", "--policy", tmp_path / "policy.json") == 1

    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
