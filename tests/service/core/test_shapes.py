"""Values are described by shapes, and stay as they are."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from matching.results import golden
from service.core.shapes import GoldenValues, Shape, ShownAs


class Small(Shape):
    """A small shape."""

    size: int = Field(0, description="How large.")


class Holder(BaseModel):
    """Something that holds a value of that shape."""

    value: Annotated[dict[str, Any], ShownAs(Small)] = Field(description="The value.")
    either: Annotated[dict[str, Any], ShownAs(Small | GoldenValues)]


def test_a_value_is_described_and_not_checked() -> None:
    """The document refers to the shape; the value passes as it was stored, whatever it holds."""
    schema = Holder.model_json_schema()

    assert schema["properties"]["value"] == {
        "$ref": "#/$defs/Small",
        "description": "The value.",
        "title": "Value",
    }
    assert len(schema["properties"]["either"]["anyOf"]) == 2
    assert Holder(value={"size": "no number"}, either={}).value == {"size": "no number"}


def test_what_may_be_absent_has_no_default() -> None:
    """A reader would take a default for the value of what is absent."""
    shown = Small.model_json_schema()

    assert "default" not in shown["properties"]["size"]
    assert "required" not in shown


def test_the_shape_of_golden_values_has_every_golden_field() -> None:
    """One property for each field that a golden record may have."""
    assert set(GoldenValues.model_fields) == set(golden.GOLDEN_FIELDS)
