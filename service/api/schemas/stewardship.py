"""Schemas of decisions to make, and of reviews with the calls that answer them."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from matching.model import Verdict
from service.core.shapes import ShownAs
from service.stewardship.deciding import LONGEST_TEXT
from service.stewardship.reviewing import ReviewView

KEY_PATTERN = r"^[^:\s\x00-\x1f\x7f][^:\x00-\x1f\x7f]*:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f]$"
"""What the document says of a record's key; what it is not, the engine says in its own words (`bad-key`)."""

RecordName = Annotated[
    str, StringConstraints(min_length=3, max_length=500), Field(json_schema_extra={"pattern": KEY_PATTERN})
]

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    Field(json_schema_extra={"pattern": r"^[^\x00]*[^\s\x00][^\x00]*$"}),
]


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
            },
            "if": {"required": ["review"]},
            "then": {"not": {"anyOf": [{"required": ["left"]}, {"required": ["right"]}]}},
            "else": {"required": ["left", "right"]},
        },
    )

    verdict: Verdict = Field(description="`same`: one box; `different`: two.", examples=["same"])
    left: Annotated[RecordName | None, ShownAs(RecordName)] = Field(
        None, description="A record, as `provider:id`.", examples=["cw_manage:4711"]
    )
    right: Annotated[RecordName | None, ShownAs(RecordName)] = Field(
        None, description="Another record.", examples=["rmm_alpha:A-17"]
    )
    review: Annotated[str | None, ShownAs(Annotated[str, StringConstraints(max_length=100)])] = Field(
        None, max_length=100, description="An open review's id, instead of two records.", examples=["9f86d081884c7d65"]
    )
    why: Words = Field(description="The reason, for whoever asks later.", examples=["same asset tag"])
    by: Words | None = Field(
        None, description="Who decides, where no key is asked for; a key's name outweighs it.", examples=["anna"]
    )

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if (self.left is None) is not (self.right is None) or (self.left is None) is (self.review is None):
            raise ValueError("name left and right, or a review")
        return self


class Call(BaseModel):
    """A call that would answer a review."""

    method: str = Field(description="Its HTTP method.", examples=["POST"])
    path: str = Field(description="Its path.", examples=["/v1/decisions"])
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
