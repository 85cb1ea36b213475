"""
Which records a caller may see: those of customers that an administrator lists.

A customer is a provider's id of a company. Nothing that is learnt widens the list: that two ids are one company by the
company map makes neither visible to a caller who is bound to the other.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

from matching.model import Record
from matching.records import MAX_KEY
from service.core.errors import BadRequest


class Customer(NamedTuple):
    """A company as one provider names it."""

    provider: str
    company_id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `provider:company_id`. Raises: BadRequest.

        >>> Customer.parse("cw_manage:250")
        Customer(provider='cw_manage', company_id='250')
        """
        provider, _, company_id = (part.strip() for part in text.partition(":"))
        for part in (provider, company_id):
            if not part or not part.isprintable() or len(part) > MAX_KEY:
                raise BadRequest(
                    f"a customer is written provider:company_id, as in cw_manage:250, with 1 to {MAX_KEY} printable "
                    "characters on either side"
                )
        return cls(provider, company_id)

    def __str__(self) -> str:
        """Write `provider:company_id`."""
        return f"{self.provider}:{self.company_id}"


@dataclass(frozen=True)
class Visibility:
    """The records of these customers, and no others."""

    customers: frozenset[Customer]

    def sees(self, record: Record) -> bool:
        """Whether a record is of one of the customers."""
        company_id = company_id_of(record)
        return company_id is not None and Customer(record["provider"], company_id) in self.customers


def company_id_of(record: Record) -> str | None:
    """
    Return the company id by which a record is of a customer.

    None where it has none, or one that no key can be bound to: such a record is visible only to callers who see all.
    """
    company_id = record.get("company_id", "").strip()
    return company_id if company_id and company_id.isprintable() and len(company_id) <= MAX_KEY else None
