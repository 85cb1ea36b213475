"""Schemas of pushed records, and of what became of them."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from service.devices.lookup import SuppressedView
from service.intake.pushing import PushResult, PushStatus

MOST_ITEMS = 1000
"""Look-ups or records in one request."""


class FeedLink(BaseModel):
    """A provider's own word that its record is another provider's record."""

    provider: str
    id: str


class FeedRecord(BaseModel):
    """
    One provider's row, values as written; only `provider` and `id` are required.

    It describes and does not validate: a value that cannot be used is reported, and the record kept.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "provider": "rmm_alpha",
                "id": "A-17",
                "company": "Acme Inc.",
                "hostname": "acme-lt-0421.corp.acme.com",
                "serial": "5CG1234ABC",
                "macs": ["00-15-5D-AA-BB-CC"],
                "last_seen": "2026-10-30T08:00:00Z",
                "active": True,
            }
        },
    )

    provider: str = Field(description="The system that lists the device.")
    id: str = Field(description="The row's id there.")
    company_id: str = Field("", description="The provider's id of the company.")
    company: str = ""
    name: str = Field("", description="Display name; stands in for a missing hostname when it looks like one.")
    hostname: str = ""
    type: str = ""
    bios_guid: str = Field("", description="SMBIOS UUID, in either byte order.")
    serial: str | list[str] = ""
    macs: list[str] = []
    ips: list[str] = []
    default_gateway: str = ""
    os_type: str = ""
    os_info: str = Field("", description="Exact version; preferred over `os_type`.")
    manufacturer: str = ""
    model: str = ""
    tag_number: str = ""
    device_identifier: str = ""
    links: list[FeedLink] = []
    last_user: str = ""
    last_seen: str = Field("", description="RFC 3339. More than a day after it is received, it counts for nothing.")
    active: bool = True
    status: str = ""


class PushedRecord(BaseModel):
    """What became of one record."""

    status: PushStatus
    record: str | None = Field(description="Its key, as `provider:id`; null when it has none.")
    device_id: str | None = Field(description="The device it is a record of now; null when it was rejected.")
    reason: str | None = Field(description="Why it was rejected.")
    suppressed: list[SuppressedView] = Field(description="Values of it that are no evidence; the record is kept.")

    @classmethod
    def of(cls, result: PushResult) -> Self:
        """Return the view of a use case's result."""
        return cls(
            status=result.status,
            record=str(result.key) if result.key else None,
            device_id=result.device_id,
            reason=result.reason,
            suppressed=[SuppressedView(**each._asdict()) for each in result.suppressed],
        )


class PushAnswers(BaseModel):
    """What became of each record, in the order in which they were sent."""

    data: list[PushedRecord]
