"""What people send about the outbox."""

from pydantic import BaseModel, ConfigDict, Field


class AgainInput(BaseModel):
    """Which failures are to be sent again: those for one reason."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500)
