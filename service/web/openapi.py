"""What the description of the API says of errors and of signing in, so that a program can be made from it."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from service.web.problems import PROBLEM_JSON

REFERENCE = {"$ref": "#/components/schemas/Problem"}
DOCUMENTED = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


class FieldProblem(BaseModel):
    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457, in the reader's language."""

    type: str = Field(description="A stable code, such as «urn:podium:problem:offer_is_full».")
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = Field(
        default=None, description="Per field, when what was sent is not right."
    )


PROBLEMS: Mapping[int | str, dict[str, Any]] = {
    status.value: {"description": status.phrase, "content": {PROBLEM_JSON: {"schema": REFERENCE}}}
    for status in DOCUMENTED
}
"""What every route may answer instead; given to `include_router`."""


def describe(app: FastAPI) -> None:
    """Adds what the routes themselves do not say: the shape of a problem, and the personal token."""
    known: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = known()
            shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts = description.setdefault("components", {})
            parts.setdefault("schemas", {}).update(shape.pop("$defs") | {"Problem": shape})
            parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            description["security"] = [{"token": []}]
        return known()

    app.openapi = openapi  # type: ignore[method-assign]
