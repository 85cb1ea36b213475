"""Settings: a wrong one fails at start with its name, a right one says where it came from, a secret never shows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import SettingsError
from service.core.settings import ConnectWiseManage, Settings, describe, known_settings, load_settings

ROOT = Path(__file__).parents[3]
CW = "Providers:ConnectWiseManage"
SECRETS = {"ApiPublicKey": "PUB-hush", "ApiPrivateKey": "PRIV-hush", "ApiClientId": "CLIENT-hush"}
WHOLE = {"BaseUrl": "https://api-na.psa.test/v4_6_release/apis/3.0/", "CompanyId": "acme", **SECRETS}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)


def written(tree: object, name: str = "settings.json") -> Path:
    """Write a file of settings: a tree as JSON, a text or bytes as they are."""
    file = Path(name)
    content = tree if isinstance(tree, str | bytes) else json.dumps(tree)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def manage(**changed: Any) -> dict[str, Any]:
    """A tree with a whole ConnectWise Manage section, with some keys changed; None takes one out."""
    section = {key: value for key, value in {**WHOLE, **changed}.items() if value is not None}
    return {"Providers": {"ConnectWiseManage": section}}


def read(tree: object, **environ: str) -> Settings:
    """Load a file and an environment."""
    return load_settings(written(tree), environ)


def refusal(tree: object, **environ: str) -> str:
    """The text of the error that loading ends with."""
    with pytest.raises(SettingsError) as error:
        read(tree, **environ)
    return str(error.value)


def refused(variable: str) -> str:
    """The text of the error that a variable alone leads to, or nothing."""
    try:
        load_settings(None, {variable: "?"})
    except SettingsError as error:
        return str(error)
    return ""


def connection(settings: Settings) -> ConnectWiseManage:
    """The ConnectWise Manage section, which must be there."""
    section = settings.providers.connect_wise_manage
    assert section is not None
    return section


def test_the_owners_shape_is_read() -> None:
    """Five keys suffice; the rest has cautious defaults."""
    section = connection(read(manage()))

    assert section.base_url == "https://api-na.psa.test/v4_6_release/apis/3.0"
    assert section.api_private_key.get_secret_value() == "PRIV-hush"
    assert (section.api_version, section.page_size) == ("2025.16", 1000)
    assert (section.requests_per_minute, section.burst, section.max_attempts) == (60, 60, 5)
    assert (section.bios_guid_source, section.device_identifier_provider) == ("mobileGuid", None)
    assert (section.types.include, section.types.exclude, section.active_only) == ([], [], True)


def test_nothing_set_is_a_laptop() -> None:
    """No file and no variable: no provider, a SQLite file, loopback."""
    settings = load_settings(None, {})

    assert settings.database.url == "sqlite:///samebox.db"
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert settings.providers.connect_wise_manage is None


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
    assert settings.policy.board_replacement == "join"
    assert settings.policy.retired_statuses == {"gone"}


@pytest.mark.parametrize(
    ("value", "types"),
    [("Server", ["Server"]), ('["A, B", "C"]', ["A, B", "C"]), (" A ,B", ["A", "B"])],
)
def test_a_list_in_the_environment_is_json_or_names_with_commas(value: str, types: list[str]) -> None:
    """Names may hold commas in the one form and need no quotes in the other."""
    settings = read(manage(), Providers__ConnectWiseManage__Types__Include=value)

    assert connection(settings).types.include == types


@pytest.mark.parametrize(
    ("tree", "parts"),
    [
        (manage(ApiPrivateKey=None), [f"{CW}:ApiPrivateKey: is missing", 'for example "ApiPrivateKey": "priv_yyyy"']),
        (manage(ApiPrivteKey="x"), [f"{CW}:ApiPrivteKey", "no such key; did you mean", f"{CW}:ApiPrivateKey"]),
        (manage(base_url="x"), [f"{CW}:base_url", f"{CW}:BaseUrl"]),
        (manage(apiPrivateKey="x"), [f"{CW}:apiPrivateKey", f"did you mean {CW}:ApiPrivateKey"]),
        ({"Providers": {"ConnectwiseManage": WHOLE}}, ["Providers:ConnectwiseManage", f"did you mean {CW}"]),
        ({"Provider": {}}, ["Provider (settings.json): there is no such key; did you mean Providers"]),
        ({"Providers": {"ConnectWiseManage": {}}}, [f"{CW}:BaseUrl: is missing", f"{CW}:ApiClientId: is missing"]),
        ({"Providers": {"ConnectWiseManage": "x"}}, [f"{CW} (settings.json): is a section"]),
        ({"Providers": []}, ["Providers (settings.json): is a section"]),
        ({"Providers": {"NinjaOne": {}}}, ["Providers:NinjaOne:Folder: is missing"]),
        ({"Providers": {"NinjaOne": {"Folder": " "}}}, ["Providers:NinjaOne:Folder", "is empty"]),
        (manage(PageSize=1001), [f"{CW}:PageSize", "less than or equal to 1000", 'for example "PageSize": 1000']),
        (manage(PageSize="many"), [f"{CW}:PageSize", "valid integer"]),
        (manage(RequestsPerMinute=0), [f"{CW}:RequestsPerMinute", "greater than 0"]),
        (manage(ApiVersion="latest"), [f"{CW}:ApiVersion", "does not fit", '"2025.16"']),
        (manage(BiosGuidSource="question:"), [f"{CW}:BiosGuidSource", "question:TEXT"]),
        (manage(DeviceIdentifierProvider="a:b"), [f"{CW}:DeviceIdentifierProvider", '"cw_rmm"']),
        (manage(Types={"Include": ['Ser"ver']}), [f"{CW}:Types:Include", "holds a quote"]),
        (manage(Types={"Exclude": ["it's"]}), [f"{CW}:Types:Exclude", "holds a quote"]),
        (manage(Types={"Includes": ["A"]}), [f"{CW}:Types:Includes", f"did you mean {CW}:Types:Include"]),
        (manage(BaseUrl="http://psa.test/apis/3.0"), [f"{CW}:BaseUrl", "unencrypted; it has to begin with https://"]),
        (manage(BaseUrl="https://{instance}.test/apis"), [f"{CW}:BaseUrl", "{placeholder}"]),
        (manage(BaseUrl="https://u:p@psa.test/"), [f"{CW}:BaseUrl", "holds a user name"]),
        (manage(BaseUrl="psa.test"), [f"{CW}:BaseUrl", "no web address"]),
        (manage(BaseUrl="https://[::1/"), [f"{CW}:BaseUrl"]),
        (manage(BaseUrl="https://psa.test/?a=b"), [f"{CW}:BaseUrl", "no web address"]),
        (manage(CompanyId=" "), [f"{CW}:CompanyId", "is empty"]),
        (manage(ApiPublicKey="acme+pub"), [f"{CW}:ApiPublicKey", "holds '+' or ':'"]),
        (manage(ApiClientId="a\nb"), [f"{CW}:ApiClientId", "control characters"]),
        ({"Server": {"Port": 70000}}, ["Server:Port", "65535"]),
        ({"Database": {"Url": "samebox.db"}}, ["Database:Url", "no database address", "sqlite:///samebox.db"]),
        ({"Policy": {"BoardReplacment": "join"}}, ["Policy:BoardReplacment", "BoardReplacement"]),
        ({"Policy": {"BoardReplacement": "perhaps"}}, ["Policy:BoardReplacement", "join"]),
    ],
)
def test_a_wrong_key_or_value_is_named_with_what_would_be_right(tree: dict[str, Any], parts: list[str]) -> None:
    """The key in the operator's spelling, what is wrong, and the nearest key or an example."""
    text = refusal(tree)

    assert not [part for part in parts if part not in text], text


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


