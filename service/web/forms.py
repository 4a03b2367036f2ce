"""HTML forms: typed values are kept, errors stand beside their fields, one call does the work."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import UnionType
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.requests import Request

from service.core.errors import Invalid
from service.core.i18n import Message, _
from service.web.page import SessionDep

Input = TypeVar("Input", bound=BaseModel)
Result = TypeVar("Result")

MESSAGES: Mapping[str, Message] = {
    "missing": _("Fill this in."),
    "string_too_short": _("Fill this in."),
    "string_too_long": _("This is too long: at most %(max_length)s characters."),
    "int_parsing": _("Fill in a whole number."),
    "int_from_float": _("Fill in a whole number."),
    "float_parsing": _("Fill in a number."),
    "greater_than_equal": _("This must be %(ge)s or more."),
    "greater_than": _("This must be more than %(gt)s."),
    "less_than_equal": _("This must be %(le)s or less."),
    "date_from_datetime_parsing": _("Fill in a date that exists."),
    "date_parsing": _("Fill in a date that exists."),
    "time_parsing": _("Fill in a time such as 09:30."),
    "enum": _("Choose one of the answers."),
    "literal_error": _("Choose one of the answers."),
    "bool_parsing": _("Choose yes or no."),
    "extra_forbidden": _("This is not a question of this form."),
    "too_long": _("Choose at most %(max_length)s."),
    "too_short": _("Choose at least %(min_length)s."),
    "uuid_parsing": _("Choose one of the answers."),
}
NOT_RIGHT = _("This is not right. Look at the example and try again.")


def wording(error: ErrorDetails) -> Message:
    """The sentence for one thing pydantic found; a schema may raise its own Message inside ValueError."""
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, ValueError) and cause.args and isinstance(cause.args[0], Message):
        return cause.args[0]
    kind = error["type"]
    if kind in {"too_long", "too_short"} and isinstance(error["input"], str):
        # Text that is tidied first is measured as if it were a list.
        kind = f"string_{kind}"
    known = MESSAGES.get(kind)
    if known is None:
        return NOT_RIGHT
    return Message(known.source, **{name: value for name, value in context.items() if name != "error"})


def errors_by_field(error: ValidationError) -> dict[str, Message]:
    """The first error of each field; what concerns no field stands under ""."""
    found: dict[str, Message] = {}
    for detail in error.errors():
        found.setdefault(str(detail["loc"][0]) if detail["loc"] else "", wording(detail))
    return found


@dataclass
class Form(Generic[Input]):
    """What was typed into a form, and what is wrong with it."""

    schema: type[Input]
    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, UploadFile] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)
    session: Session | None = None

    @property
    def is_bad(self) -> bool:
        return bool(self.errors)

    def value(self, name: str) -> str:
        return (self.values.get(name) or [""])[0]

    def values_of(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def error(self, name: str) -> str | None:
        return str(self.errors[name]) if name in self.errors else None

    def fill(self, values: Mapping[str, Any]) -> "Form[Input]":
        """Shows what is known already, such as the values of the row that is edited."""
        for name, value in values.items():
            self.values[name] = [str(item) for item in _as_list(value)]
        return self

    def submit(self, use_case: Callable[[Input], Result]) -> Result | None:
        """Checks and does it; None when something is wrong, and then nothing has been written."""
        try:
            checked = self.schema.model_validate(self._plain())
        except ValidationError as error:
            self.errors = errors_by_field(error)
            self._name_choices_left_open()
            return None
        try:
            return use_case(checked)
        except Invalid as error:
            self.errors = dict(error.by_field)
            if self.session is not None:
                self.session.rollback()
            return None

    def _name_choices_left_open(self) -> None:
        """Where there is something to choose, «fill this in» does not say what to do."""
        for name, message in self.errors.items():
            known = self.schema.model_fields.get(name)
            if message == MESSAGES["missing"] and known is not None and _is_choice(known.annotation):
                self.errors[name] = MESSAGES["enum"]

    def _plain(self) -> dict[str, object]:
        """Single values for single fields; an empty field is an absent one."""
        plain: dict[str, object] = {}
        for name, values in self.values.items():
            model_field = self.schema.model_fields.get(name)
            if model_field is not None and _holds_many(model_field.annotation):
                plain[name] = [value for value in values if value]
            elif values and values[-1] != "":
                plain[name] = values[-1]
        return plain


def _as_list(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    return [value]


def _holds_many(annotation: Any) -> bool:
    origins = {get_origin(annotation) or annotation}
    origins |= {get_origin(part) or part for part in get_args(annotation)}
    return bool(origins & {list, set, frozenset, tuple})


def _is_choice(annotation: Any) -> bool:
    """One of a fixed list, or of rows: nobody types an id. In a union one such part is enough."""
    if get_origin(annotation) is Literal:
        return True
    if get_origin(annotation) in {Union, UnionType}:
        return any(_is_choice(part) for part in get_args(annotation))
    return isinstance(annotation, type) and issubclass(annotation, Enum | UUID)


def form_of(schema: type[Input]) -> Any:
    """A dependency: `OfferForm = Annotated[Form[OfferInput], form_of(OfferInput)]`."""

    async def read(request: Request, session: SessionDep) -> AsyncIterator[Form[Input]]:
        form: Form[Input] = Form(schema, session=session)
        if request.method == "POST":
            for name, value in (await request.form()).multi_items():
                if isinstance(value, UploadFile):
                    form.files[name] = value
                else:
                    form.values.setdefault(name, []).append(value.strip())
        try:
            yield form
        finally:
            # Uploads lie in temporary files until they are closed.
            await request.close()

    # Of the same span as the session, which it needs to undo what a refused use case had begun.
    return Depends(read, scope="function")
