"""Deciding, and following what happens, on the command line."""

import json
import re
from pathlib import Path

import pytest

from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")

LAPTOPS = ("cw_manage:4711", "rmm_alpha:A-17")
OTHERS = ("cw_manage:4711", "rmm_alpha:A-18")
HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]x[/] \u202eabc\nsamebox: all is well"


def device(run: Run, record: str) -> str:
    """Return the id of a record's device."""
    return str(json.loads(run("lookup", record, "--kind", "record", "--json").out)[0]["id"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide",),
        ("decide", "maybe", *OTHERS),
        ("decide", "same", *OTHERS),
        ("decide", "same", OTHERS[0], "--why", "x"),
        ("decide", "--by", "anna"),
        ("decide", "--import", "f.ndjson", "same", *OTHERS, "--why", "x"),
        ("reviews", "--limit", "0"),
        ("changes", "--after", "-1"),
        ("syncs", "--limit", "0"),
        ("history",),
    ],
)
def test_wrong_usage_of_deciding_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    """Nothing is decided by a command that is not whole."""
    assert run(*arguments).code == 2


@on_both
def test_a_decision_from_preview_to_revocation(fleet: Run) -> None:
    """Told first, then made, listed with who and why, and taken back; the devices follow."""
    foreseen = fleet("decide", "same", *OTHERS, "--why", "x", "--preview")
    assert "merged with" in foreseen.out
    assert device(fleet, OTHERS[0]) != device(fleet, OTHERS[1])

    made = fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    assert "By a decision of anna: same box (one asset tag)." in made.out
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
        (("decide", "same", "cw_manage:4711", "nonsense", "--why", "x"), "write provider:id"),
        (("decide", "same", "cw_manage:4711", "cw_manage:4711", "--why", "x"), "both are the same one"),
        (("decide", "same", *OTHERS, "--why", " "), "why has 1 to 1000 characters"),
        (("decide", "revoke", "none", "--why", "x"), "no decision 'none'"),
        (("decide", "--import", "none.ndjson"), "none.ndjson cannot be read"),
        (("history", "none"), "no device 'none'"),
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
def test_reviews_show_the_question_and_both_devices(run: Run, tmp_path: Path) -> None:
    """As a table for a person, as data for a program, narrowed by reason."""
    guids = ("4C4C4544-0042-3510-8054-B4C04F4A5931", "5C4C4544-0042-3510-8054-B4C04F4A5931")
    boards = [{**record, "bios_guid": guid} for record, guid in zip(RECORDS[:2], guids, strict=True)]
    run("import", ndjson(tmp_path / "boards.ndjson", *boards))

    [review] = json.loads(run("reviews", "--json").out)
    shown = run("reviews", "--provider", "rmm_alpha")

    assert review["reason"] == "mainboard_replaced"
    assert device(run, LAPTOPS[0]) in shown.out
    assert device(run, LAPTOPS[1]) in shown.out
    assert re.search(r"Open reviews\s.*mainboard replaced\?", run("lookup", LAPTOPS[1]).out, re.S)
    assert json.loads(run("reviews", "--reason", "clone", "--json").out) == []
    unknown = run("reviews", "--reason", "mainboard")
    assert (unknown.code, "there are mainboard_replaced" in " ".join(unknown.err.split())) == (2, True)
    assert "reviews: 0" in run("reviews", "--company", "nobody").err


@on_both
def test_changes_go_on_where_they_ended(fleet: Run) -> None:
    """The number that one call ends with begins the next."""
    first = json.loads(fleet("changes", "--limit", "1", "--json").out)
    rest = json.loads(fleet("changes", "--after", str(first["next"]), "--json").out)

    assert [each["seq"] for each in first["data"] + rest["data"]] == [1, 2]
    assert "created from" in fleet("changes").out
    assert "samebox changes --after 2" in fleet("changes").err


@on_both
def test_the_history_of_a_retired_id_says_where_it_leads(fleet: Run) -> None:
    """Its own lines, then those of its successor."""
    ids = {device(fleet, record) for record in OTHERS}
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    heir = device(fleet, OTHERS[0])
    [gone] = ids - {heir}

    ran = fleet("history", gone)

    assert f"merged with {gone}" in ran.out
    assert f"{gone} is retired; it leads to {heir}" in ran.err
    assert json.loads(fleet("history", gone, "--json").out)["leads_to"] == heir


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
