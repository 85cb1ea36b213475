"""Schemas of devices, in short and with all that is known about them, and of the identity graph."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from matching.codes import Code
from matching.model import Kind
from service.api.schemas.stewardship import OpenReview
from service.core.shapes import GoldenValues, ShownAs
from service.devices.lookup import ProvenanceView, RecordView
from service.stewardship.claims import EvidenceKind
from service.stewardship.deciding import DecisionView


class NodeKind(Code):
    """What a node of an identity graph is."""

    RECORD = "record", "record", "A provider's record."
    BIOS_GUID = "bios_guid", Kind.BIOS_GUID.label, Kind.BIOS_GUID.sentence
    SERIAL = "serial", Kind.SERIAL.label, Kind.SERIAL.sentence
    LINK = "link", Kind.LINK.label, Kind.LINK.sentence
    MAC = "mac", Kind.MAC.label, Kind.MAC.sentence
    HOSTNAME = "hostname", Kind.HOSTNAME.label, Kind.HOSTNAME.sentence


class GraphNode(BaseModel):
    """A record or an identifier."""

    id: str = Field(
        description="`provider:id` of a record, `kind=value` of an identifier.", examples=["serial=5CG1234ABC"]
    )
    kind: NodeKind = Field(description="What it is.", examples=["serial"])
    label: str = Field(description="What to show of it.", examples=["5CG1234ABC"])
    provider: str = Field("", description="Of a record: who lists it.", examples=["cw_manage"])
    live: bool = Field(True, description="Of a record: whether it is in use.", examples=[True])
    weak: bool = Field(False, description="Of an identifier: whether it is too weak to join alone.", examples=[False])


class GraphEdge(BaseModel):
    """A record carries an identifier, or a person decided that two records are the same."""

    source: str = Field(description="The id of one node.", examples=["cw_manage:4711"])
    target: str = Field(description="The id of the other.", examples=["serial=5CG1234ABC"])
    kind: EvidenceKind = Field(description="Kind of the identifier, or `decision`.", examples=["serial"])
    weak: bool = Field(False, description="Whether the identifier is too weak to join alone.", examples=[False])


class DeviceGraph(BaseModel):
    """The identity graph of a device in node-link form, as networkx reads it with `edges=\"edges\"`."""

    directed: bool = Field(description="Whether edges have a direction: never.", examples=[False])
    multigraph: bool = Field(description="Whether two nodes may have several edges: never.", examples=[False])
    graph: dict[str, Any] = Field(description="What is said of the graph as a whole: nothing.", examples=[{}])
    nodes: list[GraphNode] = Field(description="Records and identifiers.")
    edges: list[GraphEdge] = Field(description="What connects them.")


class DeviceCounts(BaseModel):
    """How much there is about a device."""

    records: int = Field(description="Records of all providers.", examples=[3])
    open_reviews: int = Field(description="Open reviews with one of its records on a side.", examples=[0])
    decisions: int = Field(description="Decisions about its records that stand.", examples=[0])


class DeviceAnswer(BaseModel):
    """A device: its golden record and what there is about it; more where `expand` asks for it."""

    id: str = Field(description="The device's id.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    values: Annotated[dict[str, Any], ShownAs(GoldenValues)] = Field(
        description="The golden record: one value a field; unknown fields are absent."
    )
    providers: list[str] = Field(description="Who lists it, in order.", examples=[["cw_manage", "cw_rmm"]])
    counts: DeviceCounts = Field(description="How much there is about it.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When it last changed; that it was seen again is no change.")
    provenance: dict[str, ProvenanceView] = Field({}, description="Where each golden value came from, if asked for.")
    records: list[RecordView] = Field([], description="Every provider's rows for this device, if asked for.")
    reviews: list[OpenReview] = Field([], description="Open questions about it, if asked for.")
    decisions: list[DecisionView] = Field([], description="Standing decisions about its records, if asked for.")


class DevicePage(BaseModel):
    """One page of the list of devices."""

    data: list[DeviceAnswer] = Field(description="The devices in order of id.")
    total: int = Field(description="Devices on all pages; where it is not exact, there are more.", examples=[64000])
    total_is_exact: bool = Field(description="Whether `total` counts all of them.", examples=[True])
    as_of: str | None = Field(
        description="Read the change feed with this as `cursor` for what happened since the page.",
        examples=["eyJ2IjoxfQ"],
    )
    next_cursor: str | None = Field(
        description="Ask for the next page with it; null on the last page.", examples=["eyJ2IjoxfQ"]
    )
