"""`samebox demo` as a person meets it: the summary, the reports, the answers, Ctrl-C."""

import re
import shlex
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from subprocess import Popen
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from service.cli import main
from service.reports.catalogue import REPORTS
from service.reports.formats import Format
from service.reports.overview import SUMMARY
from tests.end_to_end.commands import PATIENCE, start

SPELLINGS = {
    "serial in lower case with blanks": "czj 3420 x7k",
    "MAC with colons": "94:40:c9:1a:2b:3c",
    "MAC with dashes": "94-40-C9-1A-2B-3C",
    "MAC with dots": "9440.c91a.2b3c",
    "MAC bare": "9440C91A2B3C",
    "GUID in braces": "{37383638-3330-5a43-4a33-34323058374b}",
    "GUID byte-swapped": "38363837-3033-435A-4A33-34323058374B",
    "fully qualified name": "FNO-FILES01.corp.fenwickoakes.example",
    "ConnectWise id": "4711",
}
"""The file server of Fenwick & Oakes, which `fixtures/README.md` introduces."""


@dataclass
class Demo:
    """A demo that serves: its process, where it serves, what it has printed, and the lines worth trying."""

    process: Popen[str]
    folder: Path
    url: str
    printed: str
    curls: list[str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    process = start(folder, "demo", "--port", "0")
    hanging = threading.Timer(PATIENCE, process.kill)
    hanging.start()
    try:
        assert process.stdout
        lines: list[str] = []
        curls: list[str] = []
        while len(curls) < 3:
            lines.append(process.stdout.readline())
            assert lines[-1], process.communicate()[1]
            curls += [lines[-1].strip()] if lines[-1].startswith("  curl ") else []
        [url] = re.findall(r"The console is at (\S+)/ until", "".join(lines))
        yield Demo(process, folder, url, "".join(lines), curls)
    finally:
        hanging.cancel()
        process.kill()
        process.communicate()


def measured(printed: str, name: str) -> float:
    """Return a number of the summary table."""
    [number] = re.findall(rf"{name}\s+([\d.]+)", printed)
    return float(number)


def test_the_console_is_named_before_all_that_is_served(demo: Demo) -> None:
    """Whoever opens it finds the file server by its name, without a key, and sees why it is one device."""
    assert demo.printed.index("The console is at") < demo.printed.index("  curl ")
    browser = {"Accept": "text/html"}
    found = httpx.get(f"{demo.url}/search?q=fno-files01", headers=browser, follow_redirects=True, timeout=PATIENCE)

    assert found.status_code == 200
    assert found.url.path.startswith("/devices/")
    assert "<h1>FNO-FILES01</h1>" in found.text
    assert "Why it is one device" in found.text


def test_the_summary_shows_what_was_found_and_how_right_it_is(demo: Demo) -> None:
    """No wrong join at all, and nearly all of the right ones."""
    assert re.search(r"pairwise precision\s+1\.0000", demo.printed)
    assert measured(demo.printed, "pairwise recall") >= 0.97
    assert measured(demo.printed, "B-cubed F1") >= 0.97
    for line in ("records", "devices", "duplicates inside", "duplicates across", "coverage gap: unbilled"):
        assert re.search(rf"{line}\s+[1-9]", demo.printed)


def test_one_device_is_shown_with_its_sources_and_the_reason(demo: Demo) -> None:
    """The golden record of the file server, and why two records of it are one device; all of it in 80 columns."""
    _, _, rest = demo.printed.partition("Golden record of FNO-FILES01 (providers: 4)")
    shown, found, _ = rest.partition("Reports are in")

    assert found
    assert re.search(r"^\s*bios_guid\s+37383638-3330-5A43-4A33-34323058374B\s+cw_automate\s*$", shown, re.M)
    assert re.search(r"^\s*cw_manage_device_id\s+4711\s+cw_manage\s*$", shown, re.M)
    assert "cw_automate:4702 and cw_manage:4711 are one device: " in " ".join(shown.split())
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 80


def test_the_reports_are_in_the_folder_that_is_named(demo: Demo) -> None:
    """Each report in each format, and the page to begin with, beside the database."""
    folder = demo.folder / "samebox-demo" / "reports"
    files = {f"{name}.{form}" for name in REPORTS for form in Format}

    assert "Reports are in samebox-demo/reports" in demo.printed
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} == files | {SUMMARY}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_finds_the_same_device(demo: Demo, spelling: str) -> None:
    """One device, of all four providers, whatever is typed."""
    answer = httpx.get(f"{demo.url}/v1/lookup", params={"identifier": SPELLINGS[spelling], "expand": "records"})

    [device] = answer.json()["data"]
    assert "cw_manage:4711" in {f"{each['provider']}:{each['id']}" for each in device["records"]}
    assert {each["provider"] for each in device["records"]} == {"cw_manage", "cw_rmm", "cw_automate", "ninjaone"}


def test_the_lines_worth_trying_work_as_they_are_printed(demo: Demo) -> None:
    """Two look-ups that find one device, and an explanation of two of its records."""
    first, second, explanation = (asked(line) for line in demo.curls)

    [device], [same] = first.json()["data"], second.json()["data"]
    assert device["id"] == same["id"]
    assert explanation.json()["same"] is True
    assert first.request.url.params["identifier"] != device["values"]["serial"]


def asked(line: str) -> httpx.Response:
    """Do what curl -G does with such a line."""
    program, flags, *rest = shlex.split(line)
    assert (program, flags) == ("curl", "-sG")
    fields = [value.partition("=")[::2] for flag, value in pairwise(rest) if flag == "--data-urlencode"]
    url = f"{rest[-1]}?{urlencode(fields)}"
    assert parse_qsl(urlsplit(url).query) == fields
    return httpx.get(url).raise_for_status()


def test_a_second_demo_without_serving_finds_everything_the_same(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with 0 while the first one goes on serving, and no record or device has changed."""
    before = httpx.get(f"{demo.url}/v1/devices", params={"limit": 1000}).json()
    monkeypatch.chdir(demo.folder)
    with pytest.raises(SystemExit) as end:
        main(["demo", "--no-serve"])
    printed = capsys.readouterr().out
    after = httpx.get(f"{demo.url}/v1/devices", params={"limit": 1000}).json()

    assert end.value.code == 0
    assert re.search(r"pairwise precision\s+1\.0000", printed)
    assert "curl" not in printed
    rows = re.findall(r"^\s*(?:cw_\w+|ninjaone)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+0 .* stored", printed, re.M)
    assert [row[1:3] + row[4:] for row in rows] == [("0", "0", "0")] * 4  # new, changed, gone
    assert [(each["id"], each["values"]) for each in before["data"]] == [
        (each["id"], each["values"]) for each in after["data"]
    ]


def test_a_reader_that_goes_away_ends_the_command_without_a_trace(tmp_path: Path) -> None:
    """As in `samebox report duplicates | head -0`."""
    start(tmp_path, "db", "upgrade").communicate(timeout=PATIENCE)
    process = start(tmp_path, "report", "duplicates")
    assert process.stdout
    process.stdout.close()
    process.stdout = None
    _, said = process.communicate(timeout=PATIENCE)

    assert (process.returncode, said) == (1, "")


def test_ctrl_c_ends_the_service_cleanly(demo: Demo) -> None:
    """The last test of this module: exit code 0, and nothing but the log on standard error."""
    demo.process.send_signal(signal.SIGINT)
    _, said = demo.process.communicate(timeout=PATIENCE)

    assert demo.process.returncode == 0
    assert "Traceback" not in said
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{demo.url}/livez")
