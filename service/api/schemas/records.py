"""Schemas of pushed records, and of what became of them."""

import json
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from service.devices.lookup import SuppressedView
from service.ingest.admission import Rejection
from service.intake.pushing import FoundRecord, PushResult, PushStatus

MOST_ITEMS = 1000
"""Look-ups or records in one request."""


class FeedLink(BaseModel):
    """A provider's own word that its record is another provider's record."""

    provider: str
    id: str


class FeedRecord(BaseModel):
    """
    One provider's row, values as written; only `provider` and `id` are required.

    It describes and does not validate: a value that cannot be used is reported, and the record kept. A record is
    rejected where it has no provider or id that can be used, holds more than 1,048,576 bytes or a field of more than
    65,536, is nested deeper than 64 levels, holds a number of more than 40 digits, an object with a member twice or a
    number that is not finite. NUL and other control characters are kept as written and are no part of a usable value;
    half of a surrogate pair becomes `?`, and is rejected in a provider's name, an id or a link.
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

    provider: str = Field(
        description="The system that lists the device: 1 to 100 letters, digits, `_`, `-` and `.`, not only dots."
    )
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


class RecordWarning(BaseModel):
    """A value that is kept and counts for nothing."""

    pointer: str = Field(description="JSON Pointer into the record.", examples=["/last_seen"])
    message: str = Field(examples=["no time as RFC 3339 has it; it is kept and counts for nothing"])


class PushedRecord(BaseModel):
    """What became of one record."""

    status: PushStatus
    record: str | None = Field(description="Its key, as `provider:id`; null when it has none.")
    device_id: str | None = Field(description="The device it is a record of now; null when it was rejected.")
    reason: str | None = Field(description="Why it was rejected, or why another row of the request stands.")
    code: Rejection | None = Field(description="Why it was rejected, for a program.")
    pointer: str | None = Field(
        description="JSON Pointer to the value for which it was rejected; empty: the record as a whole.",
        examples=["/provider"],
    )
    suppressed: list[SuppressedView] = Field(description="Values of it that are no evidence; the record is kept.")
    warnings: list[RecordWarning] = Field(
        description="Unknown fields, and a time that cannot be read; the record is kept."
    )

    @classmethod
    def of(cls, result: PushResult) -> Self:
        """Return the view of a use case's result."""
        return cls(
            status=result.status,
            record=str(result.key) if result.key else None,
            device_id=result.device_id,
            reason=result.reason,
            code=result.code,
            pointer=result.pointer,
            suppressed=[SuppressedView(**each._asdict()) for each in result.suppressed],
            warnings=[RecordWarning(**each._asdict()) for each in result.warnings],
        )


class PushAnswers(BaseModel):
    """What became of each record, in the order in which they were sent."""

    data: list[PushedRecord]
    seq: int = Field(
        description="Number of the last change when all was stored: who has read the feed up to it has read this push.",
        examples=[1042],
    )


class RecordInFull(BaseModel):
    """A record as it is stored."""

    record: str = Field(description="Its key, as `provider:id`.", examples=["rmm_alpha:A-17"])
    provider: str = Field(examples=["rmm_alpha"])
    id: str = Field(examples=["A-17"])
    device_id: str = Field(description="The device it is a record of.")
    first_seen_at: datetime = Field(description="When it came for the first time.")
    changed_at: datetime = Field(description="When it came as it is now for the first time.")
    payload: dict[str, Any] = Field(description="The record as it was sent, with unknown fields.")

    @classmethod
    def of(cls, found: FoundRecord) -> Self:
        """Return the view of a stored record."""
        return cls(
            record=str(found.key),
            provider=found.key.provider,
            id=found.key.id,
            device_id=found.device_id,
            first_seen_at=found.first_seen_at,
            changed_at=found.changed_at,
            payload=json.loads(found.payload),
        )


class ReplacedFeed(BaseModel):
    """What became of a feed that replaced another."""

    sync_id: str = Field(description="The run under which `GET /v1/syncs` lists it.")
    read: int = Field(description="Records that the feed holds.")
    created: int
    changed: int
    unchanged: int
    removed: int = Field(description="Records that the feed no longer holds.")
    seq: int = Field(description="Number of the last change when all was stored.", examples=[1042])
