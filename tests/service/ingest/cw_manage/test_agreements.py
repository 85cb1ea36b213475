"""Agreements are read from a server that behaves as ConnectWise Manage does, over real HTTP on loopback."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from matching.policy import Policy
from service.core.errors import ProviderChanged, ProviderError, ProviderRefused, ProviderUnavailable
from service.demo.connectwise.faults import AfterCall, Fault, failing, invalid, not_permitted, throttled
from service.ingest.checking import examine
from service.ingest.cw_manage import CwManage
from service.ingest.protocol import AgreementReader, Agreements
from tests.service.ingest.virtual import VirtualTime, cw_settings
from tests.service.psa import Psa, running_psa

LIST = "/finance/agreements"


@pytest.fixture(scope="module")
def server() -> Iterator[Psa]:
    """One server for all tests."""
    with running_psa() as psa:
        yield psa


@pytest.fixture
def psa(server: Psa) -> Psa:
    """The server with five configurations and twelve agreements of which the third is cancelled, 15 additions each."""
    server.fill(5)
    for number in range(1, 13):
        server.agree(number, status="Cancelled" if number == 3 else "Active")
        for place in range(15):
            server.bill(number, number * 100 + place, quantity=1.0)
    server.forget()
    return server


def reader(psa: Psa, time: VirtualTime | None = None, **changed: Any) -> AgreementReader:
    """Return what reads the agreements; waiting takes no time."""
    settings = cw_settings(**{"base_url": psa.base_url, "page_size": 10, "agreements": True, **changed})
    found = CwManage(settings, (time or VirtualTime()).runtime()).agreements
    assert found
    return found


def read(psa: Psa, time: VirtualTime | None = None, **changed: Any) -> Agreements:
    """Read them all."""
    return asyncio.run(reader(psa, time, **changed).read(lambda *_: None))


def test_all_additions_of_active_agreements_are_read_page_by_page(psa: Psa) -> None:
    """Forward only; the list has two pages, and so have the additions of each."""
    found = read(psa)

    assert found.active == 11
    assert sorted(each.id for each in found.additions) == [
        number * 100 + place for number in range(1, 13) if number != 3 for place in range(15)
    ]
    assert {(each.company_id, each.company, each.product, each.quantity) for each in found.additions} == {
        ("12", "Acme", "Managed Server", Decimal(1))
    }
    asked = [(each.path, each.query.get("pageId")) for each in psa.app.state.log.seen]
    assert asked[:4] == [(LIST, None), (LIST, "11"), (f"{LIST}/1/additions", None), (f"{LIST}/1/additions", "109")]
    assert len(asked) == 2 + 11 * 2
    assert {each.headers["pagination-type"] for each in psa.app.state.log.seen} == {"forward-only"}
    assert {each.query["conditions"] for each in psa.app.state.log.seen if each.path == LIST} == {
        'agreementStatus="Active"'
    }


def test_reading_keeps_the_rate_and_says_how_long_it_takes(psa: Psa) -> None:
    """One request a second, and progress from the first agreement on."""
    time, said = VirtualTime(), []

    found = reader(psa, time, page_size=1000, burst=1)
    asyncio.run(found.read(lambda *each: said.append(each)))

    assert len(psa.app.state.log.seen) == 12
    assert time.elapsed == pytest.approx(11)
    assert said == [("cw_manage, agreements one by one, less than a minute", place, 11) for place in range(12)]
    slow = reader(psa, requests_per_minute=2, burst=1)
    assert asyncio.run(slow.check()) == "11 active, about 5 min; the first bills 15 additions"


def test_a_throttled_request_is_tried_again_in_between(psa: Psa) -> None:
    """After the time that the server asks for, and nothing comes twice."""
    time = VirtualTime()
    psa.plan(throttled(retry_after=7), path=f"{LIST}/4/additions")

    assert len(read(psa, time).additions) == 165
    assert 7 in time.waits


@pytest.mark.parametrize(
    ("fault", "path", "says"),
    [
        (failing(401, "Unauthorized", "wrong"), LIST, "it does not know these keys"),
        (not_permitted(401), LIST, "Inquire: All on Finance > Agreements"),
        (not_permitted(403), LIST, "Inquire: All on Finance > Agreements"),
        (failing(403), f"{LIST}/4/additions", "Inquire: All on Finance > Agreements"),
        (invalid("conditions"), LIST, "question about agreements: look at .*ApiVersion"),
        (invalid("pageSize"), f"{LIST}/4/additions", "PageSize"),
        (failing(404), LIST, "set Providers:ConnectWiseManage:Agreements to false"),
        (failing(404), f"{LIST}/4/additions", "sync again"),
    ],
    ids=str,
)
def test_a_refusal_says_what_to_look_at(psa: Psa, fault: Fault, path: str, says: str) -> None:
    """Keys, permission and address are told apart, and the permission is the one for agreements."""
    psa.plan(fault, path=path)

    with pytest.raises(ProviderRefused, match=says):
        read(psa)


def test_a_server_that_stays_away_fails_the_reading(psa: Psa) -> None:
    """Half of what is billed is not what is billed."""
    psa.plan(failing(503), path=f"{LIST}/9/additions", times=None)

    with pytest.raises(ProviderUnavailable, match="gave up after 5 tries"):
        read(psa)


def test_an_agreement_that_is_deleted_meanwhile_fails_the_reading(psa: Psa) -> None:
    """It may as well be a wrong address, so nobody guesses."""
    psa.plan(AfterCall(lambda: psa.app.state.agreements.remove(12)), path=f"{LIST}/1/additions")

    with pytest.raises(ProviderError, match="may have been deleted"):
        read(psa)


def test_nothing_billed_at_all_is_taken_for_a_fault(psa: Psa) -> None:
    """A role that sees its own agreements alone is answered with an empty list."""
    for number in range(1, 13):
        psa.app.state.agreements.remove(number)

    with pytest.raises(ProviderChanged, match=r"lists 0 active agreements .* Inquire: All, not Mine"):
        read(psa)


def test_nothing_is_asked_where_the_settings_do_not_say_so(psa: Psa) -> None:
    """The default is off."""
    assert psa.adapter().agreements is None


def test_the_check_says_whether_agreements_can_be_read(psa: Psa) -> None:
    """Where they cannot, it is a warning: the configurations are read all the same."""
    adapter = psa.adapter(agreements=True)

    good = asyncio.run(examine(adapter, Policy()))
    psa.plan(not_permitted(), path=LIST)
    bad = asyncio.run(examine(adapter, Policy()))

    assert ("agreements", "11 active, less than a minute; the first bills 15 additions") in good.facts
    assert ("agreements", "cannot be read") in bad.facts
    assert ("rows read now", "5") in bad.facts
    assert any(
        "Finance > Agreements" in warning and "what is billed is not known" in warning for warning in bad.warnings
    )
    assert not any("agreements" in name for name, _ in asyncio.run(examine(psa.adapter(), Policy())).facts)
