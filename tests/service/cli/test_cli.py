"""The command line as a whole: its version, its exit codes, and what it says of a defect."""

import pytest

from tests.service.conftest import Run

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_the_version_is_told(run: Run) -> None:
    """A line that a bug report can quote."""
    ran = run("--version")

    assert ran.code == 0
    assert ran.out.startswith("samebox ")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("lookup",),
        ("lookup", "x", "--kind", "colour"),
        ("report", "nothing"),
        ("report", "coverage", "--format", "pdf"),
        ("sync", "acme_rmm"),
        ("sync", "--full", "--incremental"),
        ("sync", "--accept-shrink"),
        ("sync", "--accept-shrink", "--incremental", "cw_manage"),
        ("check", "acme_rmm"),
        ("serve", "--port", "70000"),
        ("reviews", "--limit", "0"),
        ("changes", "--after", "-1"),
        ("syncs", "--limit", "0"),
        ("history",),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    """A script can tell its own mistake from a failure, and nothing goes to standard output but help."""
    ran = run(*arguments)

    assert ran.code == 2
    assert "Traceback" not in ran.err + ran.out


def test_a_defect_is_a_line_and_a_trace_only_when_asked_for(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators get a hint, developers the place."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret reason")

    monkeypatch.setattr("service.cli.lookup.find", broken)
    plain, debugged = fleet("lookup", "x"), fleet("--debug", "lookup", "x")

    assert (plain.code, debugged.code) == (1, 1)
    assert plain.err == (
        "samebox: a defect in samebox (ZeroDivisionError); the option --debug before the command shows where\n"
    )
    assert "Traceback" in debugged.err
