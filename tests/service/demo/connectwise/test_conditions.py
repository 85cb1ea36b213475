"""The conditions language: what it finds, what it refuses, and that no text hurts it."""

import re

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.demo.connectwise.conditions import DEEPEST, BadConditions, like, parse
from service.demo.connectwise.schema import Schema
from tests.service.demo.connectwise.sample import CONFIGURATIONS, IDS

CONFIGURATION = Schema("Company.Configuration")


def found(text: str) -> list[int]:
    return [row["id"] for row in filter(parse(text, CONFIGURATION), CONFIGURATIONS)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id = 3", [3]),
        ("id=3", [3]),
        ("id != 3", [1, 2, 5, 8, 9, 13]),
        ("id < 3", [1, 2]),
        ("id <= 3", [1, 2, 3]),
        ("id > 9", [13]),
        ("id >= 9", [9, 13]),
        ("backupBillableSpaceGb > 3.5", [1]),
        ("backupBillableSpaceGb = 3", [2]),
        ('serialNumber = "cz1"', [1]),
        ("serialNumber = 'CZ2'", [2]),
        ("id in (3, 5, 7)", [3, 5]),
        ("id not in (1,2,3,5)", [8, 9, 13]),
        ('type/name in ("server", "TONER")', [1, 2, 9]),
        ("company/id = 10", [1, 3, 5, 9]),
        ('company/identifier = "bolt"', [2, 8, 13]),
    ],
)
def test_a_comparison_finds_the_rows_it_describes(text: str, ids: list[int]) -> None:
    """Every operator, on numbers, text and reference fields."""
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('name contains "SRV"', [1, 2]),
        ('name not contains "SRV"', [3, 5, 8, 9, 13]),
        ('name like "srv*"', [1, 2]),
        ('name like "SRV%"', [1, 2]),
        ('name like "*-0*"', [1, 2, 5]),
        ('name like "LT-13"', [13]),
        ('name not like "L*"', [1, 2, 8, 9]),
        ('serialNumber = "a*b"', [8]),
        ('name like "LT-[[]*"', [3]),
        ('name contains "[[]03]"', [3]),
    ],
)
def test_text_is_searched_with_both_wildcards_and_a_written_out_bracket(text: str, ids: list[int]) -> None:
    """Only `like` knows wildcards; `[[]` is an opening bracket everywhere."""
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("activeFlag = true", [1, 3, 8, 9, 13]),
        ("activeFlag=False", [2]),
        ("activeFlag != true", [2]),
        ("serialNumber = null", [3, 9]),
        ("serialNumber != NULL", [1, 2, 5, 8, 13]),
        ("serialNumber not = null", [1, 2, 5, 8, 13]),
        ('serialNumber = ""', [5]),
        ('serialNumber != "CZ1"', [2, 5, 8, 13]),
        ('serialNumber not in ("CZ1")', [2, 5, 8, 13]),
        ("status = null", [2, 3, 5, 8, 9, 13]),
        ("status/name != null", [1]),
        ("mobileGuid = null", IDS),
    ],
)
def test_absent_and_null_are_one_and_only_null_asks_for_them(text: str, ids: list[int]) -> None:
    """As in SQL: a row without the value is in neither half of any other comparison."""
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("lastUpdated > [2026-10-08T08:00:00Z]", [9, 13]),
        ("lastUpdated >= [2026-10-09]", [9, 13]),
        ("lastUpdated < [2026-10-02T08:00:01Z]", [1, 2]),
        ("purchaseDate = [2024-01-15]", [1]),
        ("purchaseDate > [2024-01-15T00:00:00]", [9]),
        ("purchaseDate = null", [2, 3, 5, 8, 13]),
    ],
)
def test_dates_stand_in_brackets(text: str, ids: list[int]) -> None:
    """A date without a zone is in UTC; `lastUpdated` is the time kept in `_info`."""
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('activeFlag = true and type/name = "Server"', [1]),
        ("id = 1 or id = 2 and id = 3", [1]),
        ("(id = 1 or id = 2) and id = 2", [2]),
        ("id = 1 OR id = 2 Or id = 3", [1, 2, 3]),
        ("((id > 1) AND (id < 5))", [2, 3]),
        ("\tid\n=\r5 ", [5]),
    ],
)
def test_and_binds_before_or_unless_brackets_say_otherwise(text: str, ids: list[int]) -> None:
    """The words and, or are the same in any case."""
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id", "an operator expected at character 3, found the end"),
        ("id = ", "a value; text stands in single or double quotes expected at character 6"),
        ("name = SRV", "a value; text stands in single or double quotes expected at character 8, found 'SRV'"),
        ('name = "SRV', "cannot be read from character 8 on"),
        ('name = "a "quoted" b"', "'and', 'or' or the end expected at character 12"),
        ('name = "[x]"', "an opening bracket inside text is written [[]"),
        ("(id = 1", "')' expected at character 8, found the end"),
        ("id = 1)", "'and', 'or' or the end expected at character 7, found ')'"),
        ("id = 1 id = 2", "'and', 'or' or the end expected at character 8, found 'id'"),
        ("id in 1", "'(' expected at character 7"),
        ("id in ()", "a value"),
        ("id in (1,)", "a value"),
        ("id in (1, null)", "cannot be compared with null by 'in'"),
        ("not id = 1", "'not' is no field"),
        ("id == 1", "a value"),
        ("id <> 1", "a value"),
        ('id = "1"', "a field that holds number cannot be compared with text by '='"),
        ("name = 1", "a field that holds text cannot be compared with number"),
        ("name > null", "cannot be compared with null by '>'"),
        ("activeFlag < true", "'<' does not compare true or false"),
        ("id contains 1", "'contains' does not compare number"),
        ("lastUpdated > [yesterday]", "'[yesterday]' is no date"),
        ("lastUpdated > [2026-13-01]", "is no date"),
        ('purchaseDate > "2024-01-01"', "a field that holds date cannot be compared with text"),
        ("serial = 'x'", "'serial' is no field"),
        ("questions = null", "'questions' is no field that can be compared"),
        ("_info/lastUpdated > [2026-01-01]", "'_info/lastUpdated' is no field"),
        ("company = 'Acme'", "a field that holds reference cannot be compared with text"),
        ("id = 12345678901234567890", "cannot be read from character 6 on"),
        ("id = 1; id = 2", "cannot be read from character 7 on"),
    ],
)
def test_what_does_not_parse_is_refused_with_the_place_and_the_reason(text: str, reason: str) -> None:
    """A fake that guessed would let a client go live with conditions that the vendor refuses."""
    with pytest.raises(BadConditions, match=re.escape(reason)):
        parse(text, CONFIGURATION)


