"""The schema of an explanation."""

from typing import Self

from pydantic import BaseModel, Field

from matching.model import Explanation
from service.stewardship.claims import ClaimView


class ExplanationView(BaseModel):
    """Why two records are one device, or why not."""

    left: str = Field(description="One record, as `provider:id`.", examples=["cw_manage:4711"])
    right: str = Field(description="The other record.", examples=["cw_rmm:A-17"])
    same: bool = Field(description="Whether they are one device.")
    sentence: str = Field(description="The answer for a person.", examples=["One device: both say serial 5CG1234ABC."])
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
