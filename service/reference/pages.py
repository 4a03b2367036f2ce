"""The words of the vocabulary, for completion while somebody types."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from service.core.text import Line
from service.reference.words import complete_word

router = APIRouter()


class Word(BaseModel):
    value: str
    label: str


@router.get("/words")
def complete(
    q: Annotated[Line, Query(max_length=100)] = "",
    kind: Annotated[list[str] | None, Query(max_length=10)] = None,
) -> list[Word]:
    """Public: what an occupation or talent is called is no secret."""
    return [Word(value=code, label=name) for code, name in complete_word(q, kind or ())]
