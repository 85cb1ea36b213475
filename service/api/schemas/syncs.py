"""Schemas of syncs that are begun."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.store.syncs import SyncMode
from service.syncs.synclog import SyncView


class SyncRequest(BaseModel):
    """What to sync."""

    model_config = ConfigDict(extra="forbid")

    providers: list[str] | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Which; left out, all that are configured.",
        examples=[["cw_manage"]],
    )
    mode: Literal[SyncMode.FULL, SyncMode.INCREMENTAL] | None = Field(None, description="Left out, whichever is due.")
    accept_shrink: bool = Field(False, description="Let these providers lose records that a sync held back.")


class SyncsBegun(BaseModel):
    """The syncs that were begun, in no order."""

    data: list[SyncView]
