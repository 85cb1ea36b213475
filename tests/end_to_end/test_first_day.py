"""The first day of an operator: whatever the server answers, `check` and `sync` say what to do, and rightly so."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.applications import Starlette

from service.cli import main
from service.demo.connectwise.faults import AfterCall
from service.demo.connectwise.named_faults import named_fault
from service.demo.connectwise.server import create_fake, running

LIST = "/company/configurations"
ROWS = 60
KEYS = {"CompanyId": "acme", "ApiPublicKey": "pub", "ApiPrivateKey": "priv", "ApiClientId": "c1d"}

ROLE = "the security role of the API member does not allow it"
LOGIN = "ConnectWiseManage:CompanyId, ApiPublicKey, ApiPrivateKey and ApiClientId"
ADDRESS = "look at Providers:ConnectWiseManage:BaseUrl and Providers:ConnectWiseManage:CompanyId"
MOVED = "nothing is there: look at Providers:ConnectWiseManage:BaseUrl"
QUESTION = "look at Providers:ConnectWiseManage:Types and Providers:ConnectWiseManage:ApiVersion"
PAGE_SIZE = "set Providers:ConnectWiseManage:PageSize"
WEB_PAGE = "a web page where JSON was expected; look at Providers:ConnectWiseManage:BaseUrl"
CUT = "sent an answer that is no whole JSON"
COMPANIES = "none of 60 records names a company, so its hostnames join nobody"
MISSING = "counts 60 rows and sent 57, and nobody deleted the others"
ADVICE = (ROLE, LOGIN, ADDRESS, MOVED, QUESTION, PAGE_SIZE, WEB_PAGE, CUT, COMPANIES, MISSING, "api-")
"""All that may be advised; of these a command gives one, and nothing that would lead astray."""


CONFIGURATIONS = [
    {
        "id": number,
        "name": f"ACME-PC-{number:03}",
        "serialNumber": f"5CG{number:07}",
        "company": {"id": 12, "name": "Acme"},
        "activeFlag": True,
    }
    for number in range(1, ROWS + 1)
]


class Said(NamedTuple):
    """How a command ended, what it wrote as JSON, and what it told the operator."""

    code: int
    found: Any
    told: str


class Desk:
    """An operator's desk: settings for a fake ConnectWise Manage in trouble, and the commands."""

    def __init__(self, fake: Starlette, capsys: pytest.CaptureFixture[str]) -> None:
        self.fake = fake
        self._capsys = capsys

    def run(self, *arguments: str) -> Said:
        """Run a command that writes JSON."""
        with pytest.raises(SystemExit) as end:
            main([*arguments, "--json"])
        out, told = self._capsys.readouterr()
        return Said(int(end.value.code or 0), json.loads(out), told)

    def hide(self, *numbers: int) -> None:
        """Take rows out of the server."""
        for number in numbers:
            self.fake.state.rows.remove(number)

    def show_all(self) -> None:
        """Put all rows back."""
        for row in CONFIGURATIONS:
            self.fake.state.rows.put(row)

    def both(self) -> tuple[Said, Said]:
        """Check, then sync in full."""
        return self.run("check", "cw_manage"), self.run("sync", "--full", "cw_manage")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Starlette, str]]:
    """One server for all tests."""
    app = create_fake(CONFIGURATIONS, company_id="acme", public_key="pub", private_key="priv", client_id="c1d")
    with running(app) as url:
        yield app, url


