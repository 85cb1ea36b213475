"""Schemas of pushed records, and of what became of them."""

import json
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from matching.records import PROVIDER_PATTERN
from service.devices.lookup import SuppressedView
from service.ingest.admission import Rejection
from service.intake.pushing import FoundRecord, PushResult, PushStatus

MOST_ITEMS = 1000
"""Look-ups or records in one request."""


class FeedLink(BaseModel):
    """A provider's own word that its record is another provider's record."""

    provider: str = Field(description="That record's provider.", examples=["cw_manage"])
    id: str = Field(description="That record's id there.", examples=["4711"])


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
        description="The system that lists the device: 1 to 100 letters, digits, `_`, `-` and `.`, not only dots.",
        examples=["rmm_alpha"],
        json_schema_extra={"pattern": PROVIDER_PATTERN},
    )
    id: str = Field(description="The row's id there.", examples=["A-17"])
    company_id: str = Field("", description="The provider's id of the company.", examples=["19"])
    company: str = Field("", description="Name of the customer.", examples=["Acme Inc."])
    name: str = Field(
        "",
        description="Display name; stands in for a missing hostname when it looks like one.",
        examples=["ACME-LT-0421"],
    )
    hostname: str = Field("", description="Hostname, in full or not.", examples=["acme-lt-0421.corp.acme.com"])
    type: str = Field("", description="What it is.", examples=["Laptop"])
    bios_guid: str = Field(
        "", description="SMBIOS UUID, in either byte order.", examples=["4C4C4544-0042-3510-8054-B4C04F4A5931"]
    )
    serial: str | list[str] = Field(
        "", description="Serial number, or several where the provider has several fields.", examples=["5CG1234ABC"]
    )
    macs: list[str] = Field([], description="MAC addresses, in any notation.", examples=[["00-15-5D-AA-BB-CC"]])
    ips: list[str] = Field([], description="IP addresses.", examples=[["10.1.0.17"]])
    default_gateway: str = Field("", description="Address of its gateway.", examples=["10.1.0.1"])
    os_type: str = Field("", description="Kind of operating system.", examples=["Windows"])
    os_info: str = Field("", description="Exact version; preferred over `os_type`.", examples=["Windows 11 Pro 23H2"])
    manufacturer: str = Field("", description="Who made it.", examples=["HP"])
    model: str = Field("", description="Its model.", examples=["EliteBook 840 G8"])
    tag_number: str = Field("", description="Asset tag on the box.", examples=["T-0421"])
    device_identifier: str = Field(
        "", description="The provider's further identifier of the device.", examples=["5CG1234ABC"]
    )
    links: list[FeedLink] = Field(
        [],
        description="Records of other providers that the provider itself says are the same box.",
        examples=[[{"provider": "cw_manage", "id": "4711"}]],
    )
    last_user: str = Field("", description="Who logged on last.", examples=["ACME\\anna"])
    last_seen: str = Field(
        "",
        description="RFC 3339. More than a day after it is received, it counts for nothing.",
        examples=["2026-10-30T08:00:00Z"],
    )
    active: bool = Field(True, description="Whether the provider has it in use.", examples=[True])
    status: str = Field("", description="Its status in the provider's words.", examples=["Active"])


class RecordWarning(BaseModel):
    """A value that is kept and counts for nothing."""

    pointer: str = Field(description="JSON Pointer into the record.", examples=["/last_seen"])
    message: str = Field(
        description="What is wrong with it.", examples=["no time as RFC 3339 has it; it is kept and counts for nothing"]
    )


class PushedRecord(BaseModel):
    """What became of one record."""

    status: PushStatus = Field(description="What became of it.", examples=["created"])
    record: str | None = Field(
        description="Its key, as `provider:id`; null when it has none.", examples=["rmm_alpha:A-17"]
    )
    device_id: str | None = Field(
        description="The device it is a record of now; null when it was rejected.",
        examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"],
    )
    reason: str | None = Field(
        description="Why it was rejected, or why another row of the request stands.", examples=["no provider"]
    )
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

    data: list[PushedRecord] = Field(description="What became of each.")
    seq: int = Field(
        description="Number of the last change when all was stored: who has read the feed up to it has read this push.",
        examples=[1042],
    )


class RecordInFull(BaseModel):
    """A record as it is stored."""

    record: str = Field(description="Its key, as `provider:id`.", examples=["rmm_alpha:A-17"])
    provider: str = Field(description="Who lists it.", examples=["rmm_alpha"])
    id: str = Field(description="Its id there.", examples=["A-17"])
    device_id: str = Field(
        description="The device it is a record of.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"]
    )
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

    sync_id: str = Field(
        description="The run under which `GET /v1/syncs` lists it.", examples=["0192f0c4-51aa-7d02-8f77-1b2a3c4d5e6f"]
    )
    read: int = Field(description="Records that the feed holds.", examples=[1200])
    created: int = Field(description="Records that came for the first time.", examples=[10])
    changed: int = Field(description="Records that came with other values.", examples=[40])
    unchanged: int = Field(description="Records that came as they were.", examples=[1150])
    removed: int = Field(description="Records that the feed no longer holds.", examples=[2])
    seq: int = Field(description="Number of the last change when all was stored.", examples=[1042])
