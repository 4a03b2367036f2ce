"""Reference data as the database knows it: a projection of the files, for foreign keys and joins.

And the words that nobody knows yet, counted so that the vocabulary can grow.
"""

from datetime import date

from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from service.core.db import Table


class Sector(SQLModel, table=True):
    code: str = Field(primary_key=True, max_length=20)
    chamber: str = Field(max_length=40)


class Tag(SQLModel, table=True):
    code: str = Field(primary_key=True, max_length=60)
    kind: str = Field(max_length=20)
    sector: str | None = Field(default=None, foreign_key="sector.code", max_length=20)


class Postcode(SQLModel, table=True):
    pc4: str = Field(primary_key=True, max_length=4)
    latitude: float
    longitude: float
    place: str = Field(max_length=80)
    municipality: str = Field(max_length=80, index=True)
    is_repaired: bool = False


class UnknownWord(Table, table=True):
    """A word by itself, with on how many days it was read: not by whom, nor in which sentence."""

    __tablename__ = "unknown_word"
    __table_args__ = (
        UniqueConstraint("word", "language"),
        CheckConstraint("days > 0", name="was_read"),
    )

    word: str = Field(max_length=30)
    language: str = Field(max_length=2)
    """Of the pages on which it was typed."""
    days: int = Field(default=1, index=True)
    """A day counts once, so that nobody makes a word frequent by himself in one lesson."""
    first_on: date
    last_on: date = Field(index=True)
    meant: str | None = Field(default=None, foreign_key="tag.code", max_length=60)
    """The tag that somebody who looked at it says it stands for."""
