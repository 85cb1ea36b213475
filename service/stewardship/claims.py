"""Evidence between two records, as the API and the command line show it."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, Field

from matching.codes import Code
from matching.model import Claim, ClaimOutcome, Kind


class EvidenceKind(Code):
    """What evidence between two records is: a kind that they may agree on, or a person's word."""

    BIOS_GUID = "bios_guid", Kind.BIOS_GUID.label, Kind.BIOS_GUID.sentence
    SERIAL = "serial", Kind.SERIAL.label, Kind.SERIAL.sentence
    LINK = "link", Kind.LINK.label, Kind.LINK.sentence
    MAC = "mac", Kind.MAC.label, Kind.MAC.sentence
    HOSTNAME = "hostname", Kind.HOSTNAME.label, Kind.HOSTNAME.sentence
    DECISION = "decision", "decision", "A person decided about the two records."


class ClaimView(BaseModel):
    """One piece of evidence between two records."""

    kind: EvidenceKind = Field(description="What the evidence is.", examples=["serial"])
    outcome: ClaimOutcome = Field(description="What the two records say to each other.", examples=["agree"])
    value: str = Field(description="What they say.", examples=["5CG1234ABC"])
    left: str = Field(description="One record, as `provider:id`.", examples=["cw_manage:4711"])
    right: str = Field(description="The other record.", examples=["cw_rmm:A-17"])
    note: str = Field(description="What to know about this value; often empty.", examples=["no evidence: placeholder"])

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> list[Self]:
        """Return the views of some claims."""
        return [
            cls(
                kind=EvidenceKind(claim.kind or EvidenceKind.DECISION),
                outcome=claim.outcome,
                value=claim.value,
                left=str(claim.left),
                right=str(claim.right),
                note=claim.note,
            )
            for claim in claims
        ]
