"""Schemas that only the API uses: requests, envelopes, and views of the engine's explanations."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from matching.model import Explanation, Verdict
from service.devices.inspecting import Inspected
from service.devices.lookup import DeviceView, LookupKind, SuppressedView
from service.intake.pushing import PushResult, PushStatus
from service.stewardship.claims import ClaimView
from service.stewardship.deciding import LONGEST_TEXT, DecisionView
from service.stewardship.reviewing import ReviewView
from service.store.syncs import SyncMode
from service.syncs.synclog import SyncView

MOST_ITEMS = 1000
"""Look-ups or records in one request."""

Identifier = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class LookupQuestion(BaseModel):
    """One identifier to look up."""

    model_config = ConfigDict(extra="forbid")

    identifier: Identifier = Field(description="In any notation.", examples=["00-15-5D-AA-BB-CC"])
    kind: LookupKind | None = Field(None, description="What it is; left out, the kind is detected.")


class DeviceList(BaseModel):
    """The devices that answer a question."""

    data: list[DeviceView]


class LookupAnswer(LookupQuestion):
    """One identifier and the devices that hold it."""

    devices: list[DeviceView]


class LookupAnswers(BaseModel):
    """The answers, in the order of the questions."""

    data: list[LookupAnswer]


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


class ExplanationView(BaseModel):
    """Why two records are one device, or why not."""

    left: str = Field(examples=["cw_manage:4711"])
    right: str = Field(examples=["cw_rmm:A-17"])
    same: bool = Field(description="Whether they are one device.")
    sentence: str = Field(description="The answer for a person.")
    path: list[ClaimView] = Field(description="The chain of accepted evidence, when they are one device.")
    shared: list[ClaimView] = Field(description="What both say.")
    against: list[ClaimView] = Field(
        description="What keeps them apart, or what was outweighed when they are one device."
    )
    steps: list[str] = Field(description="How the device or devices were built, in order.")
    would_change: list[str] = Field(description="What would turn the answer round.")

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """Return the view of an explanation."""
        return cls(
            left=str(explanation.left),
            right=str(explanation.right),
            same=explanation.same,
            sentence=explanation.sentence,
            path=ClaimView.of(explanation.path),
            shared=ClaimView.of(explanation.shared),
            against=ClaimView.of(explanation.against),
            steps=list(explanation.steps),
            would_change=list(explanation.would_change),
        )


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


class ReportInfo(BaseModel):
    """A report that can be asked for."""

    name: str = Field(examples=["duplicates"])
    description: str
    columns: list[str]
    formats: list[str] = Field(examples=[["json", "csv"]])


class Reports(BaseModel):
    """The reports that there are."""

    data: list[ReportInfo]


class SyncRequest(BaseModel):
    """What to sync."""

    model_config = ConfigDict(extra="forbid")

    providers: list[str] | None = Field(
        None, max_length=100, description="Which; left out, all that are configured.", examples=[["cw_manage"]]
    )
    mode: Literal[SyncMode.FULL, SyncMode.INCREMENTAL] | None = Field(None, description="Left out, whichever is due.")
    accept_shrink: bool = Field(False, description="Let these providers lose records that a sync held back.")


class SyncsBegun(BaseModel):
    """The syncs that were begun, in no order."""

    data: list[SyncView]


class Health(BaseModel):
    """The service is able to answer."""

    status: str = Field(examples=["ok"])
    detail: str | None = Field(default=None, description="What an operator should look at all the same.")


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


RecordName = Annotated[str, StringConstraints(min_length=3, max_length=500)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]


class WantedDecision(BaseModel):
    """A decision to make: a verdict about two records, or about the two sides of a review."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "verdict": "same",
                "left": "cw_manage:4711",
                "right": "rmm_alpha:A-17",
                "why": "same asset tag on both stickers",
            }
        },
    )

    verdict: Verdict = Field(description="`same`: one box; `different`: two.")
    left: RecordName | None = Field(None, description="A record, as `provider:id`.", examples=["cw_manage:4711"])
    right: RecordName | None = Field(None, description="Another record.", examples=["rmm_alpha:A-17"])
    review: str | None = Field(None, max_length=100, description="An open review's id, instead of two records.")
    why: Words = Field(description="The reason, for whoever asks later.")
    by: Words | None = Field(None, description="Who decides, where no key is asked for; a key's name outweighs it.")

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if (self.left is None) is not (self.right is None) or (self.left is None) is (self.review is None):
            raise ValueError("name left and right, or a review")
        return self


class Call(BaseModel):
    """A call that would answer a review."""

    method: str = Field(examples=["POST"])
    path: str = Field(examples=["/v1/decisions"])
    body: dict[str, str] = Field(description="What to send; add `why`.")


class OpenReview(ReviewView):
    """A review, and the calls that would answer it; sent to `/v1/decisions/preview`, they show what they would do."""

    answers: list[Call] = Field(description="The calls that would answer it: one for each verdict.")

    @classmethod
    def of(cls, view: ReviewView) -> Self:
        """Return a review with its calls."""
        calls = [
            Call(method="POST", path="/v1/decisions", body={"verdict": str(verdict), "review": view.id})
            for verdict in Verdict
        ]
        return cls(**dict(view), answers=calls)


class DeviceInFull(DeviceView):
    """A device, what is open about it, and what people decided."""

    reviews: list[OpenReview] = Field(description="Open questions about it, the most worthwhile first.")
    decisions: list[DecisionView] = Field(description="Decisions about its records that stand, in order of id.")

    @classmethod
    def of(cls, found: Inspected) -> Self:
        """Return the view of a use case's result."""
        reviews = [OpenReview.of(each) for each in found.reviews]
        return cls(**dict(found.device), reviews=reviews, decisions=list(found.decisions))
