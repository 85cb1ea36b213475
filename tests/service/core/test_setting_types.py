"""What the values of settings have to look like; a wrong one is refused without being shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import SettingsError
from tests.service.core.trees import CW, SECRETS, connection, manage, read, refusal


@pytest.mark.parametrize(
    ("tree", "parts"),
    [
        ({"Providers": {"NinjaOne": {"Folder": " "}}}, ["Providers:NinjaOne:Folder", "is empty"]),
        (manage(Types={"Include": ['Ser"ver']}), [f"{CW}:Types:Include", "holds a quote"]),
        (manage(Types={"Exclude": ["it's"]}), [f"{CW}:Types:Exclude", "holds a quote"]),
        (manage(BaseUrl="http://psa.test/apis/3.0"), [f"{CW}:BaseUrl", "unencrypted; it has to begin with https://"]),
        (manage(BaseUrl="https://{instance}.test/apis"), [f"{CW}:BaseUrl", "{placeholder}"]),
        (manage(BaseUrl="https://u:p@psa.test/"), [f"{CW}:BaseUrl", "holds a user name"]),
        (manage(BaseUrl="psa.test"), [f"{CW}:BaseUrl", "no web address"]),
        (manage(BaseUrl="https://[::1/"), [f"{CW}:BaseUrl"]),
        (manage(BaseUrl="https://psa.test/?a=b"), [f"{CW}:BaseUrl", "no web address"]),
        (manage(CompanyId=" "), [f"{CW}:CompanyId", "is empty"]),
        (manage(ApiPublicKey="acme+pub"), [f"{CW}:ApiPublicKey", "holds '+' or ':'"]),
        (manage(ApiClientId="a\nb"), [f"{CW}:ApiClientId", "control characters"]),
        ({"Database": {"Url": "samebox.db"}}, ["Database:Url", "no database address", "sqlite:///samebox.db"]),
    ],
)
def test_a_value_of_the_wrong_form_is_named_with_what_would_be_right(tree: dict[str, Any], parts: list[str]) -> None:
    """The key, what is wrong with the form of its value, and where it helps an example."""
    text = refusal(tree)

    assert not [part for part in parts if part not in text], text


@pytest.mark.parametrize(
    ("value", "types"),
    [("Server", ["Server"]), ('["A, B", "C"]', ["A, B", "C"]), (" A ,B", ["A", "B"])],
)
def test_a_list_in_the_environment_is_json_or_names_with_commas(value: str, types: list[str]) -> None:
    """Names may hold commas in the one form and need no quotes in the other."""
    settings = read(manage(), Providers__ConnectWiseManage__Types__Include=value)

    assert connection(settings).types.include == types


def test_plain_http_is_for_loopback_only() -> None:
    """The fake server of the demonstration has no certificate."""
    for host in ("127.0.0.1:8080", "localhost", "[::1]:1"):
        assert connection(read(manage(BaseUrl=f"http://{host}/apis"))).base_url == f"http://{host}/apis"


@given(st.text(min_size=1, max_size=30), st.sampled_from(["CompanyId", *SECRETS]))
def test_whatever_is_written_as_a_key_is_not_repeated(text: str, name: str) -> None:
    """A value is accepted or refused without being shown."""
    marked = f"hush{text}hush"
    try:
        shown = repr(connection(read(manage(**{name: marked})))) if name in SECRETS else ""
    except SettingsError as error:
        shown = str(error)

    assert marked not in shown
