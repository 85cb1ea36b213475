"""Customers by which records are visible: how they are written, and whose record is whose."""

import pytest

from service.core.errors import BadRequest
from service.store.access.visibility import Customer, Visibility
from tests.service.sandbox import record

ACME = Visibility(frozenset({Customer("cw_manage", "250"), Customer("rmm_alpha", "a:b")}))


@pytest.mark.parametrize("text", ["cw_manage:250", "rmm_alpha:a:b"])
def test_a_customer_is_read_as_it_is_written(text: str) -> None:
    """A company id may hold colons, a provider none."""
    assert str(Customer.parse(text)) == text


@pytest.mark.parametrize("text", ["", ":", "cw_manage", "cw_manage:", ":250", "a:b\0", f"a:{'x' * 201}"])
def test_what_is_no_customer_is_refused(text: str) -> None:
    """A key bound to it would see nothing, or not what was meant."""
    with pytest.raises(BadRequest, match="provider:company_id"):
        Customer.parse(text)


@pytest.mark.parametrize(
    ("key", "company_id", "is_seen"),
    [
        ("cw_manage:1", "250", True),
        ("cw_manage:1", " 250 ", True),
        ("rmm_alpha:1", "a:b", True),
        ("cw_manage:1", "25", False),
        ("rmm_alpha:1", "250", False),
        ("cw_manage:1", "", False),
    ],
)
def test_a_record_is_seen_by_provider_and_company_id_together(key: str, company_id: str, is_seen: bool) -> None:
    """The same id at another provider is another company."""
    assert ACME.sees(record(key, company_id=company_id)) is is_seen
