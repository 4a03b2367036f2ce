"""Typed text is tidied before it is measured and kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from service.core.text import Line, Paragraphs


class Typed(BaseModel):
    name: Line = Field(min_length=1, max_length=10)
    text: Paragraphs = Field("", max_length=20)


def test_it_works() -> None:
    typed = Typed(name="  De   Zon\n", text="Een\r\n\r\ntwee  \n\n")
    assert (typed.name, typed.text) == ("De Zon", "Een\n\ntwee")


@pytest.mark.parametrize("hidden", ["\0", "\x1b", "\u200b", "\u202e", "\ud800", "\ufeff"])
def test_what_nobody_sees_is_taken_out(hidden: str) -> None:
    typed = Typed(name=f"De{hidden} Zon", text=f"Een{hidden}\ntwee")
    assert (typed.name, typed.text) == ("De Zon", "Een\ntwee")


@pytest.mark.parametrize(
    ("name", "kind"), [("   ", "string_too_short"), ("\0", "string_too_short"), ("a" * 11, "string_too_long")]
)
def test_what_is_left_is_measured(name: str, kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Typed(name=name)
    assert [error["type"] for error in refused.value.errors()] == [kind]


def test_blanks_do_not_count() -> None:
    assert Typed(name="a" + " " * 50 + "b").name == "a b"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        Typed.model_validate({"name": 7, "text": ["x"]})


@given(st.text(alphabet=st.characters(), max_size=10))
def test_any_text_can_be_stored(text: str) -> None:
    kept = Typed(name="x", text=text).text
    assert "\0" not in kept
    assert kept.encode() is not None
