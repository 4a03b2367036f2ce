"""Forms: what is typed is checked once, kept, and refused beside its field; nothing is half-saved."""

from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlmodel import Session, select
from starlette.responses import PlainTextResponse, Response

from service.accounts.models import Account
from service.app import create_app
from service.core.errors import Conflict, Invalid
from service.core.i18n import Message, _, speaking
from service.web.forms import MESSAGES, NOT_RIGHT, Form, form_of
from service.web.page import PageDep
from tests.conftest import Browser, settings_in
from tests.factories import make_account


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class CakeInput(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2, max_length=10)
    layers: int = Field(1, ge=1, le=5)
    weight: float | None = Field(None, gt=0)
    size: Size | None = None
    glaze: Literal["yes", "no"] | None = None
    has_cream: bool | None = None
    baked_on: date | None = None
    served_at: time | None = None
    baker: UUID | None = None
    fruits: list[str] = Field(default_factory=list, min_length=0, max_length=3)

    @field_validator("name")
    @classmethod
    def no_poison(cls, name: str) -> str:
        if name == "poison":
            raise ValueError(_("Fill in a name."))
        return name


def form(**values: str | list[str]) -> Form[CakeInput]:
    typed = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return Form(CakeInput, values=typed)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with speaking("en"):
        yield


def test_it_works() -> None:
    done: list[CakeInput] = []

    def bake(cake: CakeInput) -> str:
        done.append(cake)
        return "baked"

    filled = form(name="Taart", layers="3", size="large", fruits=["peer", "", "braam"], baked_on="2027-02-28")
    assert filled.submit(bake) == "baked"
    assert done == [
        CakeInput(
            name="Taart", layers=3, size=Size.LARGE, fruits=["peer", "braam"], baked_on=date(2027, 2, 28)
        )
    ]
    assert not filled.is_bad


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Fill this in."),
        ("name", "x", "Fill this in."),
        ("name", "x" * 11, "This is too long: at most 10 characters."),
        ("name", "poison", "Fill in a name."),
        ("layers", "two", "Fill in a whole number."),
        ("layers", "1.5", "Fill in a whole number."),
        ("layers", "0", "This must be 1 or more."),
        ("layers", "6", "This must be 5 or less."),
        ("weight", "much", "Fill in a number."),
        ("weight", "0", "This must be more than 0.0."),
        ("size", "huge", "Choose one of the answers."),
        ("glaze", "perhaps", "Choose one of the answers."),
        ("has_cream", "perhaps", "Choose yes or no."),
        ("baked_on", "2027-02-30", "Fill in a date that exists."),
        ("baked_on", "tomorrow", "Fill in a date that exists."),
        ("served_at", "late", "Fill in a time such as 09:30."),
        ("baker", "somebody", "Choose one of the answers."),
        ("fruits", ["a", "b", "c", "d"], "Choose at most 3."),
        ("is_admin", "yes", "This is not a question of this form."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, typed: str | list[str], said: str) -> None:
    filled = form(**{"name": "Taart", field: typed})
    assert filled.submit(lambda cake: cake) is None
    assert {name: str(message) for name, message in filled.errors.items()} == {field: said}
    assert filled.error(field) == said
    assert filled.values_of(field) == (typed if isinstance(typed, list) else [typed])


class OrderInput(BaseModel):
    """What has to be chosen and what has to be typed, next to what may stay open."""

    size: Size
    glaze: Literal["yes", "no"]
    shape: Size | Literal["odd"]
    baker: UUID
    name: str
    second_size: Size | None = None


def test_a_choice_left_open_asks_to_choose_and_a_text_left_open_to_fill_in() -> None:
    order: Form[OrderInput] = Form(OrderInput, values={"size": [""], "second_size": [""]})

    assert order.submit(lambda new: new) is None
    assert {name: str(message) for name, message in order.errors.items()} == {
        "size": "Choose one of the answers.",
        "glaze": "Choose one of the answers.",
        "shape": "Choose one of the answers.",
        "baker": "Choose one of the answers.",
        "name": "Fill this in.",
    }


def test_a_choice_that_the_use_case_refuses_keeps_the_sentence_of_the_use_case() -> None:
    def refuse(_order: OrderInput) -> str:
        raise Invalid({"size": MESSAGES["missing"]})

    chosen = {"size": "small", "glaze": "no", "shape": "odd", "baker": str(uuid4()), "name": "Taart"}
    order: Form[OrderInput] = Form(OrderInput, values={name: [value] for name, value in chosen.items()})
    assert order.submit(refuse) is None
    assert order.errors == {"size": MESSAGES["missing"]}


