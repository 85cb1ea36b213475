"""A wrong key or value is named in the operator's spelling, with what would be right."""

import re
from functools import reduce
from typing import Any

import pytest
from pydantic import ValidationError

from service.core.sections import items, mistakes
from service.core.settings import Settings, known_settings
from tests.service.core.trees import CW, WHOLE, manage, refusal


@pytest.mark.parametrize(
    ("tree", "parts"),
    [
        (
            manage(ApiPrivateKey=None),
            [f"{CW}:ApiPrivateKey (settings.json): is missing", 'for example "ApiPrivateKey": "priv_yyyy"'],
        ),
        (manage(ApiPrivteKey="x"), [f"{CW}:ApiPrivteKey", "no such key; did you mean", f"{CW}:ApiPrivateKey"]),
        (manage(base_url="x"), [f"{CW}:base_url", f"{CW}:BaseUrl"]),
        (manage(apiPrivateKey="x"), [f"{CW}:apiPrivateKey", f"did you mean {CW}:ApiPrivateKey"]),
        ({"Providers": {"ConnectwiseManage": WHOLE}}, ["Providers:ConnectwiseManage", f"did you mean {CW}"]),
        ({"Provider": {}}, ["Provider (settings.json): there is no such key; did you mean Providers"]),
        (
            {"Providers": {"ConnectWiseManage": {}}},
            [f"{CW}:BaseUrl (settings.json): is missing", f"{CW}:ApiClientId (settings.json): is"],
        ),
        ({"Providers": {"ConnectWiseManage": "x"}}, [f"{CW} (settings.json): is a section"]),
        ({"Providers": []}, ["Providers (settings.json): is a section"]),
        ({"Providers": {"NinjaOne": {}}}, ["Providers:NinjaOne:Folder (settings.json): is missing"]),
        (manage(PageSize=1001), [f"{CW}:PageSize", "should be at most 1000;", 'for example "PageSize": 1000']),
        (manage(PageSize="many"), [f"{CW}:PageSize", "should be a whole number"]),
        (manage(RequestsPerMinute=0), [f"{CW}:RequestsPerMinute", "should be more than 0"]),
        (manage(ApiVersion="latest"), [f"{CW}:ApiVersion", "does not fit", '"2025.16"']),
        (manage(BiosGuidSource="question:"), [f"{CW}:BiosGuidSource", "question:TEXT"]),
        (manage(DeviceIdentifierProvider="a:b"), [f"{CW}:DeviceIdentifierProvider", '"cw_rmm"']),
        (manage(Types={"Includes": ["A"]}), [f"{CW}:Types:Includes", f"did you mean {CW}:Types:Include"]),
        ({"Server": {"Port": 70000}}, ["Server:Port", "65535"]),
        ({"Policy": {"BoardReplacment": "join"}}, ["Policy:BoardReplacment", "BoardReplacement"]),
        ({"Policy": {"BoardReplacement": "perhaps"}}, ["Policy:BoardReplacement", "join"]),
    ],
)
def test_a_wrong_key_or_value_is_named_with_what_would_be_right(tree: dict[str, Any], parts: list[str]) -> None:
    """The key in the operator's spelling, what is wrong, and the nearest key or an example."""
    text = refusal(tree)

    assert not [part for part in parts if part not in text], text


def test_every_problem_is_told_at_once() -> None:
    """One start shows all that has to be corrected, a line each."""
    assert len(refusal(manage(PageSize=0, Burst=0, ApiPrivteKey="x")).splitlines()) == 3


ODD: list[Any] = [
    *(None, True, "x", "", "-", -1, 0, 1.5, 1e300, 10**30, "nan", "\ud800", "x" * 5000),
    *([], ["x"], [1], [[1]], [""], [["a", "b"]], [{"a": 1}]),
    *({}, {"a": 1}, {"a": "x"}, {"a": ["x"]}, {"": 1}, {"a": {"b": 1}}),
]
"""Values of every shape, most of them wrong for any one key."""


def test_what_is_wrong_is_said_in_our_words_whatever_is_set() -> None:
    """Every key is given values of every shape; no sentence is the library's, or shows a type or a pattern."""
    sentences = set[str]()
    for each in known_settings():
        for value in ODD:
            *sections, name = each.key.split(":")
            tree = reduce(lambda inner, section: {section: inner}, reversed(sections), {name: value})
            try:
                Settings.model_validate(tree, by_alias=True, by_name=False)
            except ValidationError as error:
                known = {key: field for key, field, _ in items(Settings)}
                sentences |= {mistake.sentence for mistake in mistakes(error, known, {})}

    assert len(sentences) > 200
    theirs = r"\bInput\b|\bvalid\b|Value error|[Ss]tring should|parse|instance of|pydantic|<class|Expecting"
    assert [sentence for sentence in sentences if re.search(theirs, sentence)] == []
