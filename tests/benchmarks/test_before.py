"""Another checkout as a contender of the accuracy benchmark."""

from pathlib import Path

import pytest

from benchmarks import before
from benchmarks.fleet import generate

COMMAND = """
import json, pathlib, sys

def start():
    word, source, option, out = sys.argv[1:]
    assert (word, option) == ("match", "--out")
    folder = pathlib.Path(out)
    folder.mkdir()
    keys = [(row["provider"], row["id"]) for row in map(json.loads, open(source))]
    lines = [f"{provider},{id},d{number}" for number, (provider, id) in enumerate(keys)]
    (folder / "clusters.csv").write_text("\\n".join(["provider,id,device_id", *lines]))
    (folder / "reviews.ndjson").write_text("{}\\n" * 3)
"""
"""What a checkout has as its command: every record is a device, and there are three reviews."""


def test_the_code_of_the_checkout_is_what_runs(tmp_path: Path) -> None:
    """Its clusters are scored, and its reviews counted."""
    (tmp_path / "service" / "cli").mkdir(parents=True)
    (tmp_path / "service" / "__init__.py").touch()
    (tmp_path / "service" / "cli" / "__init__.py").write_text(COMMAND)
    fleet = generate(seed=2, records=400, edition=2)
    scored = before.link(fleet, tmp_path)

    assert (scored.contender, scored.found, scored.reviews) == ("Samebox, before", len(fleet.records), 3)
    assert (scored.scores.recall, scored.scores.over_merged) == (0.0, 0)


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path) -> None:
    """Else the installed version would run in its place, and the figures would mean nothing."""
    with pytest.raises(SystemExit, match="no checkout"):
        before.link(generate(seed=2, records=400), tmp_path)
