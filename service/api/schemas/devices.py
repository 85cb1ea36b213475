"""Schemas of devices, in short and with all that is known about them, and of the identity graph."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.api.schemas.stewardship import OpenReview
from service.devices.lookup import ProvenanceView, RecordView
from service.stewardship.deciding import DecisionView


class GraphNode(BaseModel):
    """A record or an identifier."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(examples=["serial=5CG1234ABC"])


class GraphEdge(BaseModel):
    """A record carries an identifier, or names another record."""

    model_config = ConfigDict(extra="allow")

    source: str = Field(examples=["cw_manage:4711"])
    target: str = Field(examples=["serial=5CG1234ABC"])


class DeviceGraph(BaseModel):
    """The identity graph of a device in node-link form, as networkx reads it with `edges=\"edges\"`."""

    directed: bool
    multigraph: bool
    graph: dict[str, Any]
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class DeviceCounts(BaseModel):
    """How much there is about a device."""

    records: int = Field(description="Records of all providers.", examples=[3])
    open_reviews: int = Field(description="Open reviews with one of its records on a side.", examples=[0])
    decisions: int = Field(description="Decisions about its records that stand.", examples=[0])


class DeviceAnswer(BaseModel):
    """A device: its golden record and what there is about it; more where `expand` asks for it."""

    id: str = Field(examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    values: dict[str, Any] = Field(description="The golden record: one value a field; unknown fields are absent.")
    providers: list[str] = Field(description="Who lists it, in order.", examples=[["cw_manage", "cw_rmm"]])
    counts: DeviceCounts
    created_at: datetime
    updated_at: datetime = Field(description="When it last changed; that it was seen again is no change.")
    provenance: dict[str, ProvenanceView] = Field({}, description="Where each golden value came from, if asked for.")
    records: list[RecordView] = Field([], description="Every provider's rows for this device, if asked for.")
    reviews: list[OpenReview] = Field([], description="Open questions about it, if asked for.")
    decisions: list[DecisionView] = Field([], description="Standing decisions about its records, if asked for.")


class DevicePage(BaseModel):
    """One page of the list of devices."""

    data: list[DeviceAnswer]
    total: int = Field(description="Devices on all pages; where it is not exact, there are more.", examples=[64000])
    total_is_exact: bool
    as_of: str | None = Field(
        description=(
            "Read the change feed with this as `cursor` for what happened since the page; null for a key that is bound "
            "to customers, which does not read the feed."
        )
    )
    next_cursor: str | None = Field(description="Ask for the next page with it; null on the last page.")
