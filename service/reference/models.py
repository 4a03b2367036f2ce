"""Reference data as the database knows it: a projection of the files, for foreign keys and joins."""

from sqlmodel import Field, SQLModel


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
