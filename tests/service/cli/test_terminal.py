"""Output to the terminal: results, messages, tables and progress, whatever the texts hold."""

import io
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from matching.model import ReviewReason
from service.cli.layout import PLAIN_WIDTH
from service.cli.terminal import progress, say, show, show_json, show_table, survive_any_encoding
from service.core.harmless import harmless
from tests.service.cli.examples import Terminal
from tests.service.conftest import Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_what_a_provider_writes_cannot_steer_the_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escape sequences, text that turns round, line breaks and markup are shown as what they are."""
    monkeypatch.setenv("COLUMNS", "240")
    name = "\x1b]0;owned\x07\x1b[31m[bold red]x[/] \u202eabc\r\nsamebox: all is well"
    feed = ndjson(tmp_path / "hostile.ndjson", {"provider": "rmm", "id": "1", "name": name, "serial": "SN1KX77"})
    bad = ndjson(tmp_path / "bad.ndjson", "\x1b[2Jnot a record", {"provider": "rmm", "id": "1\x1b[2J"})
    for ran in (
        run("import", feed),
        run("lookup", "SN1KX77"),
        run("import", bad),
        run("explain", f"rmm:{name}", "a:b"),
    ):
        assert not {"\x1b", "\x07", "\u202e", "\r"} & set(ran.out + ran.err)
        assert "\nsamebox: all is well" not in ran.out + ran.err
    shown = run("lookup", "SN1KX77")

    assert r"\x1b]0;owned\x07\x1b[31m[bold red]x[/] \u202eabc\r\nsamebox: all is well" in shown.out


def test_a_harmless_text_stays_as_it_is() -> None:
    """Letters of any language, and nothing else, pass."""
    assert harmless("Größe 北京 №5") == "Größe 北京 №5"


def test_no_colour_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR set, the bars on a terminal have no colour."""
    terminal = Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress() as report:
        report("cw_manage", 50, 100)

    assert "cw_manage" in terminal.getvalue()
    assert "50 of 100 rows" in terminal.getvalue()
    assert "\x1b[3" not in terminal.getvalue()


def test_progress_is_plain_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A log gets a line now and then, on standard error."""
    with progress() as report:
        for read in range(1, 2501):
            report("cw_manage", read, 2500)

    assert capsys.readouterr() == (
        "",
        "samebox: cw_manage: 1,000 of 2,500 rows\n"
        "samebox: cw_manage: 2,000 of 2,500 rows\n"
        "samebox: cw_manage: 2,500 of 2,500 rows\n",
    )


def test_plain_progress_begins_with_what_is_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    """Where it is known before the first row: who reads the log learns how long it will take."""
    with progress() as report:
        for read in range(3):
            report("agreements one by one, about 7 min", read, 400)

    assert capsys.readouterr().err == "samebox: agreements one by one, about 7 min: 0 of 400 rows\n"


def test_a_table_shows_values_as_people_read_them(capsys: pytest.CaptureFixture[str]) -> None:
    """A code by its label, a number with separators and to the right, a time in UTC, and nothing where nothing is."""
    one_o_clock = datetime(2026, 11, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    show_table("Counts", ("what", "count", "at"), [(ReviewReason.CLONE, 12345, one_o_clock), ("other", 7, None)])

    first, second = (
        line.split("  ") for line in capsys.readouterr().out.splitlines() if re.search(r"clone|other", line)
    )
    assert [cell.strip() for cell in first if cell.strip()] == ["clone?", "12,345", "2026-11-01 12:00:00 UTC"]
    assert [cell.strip() for cell in second if cell.strip()] == ["other", "7"]


def test_numbers_of_a_table_stand_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    """Their last digits are below each other; texts begin below each other."""
    show_table("", ("what", "count"), [("a", 12345), ("abc", 7)])

    first, second = (line.rstrip() for line in capsys.readouterr().out.splitlines() if re.search(r"\d", line))
    assert len(first) == len(second)
    assert first.index("a") == second.index("a")


def test_a_long_value_is_folded_and_not_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    """A program that filters the lines finds every letter."""
    show_table("", ("value",), [("x" * (3 * PLAIN_WIDTH),)])

    out = capsys.readouterr().out
    assert out.count("x") == 3 * PLAIN_WIDTH
    assert max(map(len, out.splitlines())) <= PLAIN_WIDTH


def test_a_table_that_does_not_fit_is_written_as_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    """Each row is headed by its first cell; no word is broken, and an empty cell is left out."""
    device = "0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"
    show_table("Pairs", ("name", "left", "right", "why"), [("NB-1", device, device, ""), ("NB-2", device, "-", "x")])

    assert capsys.readouterr().out.splitlines() == [
        *("Pairs", "NB-1", f"  left   {device}", f"  right  {device}", ""),
        *("NB-2", f"  left   {device}", "  right  -", "  why    x", ""),
    ]


def test_a_pipe_is_as_wide_as_its_reader_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """COLUMNS holds where there is no terminal; the same row is then a table."""
    monkeypatch.setenv("COLUMNS", "120")
    show_table("", ("name", "left", "right"), [("NB-1", "x" * 36, "y" * 36)])

    assert f"NB-1  {'x' * 36}  {'y' * 36}" in capsys.readouterr().out


def test_a_message_is_wrapped_on_a_terminal_and_one_line_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal would break it inside a word; who filters a log wants one line."""
    terminal, log = Terminal(), io.StringIO()
    monkeypatch.setenv("COLUMNS", "80")
    for stream in (terminal, log):
        monkeypatch.setattr(sys, "stderr", stream)
        say("identifier " * 12)

    assert [line.split() for line in terminal.getvalue().splitlines()] == [
        ["samebox:", *["identifier"] * 6],
        ["identifier"] * 6,
    ]
    assert log.getvalue().count("\n") == 1


def test_a_letter_that_the_terminal_cannot_write_does_not_end_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text has its escape instead; JSON is UTF-8 all the same."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    survive_any_encoding()
    show("Größe")
    show_json("Größe")

    assert written.getvalue() == b"Gr\\xf6\\xdfe\n" + '"Größe"\n'.encode()
