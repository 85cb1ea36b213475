"""Evidence between two records, as the API and the command line show it."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, Field

from matching.model import Claim, ClaimOutcome

DECISION = "decision"
"""The kind of evidence that a person's word is."""


class ClaimView(BaseModel):
    """One piece of evidence between two records."""

    kind: str = Field(description="Rank of the evidence.", examples=["serial"])
    outcome: ClaimOutcome = Field(description="What the two records say to each other.", examples=["agree"])
    value: str = Field(examples=["5CG1234ABC"])
    left: str = Field(examples=["cw_manage:4711"])
    right: str = Field(examples=["cw_rmm:A-17"])
    note: str = Field(description="What to know about this value; often empty.")

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> list[Self]:
        """Return the views of some claims."""
        return [
            cls(
                kind=claim.kind or DECISION,
                outcome=claim.outcome,
                value=claim.value,
                left=str(claim.left),
                right=str(claim.right),
                note=claim.note,
            )
            for claim in claims
        ]