@pytest.fixture
def desk(
    served: tuple[Starlette, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Desk]:
    """A desk whose settings are right; nothing waits between two tries."""
    app, url = served
    app.state.faults.clear()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAMEBOX_SETTINGS", raising=False)
    for key, value in {**KEYS, "BaseUrl": url, "MaxWaitSeconds": "0", "MaxAttempts": "3"}.items():
        monkeypatch.setenv(f"Providers__ConnectWiseManage__{key}", value)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    desk = Desk(app, capsys)
    desk.show_all()
    yield desk
    root.handlers[:] = handlers
    root.setLevel(level)


def advice_in(text: str) -> set[str]:
    """Return which of all advice a text gives."""
    return {advice for advice in ADVICE if advice in text}


@pytest.mark.parametrize(
    ("fault", "path", "advice"),
    [
        ("unauthorised", None, LOGIN),
        ("not-permitted", None, ROLE),
        ("not-permitted", LIST, ROLE),
        ("not-permitted-401", None, ROLE),
        ("forbidden", None, ROLE),
        ("not-found", None, MOVED),
        ("unroutable", None, ADDRESS),
        ("bad-conditions", LIST, QUESTION),
        ("bad-request", f"{LIST}/count", QUESTION),
        ("page-size-limit=20", None, PAGE_SIZE),
        ("login-page", None, WEB_PAGE),
        ("cut", LIST, CUT),
    ],
)
def test_a_server_that_refuses_is_explained(desk: Desk, fault: str, path: str | None, advice: str) -> None:
    """Both commands fail with one line, which advises the right thing and no other; `check` ends with it."""
    desk.fake.state.faults.plan(named_fault(fault), times=None, path=path)
    check, sync = desk.both()

    errors = [part["error"] for part in check.found["parts"] if part["part"] == "cw_manage"]
    assert (check.code, sync.code) == (1, 1)
    assert errors == [check.found["next"]] == [sync.found[0]["error"]]
    assert advice_in(check.told) == advice_in(sync.told) == {advice}
    assert [sync.found[0][name] for name in ("new", "status")] == [0, "failed"]


@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_of_the_state_of_the_system_is_never_the_question(desk: Desk, status: int) -> None:
    """`check` asks for it first: it has no parameters, so a 400 there is the address, and a 403 the role."""
    fault, advice = {400: ("bad-request", ADDRESS), 403: ("forbidden", ROLE)}[status]
    desk.fake.state.faults.plan(named_fault(fault), times=None, path="/system/info")

    assert advice_in(desk.run("check", "cw_manage").told) == {advice}


@pytest.mark.parametrize("fault", ["short-pages=25", "short-pages=7", "short-pages=60", "last-link", "empty-link"])
def test_a_server_with_pages_of_its_own_gives_all_its_rows(desk: Desk, fault: str) -> None:
    """A short page with a link costs one more request; nothing is lost or an error, the second time neither."""
    desk.fake.state.faults.plan(named_fault(fault), times=None)
    check, first = desk.both()
    second = desk.run("sync", "--full", "cw_manage")

    assert (check.code, first.code, second.code) == (0, 0, 0)
    assert [first.found[0][name] for name in ("read", "new", "warnings")] == [ROWS, ROWS, []]
    assert [second.found[0][name] for name in ("read", "same", "gone", "warnings")] == [ROWS, ROWS, 0, []]
    assert check.told == first.told.replace("samebox: cw_manage: 60 of 60 rows\n", "") == ""
    assert check.found["next"] == "`samebox sync cw_manage` reads it for the first time"


def test_thirty_rows_in_pages_of_25_are_thirty(desk: Desk) -> None:
    """Five rows were lost without a word when a short page was the end, whatever its link said."""
    desk.hide(*range(31, ROWS + 1))
    desk.fake.state.faults.plan(named_fault("short-pages=25"), times=None)
    _, sync = desk.both()

    assert (sync.code, sync.found[0]["new"], sync.found[0]["warnings"]) == (0, 30, [])


def test_rows_that_are_deleted_during_a_sweep_are_no_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Far fewer rows come than were announced, and the count that is asked for at the end agrees with them."""
    monkeypatch.setenv("Providers__ConnectWiseManage__PageSize", "25")
    desk.fake.state.faults.plan(AfterCall(lambda: desk.hide(*range(31, ROWS + 1))), path=LIST, skip=1)
    sync = desk.run("sync", "--full", "cw_manage")

    assert (sync.code, advice_in(sync.told)) == (0, set())
    assert [sync.found[0][name] for name in ("read", "new", "warnings")] == [30, 30, []]


def test_a_few_rows_that_nobody_saw_deleted_are_told(desk: Desk) -> None:
    """The list holds back three rows that both counts know: what came is stored, and a warning says so."""
    desk.fake.state.faults.plan(AfterCall(lambda: desk.hide(7, 8, 9)), path=LIST)
    desk.fake.state.faults.plan(AfterCall(desk.show_all), path=f"{LIST}/count", skip=1)
    sync = desk.run("sync", "--full", "cw_manage")

    assert (sync.code, advice_in(sync.told)) == (0, {MISSING})
    assert [sync.found[0][name] for name in ("read", "new")] == [57, 57]
    [warning] = sync.found[0]["warnings"]
    assert warning.startswith(f"cw_manage: {MISSING}; look at what may hold rows back")


def test_many_rows_that_nobody_saw_deleted_are_refused(desk: Desk) -> None:
    """Nothing is stored, and the line says what may hold them back."""
    desk.fake.state.faults.plan(AfterCall(lambda: desk.hide(*range(1, 21))), path=LIST)
    desk.fake.state.faults.plan(AfterCall(desk.show_all), path=f"{LIST}/count", skip=1)
    sync = desk.run("sync", "--full", "cw_manage")

    assert (sync.code, sync.found[0]["new"]) == (1, 0)
    assert "announced 60 rows and sent 40; nothing was stored" in sync.told


def test_an_answer_cut_in_mid_json_is_asked_for_again(desk: Desk) -> None:
    """HTTP sees nothing wrong with it; two such answers cost two tries, and everything arrives."""
    desk.fake.state.faults.plan(named_fault("cut"), times=2, path=LIST)
    sync = desk.run("sync", "--full", "cw_manage")

    assert (sync.code, sync.found[0]["new"]) == (0, ROWS)
    assert sync.told.count("; try ") == 2


def test_a_role_without_companies_is_told_with_what_to_do(desk: Desk) -> None:
    """The rows are stored, and both commands warn: without a company no hostname joins anybody."""
    desk.fake.state.faults.plan(named_fault("no-companies"), times=None)
    check, sync = desk.both()

    assert (check.code, sync.code, sync.found[0]["new"]) == (0, 0, ROWS)
    assert advice_in(check.told) == advice_in(sync.told) == {COMPANIES}
    assert "Companies > Company Maintenance" in check.found["next"]
    assert sync.found[0]["warnings"] == [check.found["next"]]
    [count] = sync.found[0]["evidence"]
    assert (count["records"], count["serial"], count["hostname"], count["company"]) == (ROWS, ROWS, ROWS, 0)