def test_every_error_at_once_and_the_first_of_each_field() -> None:
    filled = form(layers="x", baked_on="y")
    assert filled.submit(lambda cake: cake) is None
    assert set(filled.errors) == {"name", "layers", "baked_on"}


def test_an_unknown_kind_of_error_still_gets_a_sentence() -> None:
    class Odd(BaseModel):
        place: Annotated[str, Field(pattern="^[1-9]")]

    odd: Form[Odd] = Form(Odd, values={"place": ["x"]})
    assert odd.submit(lambda new: new) is None
    assert odd.errors == {"place": NOT_RIGHT}


def test_sentences_are_in_the_language_of_the_reader() -> None:
    filled = form(name="x" * 11)
    filled.submit(lambda cake: cake)
    with speaking("nl"):
        assert filled.error("name") == "Dit is te lang. Er passen 10 tekens."


def test_every_sentence_can_be_filled_in() -> None:
    facts = {"max_length": 1, "min_length": 1, "ge": 1, "gt": 1, "le": 1}
    for message in MESSAGES.values():
        assert str(Message(message.source, **facts))


def test_a_refusal_of_the_use_case_stands_beside_its_field() -> None:
    def refuse(_cake: CakeInput) -> str:
        raise Invalid(
            {"name": _("Fill in a name."), "": _("Somebody else was first. Look at the page again.")}
        )

    filled = form(name="Taart")
    assert filled.submit(refuse) is None
    assert set(filled.errors) == {"name", ""}


def test_other_problems_are_not_caught() -> None:
    def refuse(_cake: CakeInput) -> str:
        raise Conflict

    with pytest.raises(Conflict):
        form(name="Taart").submit(refuse)


def test_filling_shows_what_is_known() -> None:
    filled = form().fill(
        {
            "name": "Taart",
            "layers": 2,
            "has_cream": False,
            "fruits": ["peer"],
            "baker": None,
            "size": Size.LARGE,
        }
    )
    assert filled.value("name") == "Taart"
    assert filled.value("layers") == "2"
    assert filled.value("has_cream") == "no"
    assert filled.values_of("fruits") == ["peer"]
    assert filled.value("baker") == ""
    assert filled.value("size") == "large"


router = APIRouter()
CakeForm = Annotated[Form[CakeInput], form_of(CakeInput)]


@router.post("/cakes", response_model=None)
def bake(form: CakeForm) -> dict[str, object]:
    return {"values": form.values, "files": {name: file.filename for name, file in form.files.items()}}


@router.get("/cakes", response_model=None)
def show(form: CakeForm) -> dict[str, object]:
    return {"values": form.values}


@router.post("/cakes/spoiled", response_model=None)
def spoil(page: PageDep, form: CakeForm) -> Response:
    """Writes, and only then finds a fault."""

    def write_and_refuse(_cake: CakeInput) -> str:
        make_account(page.session, email="half@example.nl")
        raise Invalid({"name": _("Fill in a name.")})

    assert form.submit(write_and_refuse) is None
    return PlainTextResponse(form.error("name"), status_code=422)


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """With a form on its own, as a browser posts it."""
    app = create_app(settings_in(tmp_path_factory.mktemp("app")))
    app.include_router(router)
    return app


def test_a_posted_form_is_read(client: Browser) -> None:
    sent = client.post("/cakes", data={"name": "  Taart ", "fruits": ["peer", "braam"]})
    assert sent.json()["values"] == {"name": ["Taart"], "fruits": ["peer", "braam"]}
    assert client.get("/cakes?name=Taart").json()["values"] == {}


def test_a_posted_file_is_read(client: Browser) -> None:
    sent = client.post("/cakes", data={"name": "Taart"}, files={"recipe": ("../recept.txt", b"ei")})
    assert set(sent.json()["files"]) == {"recipe"}
    assert sent.json()["values"] == {"name": ["Taart"]}


def test_nothing_is_half_saved(client: Browser, session: Session) -> None:
    """What a use case wrote before it found a fault is undone."""
    answered = client.post("/cakes/spoiled", data={"name": "Taart"})
    assert (answered.status_code, answered.text) == (422, "Fill in a name.")
    assert session.exec(select(Account).where(Account.email == "half@example.nl")).first() is None
