"""Schemas of look-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, WrapValidator
from pydantic.functional_validators import ModelWrapValidatorHandler

from service.api.http.problems import Problem
from service.api.schemas.devices import DeviceAnswer
from service.devices.searching import LookupKind

MOST_CHARACTERS = 500
"""Of an identifier."""

Identifier = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]


class LookupQuestion(BaseModel):
    """One identifier to look up."""

    model_config = ConfigDict(extra="forbid")

    identifier: Identifier = Field(description="In any notation.", examples=["00-15-5D-AA-BB-CC"])
    kind: LookupKind | None = Field(None, description="What it is; left out, the kind is detected.")


@dataclass(frozen=True)
class Misunderstood:
    """What stands in the place of a question that cannot be understood: what is wrong with it."""

    errors: Sequence[Mapping[str, Any]]


def _understood(raw: Any, read: ModelWrapValidatorHandler[LookupQuestion]) -> LookupQuestion | Misunderstood:
    try:
        return read(raw)
    except ValidationError as error:
        return Misunderstood(error.errors(include_input=False, include_context=False))


LookupItem = Annotated[LookupQuestion, WrapValidator(_understood)]
"""A question among others, which are answered even where this one cannot be."""


class MeaningView(BaseModel):
    """One thing that an identifier may mean."""

    kind: LookupKind = Field(description="What it is taken for.", examples=["mac"])
    value: str = Field(description="Its canonical value.", examples=["00:15:5D:AA:BB:CC"])
    devices: int = Field(description="How many devices hold it, of those that were counted.", examples=[1])
    suppressed: str | None = Field(
        description="Why the value is no evidence, such as a placeholder; null where it is evidence.",
        examples=["placeholder"],
    )


class LookupAnswer(BaseModel):
    """The devices that answer a question, and what it was understood as."""

    data: list[DeviceAnswer] = Field(description="The devices, those of the likeliest meaning first.")
    total: int = Field(
        description="How many devices hold it; where it is not exact, there are at least as many.", examples=[1]
    )
    total_is_exact: bool = Field(description="Whether `total` counts all of them.", examples=[True])
    is_cut: bool = Field(description="Whether there are more devices than `data` holds.")
    all: str | None = Field(
        description="The call that lists all of them; null where `data` does.",
        examples=["/v1/devices?identifier=To+be+filled+by+O.E.M."],
    )
    meanings: list[MeaningView] = Field(description="What the identifier may mean, the likeliest first.")


class LookupItemAnswer(LookupAnswer):
    """One identifier and the devices that hold it."""

    identifier: str = Field(description="What was asked for.", examples=["00-15-5D-AA-BB-CC"])
    kind: LookupKind | None = Field(description="What it was said to be; null where it was detected.")


class LookupItemError(BaseModel):
    """A question that cannot be understood, and why."""

    error: Problem = Field(description="What is wrong with the question; pointers begin at it.")


class LookupAnswers(BaseModel):
    """The answers, in the order of the questions."""

    data: list[LookupItemAnswer | LookupItemError] = Field(description="An answer or an error for each question.")
