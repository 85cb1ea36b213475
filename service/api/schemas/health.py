"""The schema of the health checks."""

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The service is able to answer."""

    status: str = Field(description="`ok`: alive; `ready`: able to answer.", examples=["ok"])
    detail: str | None = Field(
        default=None, description="What an operator should look at all the same.", examples=["a sync is held back"]
    )
