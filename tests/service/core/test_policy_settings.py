"""Policy comes from outside: what does not fit is refused by name, with what would."""

from dataclasses import fields

import pytest

from matching.errors import BadPolicy
from matching.policy import Policy
from service.core.policy_settings import READERS, read_policy_settings


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"BordReplacement": "join"}, "Policy:BordReplacement: no such policy; there are .*BoardReplacement"),
        ({"BoardReplacement": "maybe"}, "Policy:BoardReplacement: is 'maybe'; write 'review' or 'join'"),
        ({"Islands": 1}, "Policy:Islands: is 1; write a whole number from 2"),
        ({"MaxHolders": True}, "Policy:MaxHolders"),
        ({"Trust": {"alpha": {"colour": "always"}}}, "Policy:Trust:alpha:colour: no such kind"),
        ({"Trust": {"alpha": {"serial": "often"}}}, "Policy:Trust:alpha:serial: is 'often'"),
        ({"CompleteAdapters": {"alpha": "perhaps"}}, "Policy:CompleteAdapters:alpha"),
        ({"Deny": {"mac": ["zz"]}}, "Policy:Deny:mac: .*not hexadecimal"),
        ({"CompanyMap": [["acme"]]}, "Policy:CompanyMap: holds 'acme'; write provider:company"),
        ({"RetiredStatuses": "Retired"}, "Policy:RetiredStatuses: is 'Retired'; write a list of texts"),
        ({"Precedence": []}, "Policy:Precedence"),
    ],
)
def test_a_wrong_policy_is_refused_with_key_and_reason(mapping: dict[str, object], message: str) -> None:
    """The operator reads which key, what is wrong, and what to write."""
    with pytest.raises(BadPolicy, match=message):
        read_policy_settings(mapping)


def test_every_policy_can_be_set() -> None:
    """No field of the policy is without a reader."""
    assert set(READERS) == {field.name for field in fields(Policy)}


def test_values_in_lists_are_understood_in_any_spelling() -> None:
    """An operator pastes what he sees."""
    policy = read_policy_settings({"Deny": {"mac": ["3C-52-82-00-00-01"], "serial": [" abc 123 "]}})

    assert policy.deny == {"mac": {"3c5282000001"}, "serial": {"ABC123"}}
