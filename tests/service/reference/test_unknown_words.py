"""Words that nobody knows are counted without a person, shown when frequent, and said what they mean."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.core import clock
from service.core.db import make_engine
from service.core.i18n import speaking
from service.core.jobs import Begin
from service.core.settings import Settings
from service.reference.actions import count_unknown_words, load_reference
from service.reference.jobs import forget_step
from service.reference.models import UnknownWord
from service.reference.words import words_to_count
from tests.conftest import Browser
from tests.world import World


def keep(session: Session, word: str, days: int = 5, days_ago: int = 0) -> UnknownWord:
    day = clock.today() - timedelta(days=days_ago)
    row = UnknownWord(word=word, language="nl", days=days, first_on=day, last_on=day)
    session.add(row)
    session.commit()
    return row


def kept(session: Session) -> dict[str, int]:
    return {row.word: row.days for row in session.exec(select(UnknownWord))}


def test_it_works(session: Session, world: World, client: Browser) -> None:
    with speaking("nl"):
        for day in range(5):
            with time_machine.travel(clock.now() - timedelta(days=5 - day)):
                count_unknown_words(session, "ik wil blorpen", ["blorpen"])
    session.commit()
    client.acting_as(world.everybody["admin"])

    assert "blorpen" in client.get("/unknown-words").text
    word = session.exec(select(UnknownWord)).one()
    assert (word.word, word.days, word.language) == ("blorpen", 5, "nl")
    answer = client.post(f"/unknown-words/{word.id}", data={"words": "lasser"})

    assert answer.status_code == 303
    session.refresh(word)
    assert word.meant == "welder"
    listed = client.get("/unknown-words/list.csv").content.decode("utf-8-sig").splitlines()
    assert listed[0] == "word;language;days;first_on;last_on;code;label"
    assert listed[1].startswith("blorpen;nl;5;")
    assert ";welder;" in listed[1]


@pytest.mark.parametrize(
    ("text", "unknown", "counted"),
    [
        ("blorpen", ["blorpen"], {"blorpen"}),
        ("ik wil blorpen en snorken", ["blorpen", "snorken"], {"blorpen", "snorken"}),
        ("samen met Fatima blorpen", ["fatima blorpen"], {"blorpen"}),
        ("Blorpen", ["blorpen"], {"blorpen"}),
        ("leuk. Blorpen dus", ["blorpen"], {"blorpen"}),
        ("BLORPEN", ["blorpen"], {"blorpen"}),
        ("iets met José", ["jose"], set()),
        ("r2d2 en 12345", ["r2d2", "12345"], set()),
        ("ab", ["ab"], set()),
        ("x" * 31, ["x" * 31], set()),
    ],
)
def test_only_words_are_counted(text: str, unknown: list[str], counted: set[str]) -> None:
    assert words_to_count(text, unknown) == counted


def test_names_that_are_known_are_not_counted(session: Session) -> None:
    count_unknown_words(session, "fatima en josé blorpen", ["fatima", "jose", "blorpen"], ["Fatima", "José"])

    assert kept(session) == {"blorpen": 1}


def test_one_text_counts_a_word_once_and_few_words(session: Session) -> None:
    letters = [f"zzq{letter}" for letter in "abcdefghijklmnop"]
    count_unknown_words(session, " ".join(letters), [" ".join(letters), letters[0]])

    assert len(kept(session)) == 10
    assert set(kept(session).values()) == {1}


def test_a_day_counts_a_word_once(session: Session) -> None:
    for _ in range(6):
        count_unknown_words(session, "blorpen", ["blorpen"])

    assert kept(session) == {"blorpen": 1}


def test_languages_are_counted_apart(session: Session) -> None:
    for language in ("nl", "en", "en"):
        with speaking(language):
            count_unknown_words(session, "blorpen", ["blorpen"])

    rows = session.exec(select(UnknownWord)).all()
    assert {row.language: row.days for row in rows} == {"nl": 1, "en": 1}


def test_a_rare_word_is_not_shown(session: Session, world: World, client: Browser) -> None:
    row = keep(session, "zelden", days=4)
    client.acting_as(world.everybody["admin"])

    assert "zelden" not in client.get("/unknown-words").text
    assert "zelden" not in client.get("/unknown-words/list.csv").text
    assert client.get(f"/unknown-words/{row.id}").status_code == 404
    assert client.post(f"/unknown-words/{row.id}", data={"words": "lasser"}).status_code == 404


def test_what_nobody_looked_at_comes_first(session: Session, world: World, client: Browser) -> None:
    keep(session, "vaker", days=50).meant = "welder"
    keep(session, "minder", days=6)
    text = client.acting_as(world.everybody["admin"]).get("/unknown-words").text

    assert text.index("minder") < text.index("vaker")


@pytest.mark.parametrize("words", ["zqxwv", "lasser, kok", "geen kok", "timmerfrou"])
def test_a_meaning_is_one_known_word(session: Session, world: World, client: Browser, words: str) -> None:
    row = keep(session, "blorpen")
    answer = client.acting_as(world.everybody["admin"]).post(
        f"/unknown-words/{row.id}", data={"words": words}
    )

    assert answer.status_code == 422
    assert "Choose one word from the list" in answer.text
    session.refresh(row)
    assert row.meant is None


def test_a_meaning_is_taken_back(session: Session, world: World, client: Browser) -> None:
    row = keep(session, "blorpen")
    client.acting_as(world.everybody["admin"])
    client.post(f"/unknown-words/{row.id}", data={"words": "kok"})
    client.post(f"/unknown-words/{row.id}", data={"words": ""})

    session.refresh(row)
    assert row.meant is None


def test_a_word_that_says_nothing_is_taken_away(session: Session, world: World, client: Browser) -> None:
    row = keep(session, "blorpen")

    assert client.acting_as(world.everybody["admin"]).post(f"/unknown-words/{row.id}/drop").status_code == 303
    assert kept(session) == {}


def test_words_are_forgotten(session: Session, begin: Begin) -> None:
    keep(session, "zelden", days=4, days_ago=91)
    keep(session, "zeldennu", days=4, days_ago=89)
    keep(session, "vaak", days_ago=364)
    keep(session, "ooit", days_ago=366)

    assert forget_step(begin) is True
    assert forget_step(begin) is False
    assert set(kept(session)) == {"zeldennu", "vaak"}


def test_a_word_that_the_files_know_by_now_goes(session: Session) -> None:
    keep(session, "blorpen")
    keep(session, "timmerman")
    load_reference(session)

    assert set(kept(session)) == {"blorpen"}


def test_an_empty_list_says_so(world: World, client: Browser) -> None:
    assert "No words here" in client.acting_as(world.everybody["admin"]).get("/unknown-words").text


@pytest.mark.parametrize("who", ["coordinator", "teacher", "mentor", "baker"])
def test_nobody_else_sees_them(session: Session, world: World, client: Browser, who: str) -> None:
    row = keep(session, "blorpen")
    client.acting_as(world.everybody[who])

    for path in ("/unknown-words", "/unknown-words/list.csv", f"/unknown-words/{row.id}"):
        assert client.get(path).status_code == 404
    assert client.post(f"/unknown-words/{row.id}/drop").status_code == 404


def test_two_who_type_a_new_word_at_once_lose_nothing(own_database: str, settings: Settings) -> None:
    begin = Begin(make_engine(own_database), settings)
    ready = threading.Barrier(4)
    errors: list[BaseException] = []

    def type_it() -> None:
        ready.wait()
        try:
            with begin() as session:
                count_unknown_words(session, "blorpen kwibbel", ["blorpen kwibbel"])
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=type_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with begin() as session:
        assert kept(session) == {"blorpen": 1, "kwibbel": 1}
    assert errors == []
    begin.engine.dispose()
