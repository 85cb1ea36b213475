"""What a provider bills by agreements, and the interface of what reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from service.core.progress import Progress


class Addition(NamedTuple):
    """
    A line of an agreement that is billed today.

    `quantity` is what is billed, less what the agreement includes; `price` is that of one. Where the quantity cannot be
    read it is None, and `unread` says why.
    """

    id: int
    agreement: str
    company_id: str
    company: str
    product: str
    quantity: Decimal | None
    price: Decimal | None = None
    unread: str | None = None


@dataclass(frozen=True)
class Agreements:
    """How many agreements are active, and their additions that are billed today."""

    active: int
    additions: Sequence[Addition]


class AgreementReader(Protocol):
    """Reads the agreements of a provider."""

    async def read(self, progress: Progress) -> Agreements:
        """Return what is billed today. Raises: ProviderError."""
        ...

    async def check(self) -> str:
        """Say in words what can be read, by the first requests of `read`. Raises: ProviderError."""
        ...
