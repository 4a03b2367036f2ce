"""Lists as pages and as JSON: which part is asked for, and how the others are reached."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request

from service.core.paging import LARGEST_PAGE, PAGE_SIZE, Part

Row = TypeVar("Row")
Item = TypeVar("Item", bound=BaseModel)
Choice = TypeVar("Choice", bound=StrEnum)

FIRST_PAGE: int = 1
USUAL_SIZE: int = PAGE_SIZE
LAST_PAGE = 1_000_000
PageNumber = Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)]
PageSize = Annotated[int, Query(alias="size", ge=1, le=LARGEST_PAGE)]


class Listing(BaseModel, Generic[Item]):
    """What every list in the JSON API looks like."""

    items: list[Item]
    total: int
    page: int
    pages: int


def listing(part: Part[Row], output: Callable[[Row], Item]) -> Listing[Item]:
    return Listing(
        items=[output(row) for row in part.rows], total=part.total, page=part.number, pages=part.pages
    )


def page_number(request: Request) -> int:
    """Whatever somebody writes into the address, a page is shown."""
    asked = request.query_params.get("page", "")
    return min(int(asked), LAST_PAGE) if asked.isdecimal() and len(asked) <= 10 else FIRST_PAGE


def chosen(request: Request, name: str, choices: type[Choice]) -> Choice | None:
    """A filter out of a fixed set; anything else in the address is no filter."""
    asked = request.query_params.get(name, "")
    return next((choice for choice in choices if choice.value == asked), None)


def linked(request: Request, part: Part[Row]) -> Part[Row]:
    """Its links to the other pages keep the filters of this one."""
    return replace(part, query=tuple(request.query_params.multi_items()))


def sort_links(request: Request, names: tuple[str, ...], current: str) -> dict[str, tuple[str, Any]]:
    """For each column its address, turning round the one that is sorted by, and how it is sorted now."""
    links: dict[str, tuple[str, Any]] = {}
    for name in names:
        is_up, is_down = current == name, current == f"-{name}"
        order = "ascending" if is_up else "descending" if is_down else None
        asked = request.url.include_query_params(sort=f"-{name}" if is_up else name, page=1)
        links[name] = (f"?{asked.query}", order)
    return links
