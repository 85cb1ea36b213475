"""The command `forget`."""

import io
import json
from pathlib import Path

import pytest

from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = [pytest.mark.usefixtures("logging_as_before"), on_both]


@pytest.fixture
def used(run: Run, tmp_path: Path) -> Run:
    """Return commands over a store in which a last user is named."""
    rows = [{**RECORDS[0], "last_user": "ACME\\jdoe"}, {**RECORDS[1], "last_user": "jdoe"}, RECORDS[2]]
    assert run("import", ndjson(tmp_path / "used.ndjson", *rows)).code == 0
    return run


def test_a_name_is_removed_when_a_person_has_seen_from_how_much(used: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records and devices are told first, and nothing happens at a no."""
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    refused = used("forget", "JDoe")
    kept = used("lookup", "5cg1234abc", "--json").out
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    done = used("forget", "JDoe")

    assert refused.code == 1
    assert "the name would be removed from 2 records of 1 devices" in refused.err
    assert "jdoe" in kept
    assert done.code == 0
    assert "the name is removed from 2 records of 1 devices" in done.err
    assert done.err.endswith("Samebox drops it whenever it comes again, so remove it there too\n")
    assert "jdoe" not in used("lookup", "5cg1234abc", "--json").out + used("changes", "--json").out


def test_it_can_be_done_without_a_question_and_allowed_again(used: Run) -> None:
    """For a program; and a name may be given to another person."""
    assert used("forget", "jdoe", "--yes").code == 0
    undone, again = used("forget", "jdoe", "--undo"), used("forget", "jdoe", "--undo")

    assert undone.err == "samebox: jdoe is stored again when it comes\n"
    assert again.err == "samebox: jdoe was no name to forget\n"


def test_a_hostname_that_is_the_name_is_told_to_stay(used: Run) -> None:
    """The operator learns that there is more, and where to look."""
    done = used("forget", "acme-lt-1", "--yes")

    assert "the name is removed from 0 records of 0 devices" in done.err
    assert "2 records hold it in a field by which a device is known" in done.err
    assert json.loads(used("lookup", "acme-lt-1", "--json").out)


def test_what_is_no_name_is_refused(used: Run) -> None:
    """With how a name is written."""
    assert used("forget", "a,b", "--yes").code == 1
    assert "jdoe@acme.com" in used("forget", " ", "--yes").err