def test_every_problem_is_told_at_once() -> None:
    """One start shows all that has to be corrected, a line each."""
    assert len(refusal(manage(PageSize=0, Burst=0, ApiPrivteKey="x")).splitlines()) == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"Server":\n  {"Port": x}}', "settings.json: line 2, column 12: "),
        ("", "line 1, column 1"),
        ('{"Server": {"Port": 1, "Port": 2}}', "the key Port comes twice"),
        ('{"Server": {"Port": NaN}}', "NaN is no JSON number"),
        ("[]", "has to hold an object"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
    ],
    ids=["no value", "empty", "twice", "NaN", "list", "UTF-16", "deep"],
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


def test_plain_http_is_for_loopback_only() -> None:
    """The fake server of the demonstration has no certificate."""
    for host in ("127.0.0.1:8080", "localhost", "[::1]:1"):
        assert connection(read(manage(BaseUrl=f"http://{host}/apis"))).base_url == f"http://{host}/apis"


def test_secrets_never_show() -> None:
    """Neither settings, nor their description, nor any error repeats a key or a database password."""
    whole = {**manage(), "Database": {"Url": "postgresql+psycopg://box:DB-hush@db/box?password=Q-hush"}}
    settings = read(whole)
    wrong = refusal(
        manage(
            ApiPublicKey="PUB+hush", ApiPrivateKey="PRIV hush", ApiClientId=["hush"], CompanyId="a:hush", BaseUrl="hush"
        )
    )

    assert "hush" not in f"{settings!r} {settings} {describe(settings)} {wrong}"


@given(st.text(min_size=1, max_size=30), st.sampled_from(["CompanyId", *SECRETS]))
def test_whatever_is_written_as_a_key_is_not_repeated(text: str, name: str) -> None:
    """A value is accepted or refused without being shown."""
    marked = f"hush{text}hush"
    try:
        shown = repr(connection(read(manage(**{name: marked})))) if name in SECRETS else ""
    except SettingsError as error:
        shown = str(error)

    assert marked not in shown


def test_the_description_says_what_is_in_force_and_from_where() -> None:
    """For `samebox check`: every key, its value, and file, variable or default."""
    shown = {key: (value, source) for key, value, source in describe(read(manage(), Server__Port="0"))}

    assert shown[f"{CW}:ApiPrivateKey"] == ("set (hidden)", "settings.json")
    assert shown[f"{CW}:CompanyId"] == ("acme", "settings.json")
    assert shown[f"{CW}:PageSize"] == ("1000", "default")
    assert shown["Server:Port"] == ("0", "environment Server__Port")
    assert shown["Providers:NinjaOne"] == ("not set", "default")
    assert shown["Policy:BoardReplacement"] == ("review", "default")


def test_every_key_is_described_and_can_be_set() -> None:
    """The list of keys is whole: each has a meaning, and each is understood in the environment."""
    keys = {each.key: each.meaning for each in known_settings()}

    assert all(keys.values())
    assert {f"{CW}:{name}" for name in WHOLE} <= set(keys)
    assert not [key for key in keys if "no such" in refused(key.replace(":", "__"))]


def test_the_example_names_only_known_settings_and_cannot_be_used_as_it_is() -> None:
    """Its placeholders have to be replaced, and every one that is not is named."""
    with pytest.raises(SettingsError) as error:
        load_settings(ROOT / "appsettings.example.json", {})
    lines = str(error.value).splitlines()

    assert [line.split(" ")[0] for line in lines] == [f"{CW}:{name}" for name in WHOLE]
    assert all("{placeholder}" in line for line in lines)
