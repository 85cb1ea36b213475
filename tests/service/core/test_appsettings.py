"""Settings come from a file and from the environment above it; what cannot be read is said with its place."""

import json
from pathlib import Path

import pytest

from service.core.errors import SettingsError
from service.core.settings import load_settings
from tests.service.core.trees import CW, connection, manage, read, refusal, written


def test_the_file_is_the_named_one_then_the_variable_then_the_folders_own() -> None:
    """`--settings FILE`, SAMEBOX_SETTINGS, ./appsettings.json, in this order."""
    written({"Server": {"Port": 1}}, "appsettings.json")
    other = written({"Server": {"Port": 2}}, "other.json")
    named = written({"Server": {"Port": 3}}, "named.json")

    assert load_settings(None, {}).server.port == 1
    assert load_settings(None, {"SAMEBOX_SETTINGS": str(other)}).server.port == 2
    assert load_settings(named, {"SAMEBOX_SETTINGS": str(other)}).server.port == 3


def test_the_environment_is_above_the_file() -> None:
    """In the file's spelling with double underscores; in any case, because Windows knows one only."""
    settings = read(
        manage(PageSize=500, Types={"Include": ["Server"]}),
        Providers__ConnectWiseManage__ApiPrivateKey="from-env",
        PROVIDERS__CONNECTWISEMANAGE__PAGESIZE="250",
        Providers__ConnectWiseManage__Types__Exclude="Printer Toner, Licence",
        Providers__NinjaOne__Folder="feeds/ninjaone",
        Policy__BoardReplacement="join",
        Policy__RetiredStatuses='["gone"]',
        UNRELATED__VARIABLE="x",
    )
    section = connection(settings)

    assert section.api_private_key.get_secret_value() == "from-env"
    assert section.page_size == 250
    assert (section.types.include, section.types.exclude) == (["Server"], ["Printer Toner", "Licence"])
    assert settings.providers.ninja_one is not None
    assert settings.policy_settings.board_replacement == "join"
    assert settings.policy_settings.retired_statuses == {"gone"}


@pytest.mark.parametrize(
    ("variable", "key"),
    [
        ("Providers__ConnectWiseManage__ApiPrivteKey", f"{CW}:ApiPrivteKey"),
        ("Provider__ConnectWiseManage__ApiPrivateKey", "Provider"),
        ("Server__Prot", "Server:Prot"),
        ("Policy__Unheard", "Policy:Unheard"),
    ],
)
def test_a_misspelt_variable_is_named(variable: str, key: str) -> None:
    """A variable below one of our sections, or nearly so, that sets nothing is a mistake."""
    assert refusal(manage(), **{variable: "hush"}).startswith(key)


def test_a_variable_that_sets_a_section_or_below_a_value_is_refused() -> None:
    """Neither can be meant."""
    assert "is a section" in refusal(manage(), Providers__ConnectWiseManage="x")
    assert "is a section" in refusal({"Providers": {"NinjaOne": "x"}}, Providers__NinjaOne__Folder="y")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"Server":\n  {"Port": x}}', "settings.json: line 2, column 12: "),
        ("", "line 1, column 1: a value is missing"),
        ('{"Server": {"Port": 1, "Port": 2}}', "Port (settings.json): the key comes twice"),
        ('{"Server": {"Port": 1,}}', "no comma follows the last"),
        ('{"Server": {"Port": 1} "Sync": {}}', "line 1, column 24: a comma or the closing bracket is missing"),
        ('{"Database": {"Url": "C:\\data"}}', "a backslash in a text is written twice"),
        ('{"Server": {"Port": NaN}}', "NaN is no JSON number"),
        ("[]", "has to hold an object"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
    ],
    ids=["no value", "empty", "twice", "last comma", "no comma", "backslash", "NaN", "list", "UTF-16", "deep"],
)
def test_a_file_that_is_no_json_says_where(content: str | bytes, sentence: str) -> None:
    """File, line and column, and what was expected there."""
    assert sentence in refusal(content)


def test_a_file_that_is_not_there_is_named() -> None:
    """A named file that is missing is no empty one."""
    with pytest.raises(SettingsError, match=r"missing\.json: cannot be read: No such file"):
        load_settings(Path("missing.json"), {})


def test_a_byte_order_mark_and_null_sections_do_no_harm() -> None:
    """Windows editors write the one, and null is as good as absent for a provider."""
    settings = read(b"\xef\xbb\xbf" + json.dumps({"Providers": {"ConnectWiseManage": None}}).encode())

    assert settings.providers.connect_wise_manage is None


def test_what_cannot_be_read_is_told_together_with_what_is_wrong() -> None:
    """A key twice, a value above a variable's section, a secret's file, a variable and the file: a line each."""
    tree = json.dumps({**manage(ApiPrivateKey=None, PageSize=0), "Calibration": {"MaxChange": "hush-much"}})
    doubled = tree.replace('"MaxChange"', '"MaxChange": 1, "MaxChange"')
    variables = {
        "Database__Url_FILE": "nowhere",
        "Providers__ConnectWiseManage__ApiPrivateKey_FILE": "nowhere",
        "Server__Port__Number": "1",
        "Server__Port": "hush",
        "Sync__OverlapMinute": "1",
    }
    lines = refusal(doubled, **variables).splitlines()

    assert [line.split(" ")[0] for line in lines] == [
        "MaxChange",
        "Server:Port:Number",
        "Database:Url_FILE",
        f"{CW}:ApiPrivateKey_FILE",
        f"{CW}:PageSize",
        "Calibration:MaxChange",
        "Sync:OverlapMinute",
        "Server:Port",
    ]
    assert lines[5].startswith("Calibration:MaxChange (settings.json): should be a number; for example")
    assert lines[6].startswith("Sync:OverlapMinute (environment Sync__OverlapMinute): there is no such key; did you")
    assert not [line for line in lines if "hush" in line]
