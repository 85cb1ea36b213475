"""What an operator sets for reports."""

from datetime import timedelta

import pytest

from service.core.settings import load_settings
from service.reports.rules import FeedRole, ReportRules
from tests.service.reports.fleets import NOW

PSA = {
    "Providers__ConnectWiseManage__BaseUrl": "https://api-na.myconnectwise.net/v4_6_release/apis/3.0",
    "Providers__ConnectWiseManage__CompanyId": "acme msp".replace(" ", "_"),
    "Providers__ConnectWiseManage__ApiPublicKey": "pub",
    "Providers__ConnectWiseManage__ApiPrivateKey": "priv",
    "Providers__ConnectWiseManage__ApiClientId": "client",
}


def rules(**said: str) -> ReportRules:
    """Return the rules of an environment."""
    return ReportRules.of(load_settings(None, {**PSA, **{f"Reports__{key}": value for key, value in said.items()}}))


def test_a_provider_is_what_the_settings_say_else_an_rmm() -> None:
    """The PSAs of the policy are PSAs."""
    said = rules(Roles='{"sentinel": "edr"}')

    assert [said.role(name) for name in ("sentinel", "cw_manage", "anything")] == [
        FeedRole.EDR,
        FeedRole.PSA,
        FeedRole.RMM,
    ]
    assert said.of_role(["b", "a", "cw_manage"], FeedRole.RMM) == ["a", "b"]


def test_who_counts_for_activity() -> None:
    """Everybody but a PSA, unless some are named."""
    assert [rules().counts_for_activity(name) for name in ("cw_manage", "cw_rmm")] == [False, True]
    named = rules(ActiveProviders='["sentinel"]')
    assert [named.counts_for_activity(name) for name in ("sentinel", "cw_rmm")] == [True, False]
    assert rules(ActiveDays="10").active_since(NOW) == NOW - timedelta(days=10)


def test_types_weigh_what_is_said_in_any_case() -> None:
    """Others count once."""
    said = rules(Weights='{"Server": 2}')

    assert [said.weight(type_) for type_ in ("SERVER", "Laptop", None)] == [2, 1, 1]


@pytest.mark.parametrize(
    ("said", "link"),
    [
        (
            {},
            "https://na.myconnectwise.net/v4_6_release/services/system_io/router/openrecord.rails"
            "?locale=en_US&companyName=acme_msp&recordType=ConfigFv&recid=4711",
        ),
        (
            {"PsaLinks": "self_hosted", "PsaWeb": "https://psa.example"},
            "https://psa.example/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4711",
        ),
        ({"PsaLinks": "none"}, None),
    ],
)
def test_configurations_are_linked_to(said: dict[str, str], link: str | None) -> None:
    """As the vendor's cloud or an instance of one's own writes it; no other provider's records are."""
    assert rules(**said).link("cw_manage", "4711") == link
    assert rules(**said).link("cw_rmm", "A-1") is None


def test_an_id_cannot_break_out_of_a_link() -> None:
    """Ids are the provider's text."""
    assert str(rules().link("cw_manage", '1&x="><b>')).endswith("&recid=1%26x%3D%22%3E%3Cb%3E")
