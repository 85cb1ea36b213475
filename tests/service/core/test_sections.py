"""A wrong key or value is named in the operator's spelling, with what would be right."""

from typing import Any

import pytest

from tests.service.core.trees import CW, WHOLE, manage, refusal


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
        (manage(PageSize=1001), [f"{CW}:PageSize", "less than or equal to 1000", 'for example "PageSize": 1000']),
        (manage(PageSize="many"), [f"{CW}:PageSize", "valid integer"]),
        (manage(RequestsPerMinute=0), [f"{CW}:RequestsPerMinute", "greater than 0"]),
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