def test_nesting_is_bounded() -> None:
    """Fifty brackets inside each other are read; one more, or a million, is refused and not a crash."""
    assert found("(" * DEEPEST + "id = 1" + ")" * DEEPEST) == [1]
    for depth in (DEEPEST + 1, 1_000_000):
        with pytest.raises(BadConditions, match="more than 50 brackets"):
            parse("(" * depth + "id = 1" + ")" * depth, CONFIGURATION)


LONG = 10_000


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(["id = 1"] * LONG),
        f"id in ({','.join(['1'] * LONG)})",
        'name like "' + "*a" * LONG + '"',
        "name = " + '"' * (2 * LONG + 1),
        "1" * LONG,
        "a/" * LONG,
        "[" * LONG,
        " " * LONG,
    ],
    ids=["or", "in", "like", "quotes", "digits", "slashes", "brackets", "blanks"],
)
def test_long_text_is_read_in_one_go(text: str) -> None:
    """Each of these takes minutes or breaks the stack where reading tries again from every place."""
    try:
        ids = found(text)
    except BadConditions as error:
        ids = []
        shown = len(str(error))
    else:
        shown = 0

    assert ids in ([1], [])
    assert shown < 200  # a refusal quotes a little of the text, never all of it


PIECES = [*"()=<>!,[]'\"*% /", " and ", " or ", " not ", " in ", " like ", " contains ", "null", "true", "1", "-2.5"]
PIECES += ["id", "name", "type/name", "lastUpdated", '"x"', "[2026-01-01T00:00:00Z]", "[0000-00-00]", "٣", "é"]


@settings(max_examples=150, deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@example("lastUpdated > [0001-01-01] and lastUpdated < [9999-12-31T23:59:59.999999Z]")
def test_no_text_crashes_the_parser(text: str) -> None:
    """Any text is a test of rows or a refusal."""
    try:
        condition = parse(text, CONFIGURATION)
    except BadConditions:
        return
    for row in CONFIGURATIONS:
        assert condition(row) in {True, False}


LEAVES = st.builds("id {} {}".format, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(-2, 15))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(LEAVES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_conditions_mean_what_python_means_by_them(alternatives: list[list[str]]) -> None:
    """Any of all of comparisons finds the same rows as the same sentence in Python."""
    text = " or ".join(" and ".join(parts) for parts in alternatives)
    python = text.replace(" = ", " == ")

    assert found(text) == [key for key in IDS if eval(python, {"id": key})]


@settings(max_examples=200, deadline=None)
@given(st.text("ab*%", max_size=8), st.text("ab", max_size=12))
def test_like_agrees_with_a_regular_expression(pattern: str, text: str) -> None:
    """`*` and `%` stand for any characters, at any place."""
    expression = "".join(".*" if sign in "*%" else sign for sign in pattern)

    assert like(pattern, text) == (re.fullmatch(expression, text) is not None)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"conditions": 'company/name = "Bolt & Nut" and name like "100%*"'}, [8]),
        ({"conditions": "activeFlag=true AND type/name='Workstation'"}, [3, 8, 13]),
        ({"conditions": " "}, IDS),
    ],
)
def test_conditions_choose_rows_over_http(client: httpx.Client, query: dict[str, str], ids: list[int]) -> None:
    """Signs that mean something in a URL arrive as they were meant when they are encoded."""
    assert [row["id"] for row in client.get("/company/configurations", params=query).json()] == ids
    assert client.get("/company/configurations/count", params=query).json() == {"count": len(ids)}


@pytest.mark.parametrize("path", ["/company/configurations", "/company/configurations/count"])
@pytest.mark.parametrize("raw", ["id=", "%00%ff%22", "name%20like%20%22a%", "%F0%9F%98%80", "(((("])
def test_bad_conditions_are_answered_400_over_http(client: httpx.Client, path: str, raw: str) -> None:
    """The vendor's error body names the parameter; bytes that are no text are refused as well."""
    answer = client.get(f"{path}?conditions={raw}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "InvalidObject"
    assert [part["field"] for part in answer.json()["errors"]] == ["conditions"]
