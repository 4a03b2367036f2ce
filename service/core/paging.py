"""A part of a list and its total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlmodel import Session

Row = TypeVar("Row")
PAGE_SIZE = 25
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """One page of a list; `address` and `query` let a template link to the others."""

    rows: Sequence[Row]
    total: int
    number: int
    size: int
    query: tuple[tuple[str, str], ...] = ()

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def url(self, number: int) -> str:
        return "?" + urlencode([*((k, v) for k, v in self.query if k != "page"), ("page", str(number))])


def part_of(session: Session, query: Any, number: int = 1, size: int = PAGE_SIZE) -> Part[Any]:
    """Two statements whatever the size: the total and the rows. A single column or entity comes unwrapped."""
    size = min(max(1, size), LARGEST_PAGE)
    total = session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    number = min(max(1, number), max(1, -(-total // size)))
    result = session.execute(query.limit(size).offset((number - 1) * size))
    rows = result.scalars().all() if len(query.column_descriptions) == 1 else result.all()
    return Part(rows, total, number, size)
