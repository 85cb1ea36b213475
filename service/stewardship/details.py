"""The shapes of what a change says for programs: `detail`, one shape for each kind of change."""

from typing import Any

from pydantic import Field

from matching.model import Verdict
from service.core.shapes import Shape
from service.resolution.parting import PartingReason
from service.stewardship.claims import EvidenceKind

RECORD = ["cw_manage:4711"]


class FieldChange(Shape):
    """A golden value before and after; null where there was or is none."""

    before: Any = Field(alias="from", description="The value before.", examples=["Active"])
    after: Any = Field(alias="to", description="The value after.", examples=["Inactive"])


class JoinedBy(Shape):
    """What joined a record to a device."""

    kind: EvidenceKind = Field(description="What joined them.", examples=["serial"])
    value: str = Field(description="The value that both carry; empty for a decision.", examples=["5CG1234ABC"])
    left: str = Field(description="The record that is new to the device.", examples=RECORD)
    right: str = Field(description="The record that it agrees with.", examples=["cw_rmm:A-17"])


class PartedBy(Shape):
    """Why records came apart."""

    reason: PartingReason = Field(description="The reason for a program.", examples=["withdrawn"])
    sentence: str = Field(
        description="The reason for a person.", examples=["cw_manage:4711 does not say serial 5CG1234ABC any more"]
    )
    kind: EvidenceKind = Field(
        EvidenceKind.SERIAL, description="Kind of the evidence that had joined them, where known.", examples=["serial"]
    )
    value: str = Field("", description="Its value.", examples=["5CG1234ABC"])
    left: str = Field("", description="One record that it had joined.", examples=RECORD)
    right: str = Field("", description="The other one.", examples=["cw_rmm:A-17"])


class ChangeCause(Shape):
    """What made the devices change; the first member tells which kind of cause it is."""

    decision: str = Field("", description="Id of a decision that was made.", examples=["0192f0c3"])
    revoked: str = Field("", description="Id of a decision that was revoked.", examples=["0192f0c3"])
    corrected: str = Field("", description="Id of an entry that was added to the policy.", examples=["0192f0c3"])
    uncorrected: str = Field("", description="Id of an entry of the policy that was revoked.", examples=["0192f0c3"])
    entry: str = Field("", description="What that entry says.", examples=["a:1 and b:2: one customer"])
    imported: int = Field(0, description="How many decisions were imported.", examples=[12])
    sync: str = Field("", description="Id of the sync that brought the records.", examples=["0192f0c4"])
    forgotten: int = Field(0, description="How many records lost the name of a last user.", examples=[3])
    rules_changed: str = Field("", description="Version of the rules that took effect by an upgrade.", examples=["9"])
    verdict: Verdict = Field(Verdict.SAME, description="What the decision says.", examples=["same"])
    left: str = Field("", description="A record that the decision is about.", examples=RECORD)
    right: str = Field("", description="The other record.", examples=["cw_rmm:A-17"])
    by: str = Field("", description="Who decided, corrected, revoked or imported.", examples=["anna"])
    why: str = Field("", description="The reason they gave.", examples=["same asset tag on both stickers"])
    provider: str = Field("", description="The provider that was synced.", examples=["cw_rmm"])
    gone: str = Field("", description="Why records were removed.", examples=["is no longer in its feed"])


class _Detail(Shape):
    """What any change may say."""

    evidence: list[JoinedBy] = Field([], description="What joined the records that came together.")
    parted: list[PartedBy] = Field([], description="Why records left the device, three reasons at most.")
    because: ChangeCause = Field(ChangeCause.model_construct(), description="What made it change, where that is known.")


class CreatedDetail(_Detail):
    """`created`: records that were in no device became one."""

    records: list[str] = Field(description="Its records, as `provider:id`.", examples=[RECORD])


class SplitDetail(CreatedDetail):
    """`split`: records left a device and became one of their own."""

    parents: list[str] = Field(alias="from", description="Ids of the devices they were in.", examples=[["0192f0c1"]])


class ChangedDetail(_Detail):
    """`changed`: its values or its records are others."""

    fields: dict[str, FieldChange] = Field({}, description="Golden field -> its value before and after.")
    added: list[str] = Field([], description="Records that came to it.", examples=[RECORD])
    removed: list[str] = Field([], description="Records that left it.", examples=[RECORD])


class MergedDetail(ChangedDetail):
    """`merged`: it took the records of other devices in."""

    absorbed: list[str] = Field(description="Ids of those devices, which are retired.", examples=[["0192f0c2"]])


class RetiredDetail(_Detail):
    """`retired`: its id is no device any more."""

    successor: str | None = Field(
        description="Id of the device that has its records; null where they are gone.", examples=["0192f0c1"]
    )
    why: str = Field(description="Why it was retired.", examples=["merged into 0192f0c1"])


ChangeDetail = RetiredDetail | MergedDetail | SplitDetail | CreatedDetail | ChangedDetail
"""What a change says, told apart by `what` of the change; a shape with more required members comes first."""
