"""Schemas of a device with all that is open about it, and of its identity graph."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from service.api.schemas.stewardship import OpenReview
from service.devices.inspecting import Inspected
from service.devices.lookup import DeviceView
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


class DeviceInFull(DeviceView):
    """A device, what is open about it, and what people decided."""

    reviews: list[OpenReview] = Field(description="Open questions about it, the most worthwhile first.")
    decisions: list[DecisionView] = Field(description="Decisions about its records that stand, in order of id.")

    @classmethod
    def of(cls, found: Inspected) -> Self:
        """Return the view of a use case's result."""
        reviews = [OpenReview.of(each) for each in found.reviews]
        return cls(**dict(found.device), reviews=reviews, decisions=list(found.decisions))
