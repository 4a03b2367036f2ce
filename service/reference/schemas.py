"""What somebody says about a word that nobody knew."""

from pydantic import BaseModel, ConfigDict, Field

from service.core.text import Line


class MeaningInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Line = Field(default="", max_length=100)
    """A known word that says the same; empty when it is not known any more."""
