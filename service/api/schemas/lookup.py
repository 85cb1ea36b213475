"""Schemas of look-ups."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.devices.lookup import DeviceView, LookupKind

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
