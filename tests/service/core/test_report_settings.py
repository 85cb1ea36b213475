"""What reports count comes from outside: what does not fit is refused by name."""

import pytest

from service.core.errors import SettingsError
from service.core.settings import load_settings


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ActiveDays", "0"),
        ("LateFeedHours", "0"),
        ("Roles", '{"veeam": "backups"}'),
        ("Weights", '{"Server": -1}'),
        ("PsaLinks", "other"),
        ("PsaWeb", "ftp://psa.example"),
    ],
)
def test_a_wrong_value_is_refused_by_name(key: str, value: str) -> None:
    """The sentence names the key."""
    with pytest.raises(SettingsError, match=f"Reports:{key}"):
        load_settings(None, {f"Reports__{key}": value})


def test_tables_may_come_from_the_environment() -> None:
    """As JSON, as those of the policy do."""
    said = load_settings(None, {"Reports__Roles": '{"veeam": "backup"}', "Reports__Products": '{"EDR": "*"}'}).reports

    assert (said.roles, said.products) == ({"veeam": "backup"}, {"edr": "*"})
