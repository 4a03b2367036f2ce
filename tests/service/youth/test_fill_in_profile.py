"""A youth fills in the own profile: each step saves, nothing is required, and nothing is guessed."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.core import clock
from service.core.actor import Actor
from service.reference.models import UnknownWord
from service.youth.models import Youth, YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

STEPS = ("wishes", "words", "meant", "order", "talents", "place", "travel", "days", "check")


@pytest.fixture
def sam(session: Session, world: World) -> Youth:
    """Nothing filled in yet."""
    return make.make_youth(
        session,
        world.school_class,
        first_name="Sam",
        status=YouthStatus.INVITED,
        pc4=None,
        wishes=[],
        modes=[],
        profile_done_at=None,
    )


@pytest.fixture
def phone(client: Browser, sam: Youth) -> Browser:
    return client.acting_as(Actor(youth_id=sam.id, name="Sam"))


def goes_to(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_it_works(session: Session, sam: Youth, phone: Browser) -> None:
    assert "It takes 3 minutes" in phone.get("/profile").text
    assert "Step 1 of 7" in phone.get("/profile/wishes").text
    assert goes_to(phone.post("/profile/wishes", data={"wishes": ["ZORG", "HORECA"]})) == "/profile/words"
    assert goes_to(phone.post("/profile/words", data={"dream_job": "ik wil kok worden"})) == "/profile/meant"
    assert "This is what we read" in phone.get("/profile/meant").text
    session.refresh(sam)
    assert sam.wishes == ["ZORG", "HORECA"]
    assert goes_to(phone.post("/profile/meant", data={"tags": ["cook"]})) == "/profile/order"
    session.refresh(sam)
    assert sam.wishes == ["cook", "ZORG", "HORECA"]
    assert goes_to(phone.post("/profile/order/HORECA/up")) == "/profile/order"
    session.refresh(sam)
    assert sam.wishes == ["cook", "HORECA", "ZORG"]
    assert goes_to(phone.post("/profile/talents", data={"tags": ["gaming", "listening"]})) == "/profile/place"
    assert goes_to(phone.post("/profile/place", data={"pc4": "1068 ab"})) == "/profile/travel"
    assert (
        goes_to(phone.post("/profile/travel", data={"modes": ["bike"], "max_minutes": "30"}))
        == "/profile/days"
    )
    assert goes_to(phone.post("/profile/days", data={"weekdays": ["4", "1"]})) == "/profile/check"
    check = phone.get("/profile/check").text
    assert "ik wil kok worden" in check
    assert "1068" in check
    assert goes_to(phone.post("/profile/check")) == "/profile"
    session.refresh(sam)
    assert sam.status is YouthStatus.ACTIVE
    assert sam.is_done
    assert (sam.tags, sam.pc4, sam.modes, sam.max_minutes, sam.weekdays) == (
        ["gaming", "listening"],
        "1068",
        ["bike"],
        30,
        [1, 4],
    )
    assert "Your answers are ready" in phone.get("/profile").text


def test_nothing_is_required(session: Session, sam: Youth, phone: Browser) -> None:
    for step, on in (
        ("wishes", "words"),
        ("words", "talents"),
        ("talents", "place"),
        ("place", "travel"),
        ("travel", "days"),
        ("days", "check"),
    ):
        assert goes_to(phone.post(f"/profile/{step}", data={})) == f"/profile/{on}"
    assert goes_to(phone.post("/profile/check")) == "/profile"
    session.refresh(sam)
    assert sam.is_done
    assert "I do not know yet" in phone.get("/profile").text


@pytest.mark.parametrize("step", STEPS)
def test_each_step_shows_what_is_known(world: World, client: Browser, step: str) -> None:
    page = client.acting_as(world.noor_herself).get(f"/profile/{step}")
    assert page.status_code == 200
    if step == "wishes":
        assert page.text.count("checked") == 2


def test_the_first_wish_stays_first_when_tiles_are_chosen_again(
    session: Session, world: World, client: Browser
) -> None:
    world.noor.wishes = ["ZORG", "cook", "HORECA"]
    session.add(world.noor)
    client.acting_as(world.noor_herself).post("/profile/wishes", data={"wishes": ["BOUW", "ZORG"]})
    session.refresh(world.noor)
    assert world.noor.wishes == ["ZORG", "cook", "BOUW"]


def test_a_wish_is_taken_away(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.noor_herself).post("/profile/order/HORECA/drop")
    session.refresh(world.noor)
    assert world.noor.wishes == ["ZORG"]
    client.post("/profile/order/ZORG/up")
    client.post("/profile/order/nothing/up")
    session.refresh(world.noor)
    assert world.noor.wishes == ["ZORG"]


def test_nothing_is_guessed(session: Session, sam: Youth, phone: Browser) -> None:
    """A misspelt word becomes a question; without an answer it changes nothing."""
    phone.post("/profile/words", data={"dream_job": "timmerfrou"})
    page = phone.get("/profile/meant").text
    session.refresh(sam)
    assert sam.dream_job == "timmerfrou"
    assert sam.wishes == []
    assert 'value="carpenter"' in page
    phone.post("/profile/meant", data={"tags": ["carpenter"]})
    session.refresh(sam)
    assert sam.wishes == ["carpenter"]


def test_an_unknown_word_is_fine(session: Session, sam: Youth, phone: Browser) -> None:
    assert goes_to(phone.post("/profile/words", data={"dream_job": "xylqwrt"})) == "/profile/meant"
    assert "We do not know this word" in phone.get("/profile/meant").text
    assert goes_to(phone.post("/profile/meant", data={})) == "/profile/talents"


def test_other_words_take_the_old_meaning_away(session: Session, sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "kok"})
    phone.post("/profile/meant", data={"tags": ["cook"]})
    phone.post("/profile/words", data={"dream_job": "timmerman"})
    session.refresh(sam)
    assert sam.wishes == []


def test_only_what_was_read_can_be_meant(sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "kok"})
    assert phone.post("/profile/meant", data={"tags": ["carpenter"]}).status_code == 422


def test_own_talent_words_are_read_and_doubts_asked(session: Session, sam: Youth, phone: Browser) -> None:
    certain = phone.post("/profile/talents", data={"tags": ["gaming"], "own_words": "oppassen"})
    assert goes_to(certain) == "/profile/place"
    session.refresh(sam)
    assert sam.tags == ["gaming", "babysitting"]
    doubt = phone.post("/profile/talents", data={"tags": ["gaming"], "own_words": "zqxwv"})
    assert doubt.status_code == 200
    assert "We do not know this word" in doubt.text


@pytest.mark.parametrize(
    ("step", "values", "sentence"),
    [
        ("wishes", {"wishes": ["BOUW", "TECH", "ZORG", "ICT", "CREA", "VAK"]}, "Choose at most 5"),
        ("wishes", {"wishes": ["MAGIC"]}, "Choose from the list"),
        ("words", {"dream_job": "bel me op 06 12345678"}, "looks like a phone number"),
        ("words", {"dream_job": "noor@example.nl"}, "looks like an e-mail address"),
        ("words", {"dream_job": "x" * 201}, "too long"),
        ("talents", {"own_words": "mail sam@example.nl"}, "looks like an e-mail address"),
        ("talents", {"tags": ["flying"]}, "Choose from the list"),
        ("place", {"pc4": "0999"}, "four digits"),
        ("place", {"pc4": "10688"}, "four digits"),
        ("place", {"pc4": "1999"}, "does not exist"),
        ("travel", {"modes": ["rocket"]}, "Choose from the list"),
        ("travel", {"max_minutes": "1000"}, "180 or less"),
        ("days", {"weekdays": ["8"]}, "Choose from the list"),
        ("days", {"colour": "red"}, "not a question of this form"),
    ],
)
def test_bad_input_is_told_and_not_saved(
    session: Session, sam: Youth, phone: Browser, step: str, values: dict[str, Any], sentence: str
) -> None:
    answer = phone.post(f"/profile/{step}", data=values)
    assert answer.status_code == 422
    assert sentence in answer.text
    session.refresh(sam)
    assert sam.updated_at is None
    assert sam.status is YouthStatus.INVITED


@pytest.mark.parametrize("written", ["1068 ab", "NL-1068AB", "1068"])
def test_postcodes_as_people_write_them(session: Session, sam: Youth, phone: Browser, written: str) -> None:
    phone.post("/profile/place", data={"pc4": written})
    session.refresh(sam)
    assert sam.pc4 == "1068"


def test_after_the_closing_day_only_looking(
    session: Session, world: World, sam: Youth, phone: Browser
) -> None:
    world.programme.wishes_close_on = clock.today()
    session.add(world.programme)
    assert phone.post("/profile/wishes", data={"wishes": ["ZORG"]}).status_code == 303
    world.programme.wishes_close_on = clock.today() - timedelta(days=1)
    session.add(world.programme)
    session.commit()
    answer = phone.post("/profile/wishes", data={"wishes": ["BOUW"]})
    assert answer.status_code == 409
    assert "can no longer change your answers" in phone.get("/profile").text
    session.refresh(sam)
    assert sam.wishes == ["ZORG"]
    assert world.programme.wishes_close_on < date.max


@pytest.mark.parametrize("who", ["admin", "coordinator", "teacher", "mentor", "baker"])
def test_nobody_else_has_a_profile(world: World, client: Browser, who: str) -> None:
    client.acting_as(world.everybody[who])
    assert client.get("/profile").status_code == 404
    for step in STEPS:
        assert client.get(f"/profile/{step}").status_code == 404
        if step != "order":
            assert client.post(f"/profile/{step}", data={}).status_code == 404
    assert client.post("/profile/order/ZORG/up").status_code == 404


def test_guests_are_asked_to_sign_in(client: Browser) -> None:
    assert client.as_guest().get("/profile/wishes").status_code == 303


def test_a_youth_changes_only_himself(session: Session, world: World, client: Browser) -> None:
    client.acting_as(world.noor_herself).post("/profile/wishes", data={"wishes": ["VAK"]})
    session.refresh(world.yassin)
    assert world.yassin.wishes == ["MOB", "TECH"]


def test_a_dislike_is_no_wish_and_is_shown(session: Session, sam: Youth, phone: Browser) -> None:
    phone.post("/profile/wishes", data={"wishes": ["ZORG"]})
    phone.post("/profile/words", data={"dream_job": "ik wil kok worden, maar geen ober"})
    page = phone.get("/profile/meant").text
    assert 'name="dislikes" value="waiter" checked' in page
    assert 'name="tags" value="waiter"' not in page
    phone.post("/profile/meant", data={"tags": ["cook"], "dislikes": ["waiter"]})
    session.refresh(sam)
    assert (sam.wishes, sam.dislikes) == (["cook", "ZORG"], ["waiter"])
    assert "Rather not" in phone.get("/profile/check").text


def test_a_dislike_takes_the_word_out_of_the_wishes(session: Session, sam: Youth, phone: Browser) -> None:
    sam.wishes = ["waiter", "ZORG"]
    sam.tags = ["singing"]
    session.add(sam)
    phone.post("/profile/words", data={"dream_job": "geen ober. ik wil niet zingen"})
    phone.post("/profile/meant", data={"dislikes": ["waiter", "singing"]})
    session.refresh(sam)
    assert (sam.wishes, sam.tags, sam.dislikes) == (["ZORG"], [], ["waiter", "singing"])


def test_a_dislike_that_was_misread_is_unticked(session: Session, sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "geen ober"})
    phone.post("/profile/meant", data={})
    session.refresh(sam)
    assert sam.dislikes == []


def test_an_unclear_dislike_is_asked(session: Session, sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "geen buitenlands kantoor"})
    page = phone.get("/profile/meant").text
    assert "would you rather not do this?" in page
    assert 'name="dislikes" value="office_worker">' in page
    phone.post("/profile/meant", data={"dislikes": ["office_worker"]})
    session.refresh(sam)
    assert (sam.wishes, sam.dislikes) == ([], ["office_worker"])


def test_only_what_was_denied_can_be_disliked(sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "kok"})
    assert phone.post("/profile/meant", data={"dislikes": ["cook"]}).status_code == 422


def test_other_words_take_the_old_dislike_away(session: Session, sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "geen ober"})
    phone.post("/profile/meant", data={"dislikes": ["waiter"]})
    phone.post("/profile/words", data={"dream_job": "kok"})
    session.refresh(sam)
    assert sam.dislikes == []


def test_what_somebody_cannot_is_no_talent(session: Session, sam: Youth, phone: Browser) -> None:
    answer = phone.post("/profile/talents", data={"tags": ["gaming"], "own_words": "niet zingen"})
    assert goes_to(answer) == "/profile/place"
    session.refresh(sam)
    assert sam.tags == ["gaming"]


def test_unknown_words_are_counted_and_names_are_not(session: Session, sam: Youth, phone: Browser) -> None:
    phone.post("/profile/words", data={"dream_job": "blorpen samen met noor"})
    phone.post("/profile/words", data={"dream_job": "blorpen samen met noor"})
    phone.post("/profile/talents", data={"own_words": "kwibbel"})
    rows = session.exec(select(UnknownWord)).all()
    assert sam.first_name == "Sam"
    assert {row.word: row.days for row in rows} == {"blorpen": 1, "kwibbel": 1}


def test_school_sees_what_a_youth_would_rather_not(session: Session, world: World, client: Browser) -> None:
    world.noor.dislikes = ["office_worker"]
    session.add(world.noor)
    page = client.acting_as(world.everybody["teacher"]).get(f"/youths/{world.noor.id}").text
    assert "Rather not" in page
