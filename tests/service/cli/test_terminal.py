"""Output to the terminal: results, messages, tables and progress, whatever the texts hold."""

import io
import sys
from pathlib import Path

import pytest

from service.cli.terminal import harmless, progress
from tests.service.conftest import Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_what_a_provider_writes_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    """Escape sequences, text that turns round, line breaks and markup are shown as what they are."""
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


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


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
