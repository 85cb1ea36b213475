"""The decision records: short, numbered once, listed in their index, and cited by numbers that exist."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, name_of

FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
INDEX = FOLDER / "README.md"

DEPENDENCIES = FOLDER / "0004-dependencies.md"
"""The one record that grows: a line for each dependency."""

LONGEST = 30
"""Lines of any other record, at the most."""

STATUS = re.compile(r"accepted|superseded by \[decision \d{4}\]\((\d{4}-[a-z0-9-]+\.md)\)")

CITED = re.compile(r"decision (\d{4})\b", re.IGNORECASE)


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_record_says_context_decision_and_consequences(record: Path) -> None:
    """A record is short, is numbered as its file, and has the same parts as any other."""
    text = record.read_text()
    parts = re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", text, re.M)

    assert text.startswith(f"# {int(record.name[:4])}. ")
    assert record == DEPENDENCIES or len(text.splitlines()) <= LONGEST
    assert record == DEPENDENCIES or [part for part in parts if part != "Not chosen"] == [
        "Context",
        "Decision",
        "Consequences",
    ]


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_record_is_in_force_or_names_its_successor(record: Path) -> None:
    """A reader sees at once whether a decision still stands, and else which one does, in record and index alike."""
    [status] = re.findall(r"^\*\*Status:\*\* (.+)$", record.read_text(), re.M)
    [entry] = re.findall(
        rf"^\| {record.name[:4]} \| \[.+\]\({re.escape(record.name)}\)(.*) \|$", INDEX.read_text(), re.M
    )
    found = STATUS.match(status)

    assert found
    assert entry == (f" (superseded by {found[1][:4]})" if found[1] else "")


def test_no_number_is_given_twice() -> None:
    """Numbers run from 1 without a gap, so that a citation names one record."""
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_every_decision_that_is_cited_is_in_force() -> None:
    """Code, settings of tools and labelled cases cite only decisions that still stand."""
    superseded = {record.name[:4] for record in RECORDS if "**Status:** superseded" in record.read_text()}
    standing = {record.name[:4] for record in RECORDS} - superseded
    folders = ("matching", "service", "tests", "benchmarks", "fixtures/cases")
    files = [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in {".py", ".toml"}]
    cited = {(name_of(file), number) for file in files for number in CITED.findall(file.read_text())}

    assert cited
    assert {(file, number) for file, number in cited if number not in standing} == set()
