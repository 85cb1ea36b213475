"""How plain values are described in the OpenAPI document, and the shape of a golden record's values."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class ShownAs:
    """
    Describes a value by another type, without checking the value against it.

    What was stored is answered as it is; that it has the described shape is for tests to show.
    """

    def __init__(self, shape: Any) -> None:
        self._shape: TypeAdapter[Any] = TypeAdapter(shape)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the value itself."""
        return handler(source)

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the description; what stands in a union, though alone, is referred to and not repeated."""
        return handler(core_schema.union_schema([self._shape.core_schema]))


def _without_defaults(schema: dict[str, Any]) -> None:
    for each in schema["properties"].values():
        each.pop("default", None)


class Shape(BaseModel):
    """A description, of which no object is made: a member with a default may be absent, and more may come."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_without_defaults)


class GoldenValues(Shape):
    """The golden record of a device: one value a field. A field that no record fills is absent."""

    cw_manage_device_id: int = Field(
        0, description="Id of the configuration in ConnectWise Manage that is proposed to survive.", examples=[4711]
    )
    cw_manage_device_ids: list[int] = Field(
        [], description="Ids of all its configurations in ConnectWise Manage.", examples=[[4711, 4712]]
    )
    cw_manage_device_identifier: str = Field(
        "", description="The `deviceIdentifier` of that configuration.", examples=["5CG1234ABC"]
    )
    bios_guid: str = Field(
        "", description="SMBIOS UUID, in capitals with hyphens.", examples=["4C4C4544-0042-3510-8054-B4C04F4A5931"]
    )
    serial: str = Field("", description="Serial number of the box.", examples=["5CG1234ABC"])
    macs: list[str] = Field([], description="MAC addresses of its adapters.", examples=[["3C:52:82:AA:BB:01"]])
    hostname: str = Field("", description="Hostname as the chosen record has it.", examples=["acme-lt-0421"])
    os_type: str = Field("", description="Kind of operating system.", examples=["Windows"])
    os_info: str = Field("", description="Exact operating system.", examples=["Windows 11 Pro 23H2"])
    os: str = Field("", description="`os_info`, or `os_type` without it.", examples=["Windows 11 Pro 23H2"])
    manufacturer: str = Field("", description="Who made the box.", examples=["HP"])
    model: str = Field("", description="Model of the box.", examples=["EliteBook 840 G8"])
    default_gateway: str = Field("", description="Address of its gateway.", examples=["10.1.0.1"])
    last_user: str = Field("", description="Who logged on last.", examples=["ACME\\anna"])
    name: str = Field("", description="Display name.", examples=["ACME-LT-0421"])
    company: str = Field("", description="Name of the customer.", examples=["Acme Inc."])
    company_id: str = Field("", description="The chosen provider's id of the customer.", examples=["19"])
    type: str = Field("", description="What it is.", examples=["Laptop"])
    tag_number: str = Field("", description="Asset tag on the box.", examples=["T-0421"])
    status: str = Field("", description="Status in the chosen provider's words.", examples=["Active"])
    ips: list[str] = Field([], description="IP addresses that any record lists.", examples=[["10.1.0.17"]])
    last_seen: str = Field(
        "", description="When any provider last saw it, RFC 3339 in UTC.", examples=["2026-11-20T08:00:00Z"]
    )
    active: bool = Field(True, description="Whether any record is in use.", examples=[True])
    conflicts: list[str] = Field(
        [], description="Kinds of hardware evidence on which its records differ.", examples=[["serial"]]
    )
