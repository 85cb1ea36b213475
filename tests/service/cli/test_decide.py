"""The commands `decide` and `decisions`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import LAPTOPS, OTHERS, asked, device
from tests.service.conftest import Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")

HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]x[/] \u202eabc\nsamebox: all is well"


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide",),
        ("decide", "maybe", *OTHERS),
        ("decide", "same", *OTHERS),
        ("decide", "same", OTHERS[0], "--why", "x"),
        ("decide", "--by", "anna"),
        ("decide", "--import", "f.ndjson", "same", *OTHERS, "--why", "x"),
    ],
)
def test_wrong_usage_of_deciding_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    """Nothing is decided by a command that is not whole."""
    assert run(*arguments).code == 2


@on_both
def test_a_decision_from_preview_to_revocation(fleet: Run) -> None:
    """Told first, then made, listed with who and why, and taken back; the devices follow."""
    foreseen = fleet("decide", "same", *OTHERS, "--why", "x", "--preview")
    assert "Before: 2 devices" in foreseen.out
    assert "After: 1 device" in foreseen.out
    assert device(fleet, OTHERS[0]) != device(fleet, OTHERS[1])

    made = fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    assert "Decided by anna: cw_manage:4711 and rmm_alpha:A-18: same box (one asset tag)." in " ".join(made.out.split())
    assert "2 devices became 1 device: " in made.out
    assert device(fleet, OTHERS[0]) == device(fleet, OTHERS[1])
    assert "it stands already, by anna" in fleet("decide", "same", *OTHERS, "--why", "me too").err

    assert "one asset tag" in fleet("lookup", OTHERS[1]).out

    [listed] = json.loads(fleet("decisions", "--json").out)
    assert (listed["by"], listed["why"], listed["revoked_at"]) == ("anna", "one asset tag", None)
    assert fleet("decide", "revoke", listed["id"], "--why", "wrong room", "--by", "bob").code == 0
    assert device(fleet, OTHERS[0]) != device(fleet, OTHERS[1])
    assert "nothing is decided" in fleet("decisions").err
    assert "by bob: wrong room" in fleet("decisions", "--all").out


@on_both
def test_who_decides_is_who_is_logged_in(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a name is given."""
    monkeypatch.setenv("LOGNAME", "carla")

    assert fleet("decide", "different", *LAPTOPS, "--why", "two stickers").code == 0
    assert json.loads(fleet("decisions", "--json").out)[0]["by"] == "carla"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("decide", "same", "cw_manage:4711", "rmm_alpha:none", "--why", "x"), "no record 'rmm_alpha:none'"),
        (("decide", "same", "cw_manage:4711", "a:", "--why", "x"), "write provider:id"),
        (("decide", "same", "17"), "there is no review 17"),
        (("decide", "same", "99999999999999999999"), "there is no review 99999999999999999999"),
        (("decide", "same", "cw_manage:4711", "cw_manage:4711", "--why", "x"), "both are the same one"),
        (("decide", "same", *OTHERS, "--why", " "), "why has 1 to 1000 characters"),
        (("decide", "revoke", "none", "--why", "x"), "no decision 'none'"),
        (("decide", "--import", "none.ndjson"), "none.ndjson cannot be read"),
    ],
)
@on_both
def test_what_cannot_be_decided_is_one_line(fleet: Run, arguments: tuple[str, ...], said: str) -> None:
    """It names what is wrong, and the exit code is 1."""
    ran = fleet(*arguments)

    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


@on_both
def test_a_review_is_answered_by_its_number(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ids or a reason; the answer names the review, and its number is not answered again."""
    asked(run, tmp_path, monkeypatch)
    foreseen = run("decide", "same", "1", "--preview")
    made = run("decide", "same", "1", "--by", "anna")
    again = run("decide", "different", "1")

    assert foreseen.out.startswith("Before: 2 devices\ndevice     type  customer   records       \n")
    assert "Closes review 1: acme-lt-1 in cw_manage and acme-lt-1 in rmm_alpha: are they one" in foreseen.out
    assert "2 devices became 1 device: acme-lt-1 (cw_manage:4711, rmm_alpha:A-17)." in made.out
    [decision] = json.loads(run("decisions", "--json").out)
    assert (decision["why"], decision["by"], decision["proposed"]) == ("answer to review 1", "anna", "same")
    assert made.err == f"samebox: to take it back: samebox decide revoke {decision['id']} --why TEXT\n"
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith(f"samebox: review 1 was answered: decision {decision['id']} of anna")


@on_both
def test_devices_are_named_as_people_call_them(fleet: Run) -> None:
    """By name or by id; one that is not known ends with 2 and the nearest."""
    made = fleet("decide", "same", "acme-lt-1", device(fleet, OTHERS[1]), "--why", "one asset tag")

    misspelt = fleet("decide", "same", "acme-lt-2", OTHERS[1], "--why", "x")

    assert made.code == 0, made.err
    [decision] = json.loads(fleet("decisions", "--json").out)
    assert (decision["left"], decision["right"]) == OTHERS
    assert (misspelt.code, misspelt.err.startswith("samebox: no device 'acme-lt-2'; did you mean")) == (2, True)


@on_both
def test_decisions_are_carried_from_store_to_store(fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exported here, imported there: the same word; a second import brings nothing new."""
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    assert fleet("decisions", "--export", "decided.ndjson").code == 0

    monkeypatch.setenv("Database__Url", "sqlite:///there.db")
    first = fleet("decide", "--import", "decided.ndjson")
    fleet("import", str(tmp_path / "fleet.ndjson"))

    assert first.out == "1 decisions are new, 0 stood already\n"
    assert "they bind when these come" in first.err
    assert device(fleet, OTHERS[0]) == device(fleet, OTHERS[1])
    assert fleet("decide", "--import", "decided.ndjson").out == "0 decisions are new, 1 stood already\n"
    assert json.loads(fleet("decisions", "--json").out)[0]["by"] == "anna"


@on_both
def test_a_bad_line_stops_an_import_of_decisions(fleet: Run, tmp_path: Path) -> None:
    """It is named with its reason, and the good lines before it are not half done."""
    good = {"verdict": "same", "left": OTHERS[0], "right": OTHERS[1]}
    file = ndjson(tmp_path / "mixed.ndjson", good, {**good, "verdict": "maybe"})

    ran = fleet("decide", "--import", file)

    assert ran.code == 1
    assert f"{file}, line 2: verdict is 'maybe'" in ran.err
    assert json.loads(fleet("decisions", "--all", "--json").out) == []


@on_both
def test_what_people_write_cannot_steer_the_terminal(fleet: Run) -> None:
    """A reason or name with escape sequences is shown as what it is, in every table and sentence."""
    made = fleet("decide", "same", *OTHERS, "--why", HOSTILE, "--by", HOSTILE)
    assert made.code == 0, made.err
    refused = fleet("decide", "different", *OTHERS, "--why", "x")
    assert refused.code == 1

    for ran in (
        made,
        refused,
        fleet("decisions"),
        fleet("changes"),
        fleet("history", device(fleet, OTHERS[0])),
        fleet("decide", "same", *OTHERS, "--why", "x"),
    ):
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err)
        assert "\nsamebox: all is well" not in ran.out
        assert "owned" in ran.out + ran.err
