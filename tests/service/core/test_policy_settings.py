"""Policy comes from outside: what does not fit is refused by name, with what would be right."""

from dataclasses import fields

import pytest

from matching.policy import Policy
from service.core.errors import SettingsError
from service.core.policy_settings import PolicySettings
from service.core.settings import load_settings


def refusal(**keys: str) -> str:
    """Return the text of the error that policies in the environment end with; a key's parts have `__` between them."""
    with pytest.raises(SettingsError) as error:
        load_settings(None, {f"Policy__{key}": value for key, value in keys.items()})
    return str(error.value)


@pytest.mark.parametrize(
    ("key", "value", "problem", "remedy"),
    [
        ("BordReplacement", "join", "there is no such key", "did you mean Policy:BoardReplacement"),
        ("BoardReplacement", "maybe", "is 'maybe'", "it should be 'review' or 'join'"),
        ("Islands", "1", "is 1", "it should be at least 2"),
        ("Islands", "many", "is 'many'", 'for example "Islands": 3'),
        ("MaxHolders", "true", "is True", "it should be at least 2"),
        ("Trust__alpha__colour", "always", "there is no such kind", "there are bios_guid, serial, mac, hostname"),
        ("Trust__alpha__link", "always", "there is no such kind", "there are bios_guid, serial, mac, hostname"),
        ("Trust__alpha__serial", "often", "is 'often'", "it should be 'measured', 'always' or 'never'"),
        ("Trust__alpha", "always", "is 'always'", "it should be an object"),
        ("CompleteAdapters__alpha", "perhaps", "is 'perhaps'", "it should be true or false"),
        ("Deny__mac", '["zz"]', "mac 'zz': not hexadecimal", 'for example "Deny": {'),
        ("Allow__mac", "00-15-5D-01-02-03", "is '00-15-5D-01-02-03'", "it should be a list"),
        ("Allow__link", '["a:1"]', "there is no such kind", "there are bios_guid, serial, mac, hostname"),
        ("CompanyMap", '[["acme"]]', "holds 'acme'", "write provider:company, such as cw_manage:250"),
        ("CompanyMap", '["acme:1"]', "holds 'acme:1'", "it should be a list"),
        ("RetiredStatuses", "Retired", "is 'Retired'", "it should be a list"),
        ("RetiredStatuses", '["sold", " "]', "holds ' '", "it should be a text that is not empty"),
        ("PsaProviders", "[1]", "holds 1", "it should be a text"),
        ("Precedence", "[]", "is []", "it should be an object"),
    ],
)
def test_a_wrong_policy_is_refused_with_key_and_reason(key: str, value: str, problem: str, remedy: str) -> None:
    """The operator reads which key, where it is set, what is wrong, and what to write."""
    [line] = refusal(**{key: value}).splitlines()

    assert line.startswith(f"Policy:{key.partition('__')[0]}")
    assert f"(environment Policy__{key}): " in line
    assert problem in line
    assert remedy in line


def test_every_wrong_policy_is_named_at_once() -> None:
    """One start shows all that has to be corrected, a line each."""
    lines = refusal(Islands="1", BoardReplacement="maybe", Trust__alpha__serial="often").splitlines()

    assert [line.split(" ")[0] for line in lines] == [
        "Policy:BoardReplacement",
        "Policy:Trust:alpha:serial",
        "Policy:Islands",
    ]


def test_every_policy_can_be_set_and_the_defaults_are_the_engines() -> None:
    """No field of the policy is without a setting, and nothing set is what the engine does by itself."""
    assert list(PolicySettings.model_fields) == [field.name for field in fields(Policy)]
    assert PolicySettings().to_policy() == Policy()


def test_values_in_lists_are_understood_in_any_spelling() -> None:
    """An operator pastes what he sees."""
    policy = PolicySettings.model_validate(
        {
            "Deny": {"mac": ["3C-52-82-00-00-01"], "serial": [" abc 123 "]},
            "RetiredStatuses": [" Sold "],
            "CompleteAdapters": {"alpha": "True", "beta": False},
        }
    ).to_policy()

    assert policy.deny == {"mac": {"3c5282000001"}, "serial": {"ABC123"}}
    assert policy.retired_statuses == {"sold"}
    assert policy.complete_adapters == {"alpha": True, "beta": False}
