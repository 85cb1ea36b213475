"""Scores of clusters against a truth: `samebox evaluate`."""

import json
from pathlib import Path

import pytest

from service.cli import main

TRUTH = "provider,id,device\na,1,x\nb,2,x\na,3,y\nb,4,y\n"
CLUSTERS = "provider,id,device_id\na,1,d1\nb,2,d1\na,3,d1\nb,4,d2\n"


def evaluate(tmp_path: Path, truth: str | bytes, clusters: str, *options: str) -> int:
    """Run the command over two files and return how it ended."""
    (tmp_path / "truth.csv").write_bytes(truth if isinstance(truth, bytes) else truth.encode())
    (tmp_path / "clusters.csv").write_bytes(clusters.encode())
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "--truth", f"{tmp_path}/truth.csv", "--clusters", f"{tmp_path}/clusters.csv", *options])
    return int(end.value.code or 0)


def test_scores_are_those_of_the_definition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of three pairs found is right, one of two true ones is found; B-cubed by hand; a device each way."""
    assert evaluate(tmp_path, TRUTH, CLUSTERS, "--json") == 0

    scores = json.loads(capsys.readouterr().out)
    assert (scores["precision"], scores["recall"]) == (pytest.approx(1 / 3), 0.5)
    assert scores["bcubed_precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert scores["bcubed_recall"] == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert (scores["over_merged"], scores["split"], scores["records"]) == (1, 1, 4)


def test_a_reader_gets_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The measures by name."""
    assert evaluate(tmp_path, TRUTH, CLUSTERS) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in ("pairwise F1", "B-cubed F1", "over-merged", "split"))


def test_records_of_one_file_alone_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are not scored, and not passed over in silence."""
    assert evaluate(tmp_path, TRUTH + "c,9,z\nc,8,z\n", CLUSTERS + "d,7,d9\n", "--json") == 0

    captured = capsys.readouterr()
    scores = json.loads(captured.out)
    assert (scores["records"], scores["only_in_truth"], scores["only_in_clusters"]) == (4, 2, 1)
    assert "2 records are in" in captured.err


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        ("provider,id\na,1\n", "line 1: there is no column device"),
        ("", "line 1: there is no column provider or id or device"),
        (TRUTH + "a,5\n", "line 6: 2 cells where the heading has 3"),
        (TRUTH + "a,,z\n", "line 6: provider, id and device must not be empty"),
        (TRUTH + "a,1,z\n", "line 6: a:1 is listed twice"),
        (TRUTH + 'a,"5"6,z\n', "line 6: no CSV"),
        (TRUTH.encode() + b"a,\xff,z\n", "line 6: not UTF-8"),
        ("provider,id,device\nz,1,x\n", "have no record in common"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    truth: str | bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line and reason, and the exit code of a failure."""
    assert evaluate(tmp_path, truth, CLUSTERS) == 1
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """One line, no trace."""
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "--truth", "absent.csv", "--clusters", "absent.csv"])
    assert end.value.code == 1
    assert "absent.csv cannot be read" in capsys.readouterr().err
