"""Schemas of syncs that are begun."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.store.ingested.syncs import SyncMode
from service.syncs.synclog import SyncView


class SyncRequest(BaseModel):
    """What to sync."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "if": {"properties": {"accept_shrink": {"const": True}}, "required": ["accept_shrink"]},
            "then": {"properties": {"providers": {"type": "array", "minItems": 1}}, "required": ["providers"]},
        },
    )

    providers: list[str] | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Which; left out, all that are configured.",
        examples=[["cw_manage"]],
    )
    mode: Literal[SyncMode.FULL, SyncMode.INCREMENTAL] | None = Field(
        None, description="Left out, whichever is due.", examples=["full"]
    )
    accept_shrink: bool = Field(False, description="Let these providers lose records that a sync held back.")


class SyncsBegun(BaseModel):
    """The syncs that were begun, in no order."""

    data: list[SyncView] = Field(description="The runs.")
