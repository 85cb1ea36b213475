"""What agreements bill is replaced as a whole, and a failure leaves what was read before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from service.store.access.visibility import Customer
from service.store.ingested import agreements
from service.store.ingested.agreements import AgreementRead, BilledAddition
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=24)
SERVERS = BilledAddition("cw_manage", 71, "Managed", "12", "Acme", "Server", Decimal("10.25"), Decimal("110"))
ODD = BilledAddition("cw_manage", 72, "Managed", "13", "Beta", "Server\0", None, None, "it has no quantity")


def test_numbers_come_back_as_they_were(tmp_path: Path) -> None:
    """Exactly, as decimal numbers; NUL, which PostgreSQL refuses, is left out."""
    with Sandbox(tmp_path).store.writing() as connection:
        agreements.begin(connection, "cw_manage", NOON)
        agreements.replace(connection, "cw_manage", LATER, 3, [ODD, SERVERS._replace(quantity=Decimal("1E+2"))])

        assert agreements.billed(connection) == [
            SERVERS._replace(quantity=Decimal("100")),
            ODD._replace(product="Server"),
        ]
        assert agreements.find(connection, "cw_manage") == AgreementRead("cw_manage", NOON, LATER, 3)


def test_what_is_read_takes_the_place_of_what_was(tmp_path: Path) -> None:
    """Of that provider alone; a failure notes why and leaves the rest."""
    other = SERVERS._replace(provider="other")
    with Sandbox(tmp_path).store.writing() as connection:
        for rows in ([SERVERS, other], [ODD]):
            for provider in ("cw_manage", "other"):
                agreements.begin(connection, provider, NOON)
                own = [row for row in rows if row.provider == provider]
                if own:
                    agreements.replace(connection, provider, NOON, len(own), own)
        agreements.begin(connection, "cw_manage", LATER)
        agreements.fail(connection, "cw_manage", "answered 403")

        assert [(each.provider, each.id) for each in agreements.billed(connection)] == [
            ("cw_manage", 72),
            ("other", 71),
        ]
        assert agreements.reads(connection) == [
            AgreementRead("cw_manage", LATER, NOON, 1, "answered 403"),
            AgreementRead("other", NOON, NOON, 1),
        ]
        agreements.forget(connection, "cw_manage")
        assert [each.provider for each in agreements.reads(connection)] == ["other"]
        assert agreements.billed(connection) == [other]


def test_what_is_billed_to_some_customers_is_theirs_alone(tmp_path: Path) -> None:
    """By provider and id of the company; to nobody, nothing."""
    with Sandbox(tmp_path).store.writing() as connection:
        agreements.begin(connection, "cw_manage", NOON)
        agreements.replace(connection, "cw_manage", NOON, 1, [SERVERS, ODD])

        assert agreements.billed(connection, {Customer("cw_manage", "12"), Customer("cw_rmm", "13")}) == [SERVERS]
        assert agreements.billed(connection, set()) == []
