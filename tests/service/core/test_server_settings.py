"""Where the service listens, and what a client may use of it."""

import pytest
from pydantic import ValidationError

from service.core.server_settings import ServerSettings
from service.core.settings import load_settings


def test_nobody_is_believed_by_default() -> None:
    """An address in a header is anybody's word."""
    assert ServerSettings().trusted_proxies == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10.0.0.1,192.0.2.0/24", ["10.0.0.1/32", "192.0.2.0/24"]),
        ('["fd00::1"]', ["fd00::1/128"]),
    ],
)
def test_proxies_are_addresses_or_networks(written: str, read: list[str]) -> None:
    """As a list, or in one variable of the environment."""
    assert load_settings(None, {"Server__TrustedProxies": written}).server.trusted_proxies == read


@pytest.mark.parametrize("wrong", ["*", "proxy.example", "10.0.0.1/8", ""])
def test_what_is_no_address_is_no_proxy(wrong: str) -> None:
    """Neither a name nor everybody: the web server would take both."""
    with pytest.raises(ValidationError, match="neither an IP address nor a network"):
        ServerSettings(trusted_proxies=[wrong])


@pytest.mark.parametrize("name", ["header_seconds", "body_seconds", "answer_seconds", "wait_seconds"])
def test_a_time_out_cannot_be_turned_off(name: str) -> None:
    """Waiting without end is what it is against."""
    with pytest.raises(ValidationError):
        ServerSettings.model_validate({name: 0})
