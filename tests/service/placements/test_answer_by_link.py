"""One click in a mail answers one question: signed, for one thing, once; looking at it changes nothing."""

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlmodel import Session, select

from service.calendars.models import FreePeriod
from service.core import clock
from service.core.jobs import Begin
from service.core.settings import Settings
from service.mail.models import Mail, Stream
from service.mail.rendering import render
from service.matchmaking.models import Suggestion
from service.organisations.models import ContactPerson, OrganisationStatus
from service.placements import actions, following, links
from service.placements.jobs import ask_questions, expire_silence
from service.placements.models import (
    AnswerCode,
    ContactNote,
    DeclineCode,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.questions import ask
from service.placements.readers import address_of
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
LINK = re.compile(r"https://podium\.example(/answer/\S+)")


def mails_of(session: Session, template: str) -> list[Mail]:
    found = select(Mail).where(Mail.template == f"placements/mails/{template}")
    return list(session.exec(found.order_by(Mail.created_at)))  # type: ignore[arg-type]


def run_out(begin: Begin) -> None:
    while ask_questions(begin):
        pass


@pytest.fixture
def accepted(session: Session, world: World, place: Place) -> Placement:
    """Noor said yes, and now the baker is asked."""
    placement = place(due_at=clock.now() + timedelta(days=15))
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    return placement


def link_of(session: Session, settings: Settings, placement: Placement) -> str:
    question = session.exec(
        select(Question).where(Question.placement_id == placement.id).order_by(Question.created_at.desc())  # type: ignore[attr-defined]
    ).first()
    assert question is not None
    return links.path_of(settings.secret_key.get_secret_value(), question, address_of(session, question))


def test_it_works(
    session: Session, world: World, client: Browser, begin: Begin, settings: Settings, accepted: Placement
) -> None:
    run_out(begin)
    mail = mails_of(session, "host_question")[0]
    contact = session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == world.bakery.id)
    ).one()
    assert (mail.recipient, mail.stream) == (contact.email, Stream.QUESTION)
    message = render(mail, settings)
    assert "Noor" not in message.as_string()
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    # Why you, and what yes means: three lines each.
    assert [line[:2] for line in text.splitlines() if line.startswith("- ")] == ["- "] * 6
    found = LINK.search(text)
    assert found is not None
    path = found[1]

    shown = client.as_guest().get(path, headers={"accept-language": "en"})
    assert shown.status_code == 200
    for text in (
        "May this youth come?",
        "Noor",
        "14-15",
        "Sloterwaard College",
        "Why you?",
        "What does yes mean",
    ):
        assert text in shown.text
    for text in ("82.5", "3B", world.noor.external_id):
        assert text not in shown.text
    session.refresh(accepted)
    assert accepted.status is PlacementStatus.ACCEPTED

    answer = client.post(f"{path}/yes", data={"company_supervisor": "Els de Bakker"})

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    session.refresh(accepted)
    assert (accepted.status, accepted.company_supervisor) == (PlacementStatus.CONFIRMED, "Els de Bakker")
    said = client.get(path).text
    school = session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == world.school.id)
    ).first()
    assert school is not None
    for text in ("You said yes", world.bakery_offer.title, "Put it into my calendar", school.phone):
        assert text in said


def test_a_second_click_changes_nothing(
    session: Session, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    client.as_guest().post(f"{path}/no", data={"decline_code": "too_busy"})

    replayed = client.post(f"{path}/yes", data={})

    assert (replayed.status_code, replayed.headers["location"]) == (303, path)
    session.refresh(accepted)
    assert (accepted.status, accepted.decline_code) == (
        PlacementStatus.DECLINED_BY_HOST,
        DeclineCode.TOO_BUSY,
    )
    assert "not this time" in client.get(path).text


@pytest.mark.parametrize("wrong", ["nonsense", "{token}x", "x{token}", "{other_kind}"])
def test_a_link_that_is_not_good_says_so(
    session: Session, client: Browser, settings: Settings, accepted: Placement, wrong: str
) -> None:
    """Forged, cut off, or of another sort: a token for the host is none for the youth."""
    token = link_of(session, settings, accepted).rpartition("/")[2]
    kind = "youth" if wrong == "{other_kind}" else "host"
    path = f"/answer/{kind}/{wrong.format(token=token, other_kind=token)}"
    client.as_guest()

    assert client.get(path).status_code == 404
    assert "This link does not work" in client.get(path).text
    assert client.post(f"{path}/yes").status_code == 404
    session.refresh(accepted)
    assert accepted.status is PlacementStatus.ACCEPTED


def test_another_installation_signs_otherwise(session: Session, client: Browser, accepted: Placement) -> None:
    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    path = links.path_of("another secret of another installation", question)

    assert client.as_guest().get(path).status_code == 404


def test_a_link_has_an_end(
    session: Session, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)

    with time_machine.travel(clock.now() + timedelta(days=121), tick=False):
        assert client.as_guest().get(path).status_code == 404


def test_a_link_of_the_turn_before_does_nothing(
    session: Session, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    question.turn += 1
    session.add(question)
    session.commit()

    assert client.as_guest().post(f"{path}/yes").status_code == 404
    session.refresh(accepted)
    assert accepted.status is PlacementStatus.ACCEPTED


def test_other_days_go_by_the_school_to_the_youth(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    week = {"starts_on": "2027-03-01", "ends_on": "2027-03-05"}
    client.as_guest()
    assert client.post(f"{path}/other-days", data=week | {"ends_on": "2027-02-01"}).status_code == 422
    assert (
        client.post(
            f"{path}/other-days", data={"starts_on": "2020-01-06", "ends_on": "2020-01-07"}
        ).status_code
        == 422
    )

    client.post(f"{path}/other-days", data=week)

    session.refresh(accepted)
    assert (accepted.status, accepted.other_starts_on) == (PlacementStatus.ACCEPTED, date(2027, 3, 1))
    assert "You proposed other days" in client.get(path).text
    client.acting_as(world.teacher)
    shown = client.get(f"/placements/{accepted.id}").text
    assert "The host proposes other days" in shown
    client.post(f"/placements/{accepted.id}/other-days/accept")
    session.refresh(accepted)
    assert (accepted.status, accepted.starts_on) == (PlacementStatus.OFFERED, date(2027, 3, 1))
    assert accepted.other_starts_on is None
    actions.accept_placement(session, world.noor_herself, accepted.id)
    session.commit()
    run_out(begin)
    assert len(mails_of(session, "host_question")) == 1


def test_days_that_are_not_possible_are_asked_as_they_were(
    session: Session, world: World, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    client.as_guest().post(f"{path}/other-days", data={"starts_on": "2027-03-01", "ends_on": "2027-03-05"})

    following.refuse_other_days(session, world.coordinator, accepted.id)
    session.commit()

    session.refresh(accepted)
    assert (accepted.starts_on, accepted.other_starts_on) == (date(2027, 2, 8), None)
    again = link_of(session, settings, accepted)
    assert again != path
    assert "May this youth come?" in client.get(again).text


def test_never_again_says_no_to_all_and_takes_a_break(
    session: Session, world: World, client: Browser, settings: Settings, place: Place, accepted: Placement
) -> None:
    waiting, settled = (
        place(youth=world.yassin),
        place(PlacementStatus.CONFIRMED, youth=make.make_youth(session, world.school_class)),
    )
    path = link_of(session, settings, accepted)
    client.as_guest().post(f"{path}/never")

    for row in (accepted, waiting, settled, world.bakery, world.bakery_offer):
        session.refresh(row)
    assert {accepted.status, waiting.status} == {PlacementStatus.DECLINED_BY_HOST}
    assert accepted.decline_code is DeclineCode.OFFER_NO_LONGER_HOLDS
    assert settled.status is PlacementStatus.CONFIRMED
    assert world.bakery.status is OrganisationStatus.PAUSED
    assert world.bakery_offer.positions_taken == 1
    assert "We do not ask you any more" in client.get(path).text
    assert session.exec(select(ContactNote)).one().organisation_id == world.bakery.id


@time_machine.travel(FRIDAY, tick=False)
def test_reminders_come_after_three_and_seven_working_days_and_no_more(
    session: Session, world: World, begin: Begin, place: Place
) -> None:
    placement = place(due_at=clock.now() + timedelta(days=15))
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    seen = []
    for day in range(16):
        with time_machine.travel(FRIDAY + timedelta(days=day), tick=False):
            run_out(begin)
            seen.append(len(mails_of(session, "host_question")))

    # Friday 20 November; Wednesday the 25th; Tuesday 1 December.
    assert [seen.index(number) for number in (1, 2, 3)] == [0, 5, 11]
    assert seen[-1] == 3
    keys = [mail.key for mail in mails_of(session, "host_question")]
    assert len(set(keys)) == 3


@time_machine.travel(datetime(2026, 12, 22, 10, tzinfo=UTC), tick=False)
def test_nobody_is_reminded_at_christmas(session: Session, world: World, begin: Begin, place: Place) -> None:
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    run_out(begin)

    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    session.refresh(question)

    assert question.due_at is not None
    assert question.due_at.date() == date(2026, 12, 28)


def test_later_and_stop(
    session: Session, client: Browser, settings: Settings, begin: Begin, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    run_out(begin)
    client.as_guest()
    later = client.post(f"{path}/later")
    assert "three working days" in client.get(later.headers["location"]).text
    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    session.refresh(question)
    assert question.due_at is not None
    assert question.answered_at is None

    client.post(f"{path}/stop")

    session.expire(question)
    stopped = session.get_one(Question, question.id)
    assert (stopped.due_at, stopped.answered_at) == (None, None)
    assert client.post(f"{path}/yes").status_code == 303
    session.refresh(accepted)
    assert accepted.status is PlacementStatus.CONFIRMED


def test_silence_is_told_to_both_sides_once(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    run_out(begin)
    assert accepted.due_at is not None
    with time_machine.travel(accepted.due_at, tick=False):
        assert expire_silence(begin)
        assert not expire_silence(begin)
        assert "The time to answer is over" in client.as_guest().get(path).text

    for template in ("silence_host", "silence_school"):
        mails = mails_of(session, template)
        assert len(mails) == 1
        assert "Noor" not in render(mails[0], settings).as_string()
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.positions_taken == 0


def test_who_was_never_asked_is_not_told(session: Session, begin: Begin, place: Place) -> None:
    place(due_at=clock.now() - timedelta(minutes=1))
    session.commit()

    assert expire_silence(begin)

    assert mails_of(session, "silence_host") == []
    assert len(mails_of(session, "silence_school")) == 1


def test_a_host_without_an_address_is_left_to_the_phone(
    session: Session, world: World, begin: Begin, place: Place
) -> None:
    contact = session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == world.bakery.id)
    ).one()
    contact.email = ""
    session.add(contact)
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()

    run_out(begin)

    assert mails_of(session, "host_question") == []
    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    assert (question.due_at, question.asked_at) == (None, None)


def test_what_was_settled_elsewhere_closes_the_link(
    session: Session, world: World, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    actions.withdraw_placement(session, world.teacher, accepted.id)
    session.commit()

    assert "not needed any more" in client.as_guest().get(path).text
    question = session.exec(select(Question).where(Question.kind == QuestionKind.HOST_ANSWER)).one()
    assert question.answer is AnswerCode.NOT_NEEDED


def test_a_link_of_the_youth(
    session: Session, world: World, client: Browser, settings: Settings, place: Place
) -> None:
    placement = place()
    ask(session, placement)
    session.commit()
    path = link_of(session, settings, placement)
    client.as_guest()
    assert "Do you want to go there?" in client.get(path).text
    assert client.post(f"{path}/no", data={"decline_code": "too_busy"}).status_code == 422

    assert client.post(f"{path}/yes").headers["location"] == path

    session.refresh(placement)
    assert placement.status is PlacementStatus.ACCEPTED
    assert "Now the company answers" in client.get(path).text


def test_the_signed_in_host_proposes_days_too(
    session: Session, world: World, client: Browser, accepted: Placement
) -> None:
    client.acting_as(world.baker)
    week = {"starts_on": "2027-03-01", "ends_on": "2027-03-05"}
    assert client.post(f"/placements/{accepted.id}/other-days", data=week).status_code == 303
    assert "You proposed" in client.get(f"/placements/{accepted.id}").text
    answer = client.post(f"/api/v1/placements/{accepted.id}/other-days", json=week)
    assert answer.json()["other_starts_on"] == "2027-03-01"

    client.acting_as(world.mechanic)
    assert client.post(f"/placements/{accepted.id}/other-days", data=week).status_code == 404
    client.acting_as(world.teacher)
    assert client.post(f"/placements/{accepted.id}/other-days", data=week).status_code == 403


def test_links_lead_only_home(session: Session, settings: Settings, accepted: Placement) -> None:
    path = link_of(session, settings, accepted)
    assert urlsplit(path).netloc == ""
    assert path.startswith("/answer/host/")


def test_what_yes_means_in_time(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, accepted: Placement
) -> None:
    """Weekdays and hours, and that nobody comes in the holidays of the school."""
    world.bakery_offer.sqlmodel_update({"weekdays": [1, 2], "starts_at": time(9), "ends_at": time(15, 30)})
    holiday = FreePeriod(
        school_id=world.school.id, name="Vrij", starts_on=date(2027, 2, 9), ends_on=date(2027, 2, 9)
    )
    session.add_all([world.bakery_offer, holiday])
    session.commit()
    run_out(begin)

    text = render(mails_of(session, "host_question")[0], settings).get_body(("plain",))
    assert text is not None
    said = "maandag en dinsdag, 09:00 tot 15:30, 6 uur per dag, niet in vakanties en op vrije dagen"
    assert said in " ".join(text.get_content().split())
    shown = client.as_guest().get(link_of(session, settings, accepted)).text
    assert "Monday and Tuesday" in shown
    assert "not in holidays and on days off" in shown


def test_the_youth_reads_on_which_weekdays_too(
    session: Session, world: World, client: Browser, settings: Settings, place: Place
) -> None:
    """By the link, signed in, and on the slip of paper."""
    world.bakery_offer.sqlmodel_update({"weekdays": [1, 2], "starts_at": time(9), "ends_at": time(15, 30)})
    placement = place()
    ask(session, placement)
    session.commit()
    said = "Monday and Tuesday, 09:00 to 15:30"

    assert said in client.as_guest().get(link_of(session, settings, placement)).text
    assert said in client.acting_as(world.noor_herself).get(f"/placements/{placement.id}").text
    assert said in client.acting_as(world.teacher).get("/answer-slips").text


def test_times_that_are_not_known_come_later(
    session: Session, world: World, client: Browser, settings: Settings, place: Place
) -> None:
    world.bakery_offer.sqlmodel_update({"weekdays": [1], "starts_at": None, "ends_at": None})
    placement = place()
    ask(session, placement)
    session.commit()

    shown = client.as_guest().get(link_of(session, settings, placement)).text

    assert "Monday" in shown
    assert "You hear the times later" in shown


@pytest.mark.parametrize(
    ("first", "last", "is_said"),
    [(8, 19, True), (8, 12, False), (8, 10, False), (13, 14, False)],
    ids=["over a weekend", "a week", "three days", "a weekend"],
)
def test_without_weekdays_it_is_said_which_are_meant(
    session: Session,
    client: Browser,
    settings: Settings,
    accepted: Placement,
    first: int,
    last: int,
    *,
    is_said: bool,
) -> None:
    """Only where the dates leave it open."""
    accepted.starts_on, accepted.ends_on = date(2027, 2, first), date(2027, 2, last)
    session.commit()

    shown = client.as_guest().get(link_of(session, settings, accepted)).text

    assert ("Monday to Friday" in shown) is is_said
    assert "not in holidays" not in shown


def test_days_that_lie_in_a_holiday_were_meant_that_way(
    session: Session, world: World, client: Browser, settings: Settings, accepted: Placement
) -> None:
    session.add(
        FreePeriod(
            school_id=world.school.id, name="Vrij", starts_on=date(2027, 2, 6), ends_on=date(2027, 2, 14)
        )
    )
    session.commit()

    assert "not in holidays" not in client.as_guest().get(link_of(session, settings, accepted)).text


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("wish_sector", "would like to see work of this kind"),
        ("no_wish_fits", "would be something new"),
        ("near", "The days and the place of your offer suit"),
    ],
)
def test_why_you_is_said_of_this_youth(
    session: Session,
    client: Browser,
    settings: Settings,
    accepted: Placement,
    code: str,
    line: str,
) -> None:
    suggestion = session.get_one(Suggestion, accepted.suggestion_id)
    facts = {"wish": "ZORG", "wish_rank": 2, "minutes": 37}
    suggestion.reasons = [{"code": code, "facts": facts}]
    session.add(suggestion)
    session.commit()

    shown = client.as_guest().get(link_of(session, settings, accepted)).text

    assert line in shown
    # Which wish it is, and how far somebody lives, a host does not hear (DOMAIN 3).
    assert "37 min" not in shown
    assert "second wish" not in shown


def test_the_answer_stands_right_after_the_facts(
    session: Session, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    shown = client.as_guest().get(path).text

    assert shown.index("Sloterwaard College") < shown.index(f'action="{path}/yes"') < shown.index("Why you?")


def test_a_host_sets_its_maximum_without_an_account(
    session: Session, world: World, client: Browser, settings: Settings, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    client.as_guest()
    assert client.post(f"{path}/cap", data={"monthly_cap": "0"}).status_code == 422

    answer = client.post(f"{path}/cap", data={"monthly_cap": "3"})

    said = client.get(answer.headers["location"]).text
    assert "we ask you no more than that" in said
    assert 'value="3"' in said
    session.refresh(world.bakery)
    session.refresh(accepted)
    assert (world.bakery.monthly_cap, accepted.status) == (3, PlacementStatus.ACCEPTED)
    client.post(f"{path}/cap", data={"monthly_cap": ""})
    session.refresh(world.bakery)
    assert world.bakery.monthly_cap is None


def test_after_a_yes_the_link_says_what_was_agreed(
    client: Browser, session: Session, settings: Settings, world: World, accepted: Placement
) -> None:
    path = link_of(session, settings, accepted)
    accepted.school_supervisor = "Bilal"
    session.add(accepted)
    session.commit()

    client.as_guest().post(f"{path}/yes", data={"company_supervisor": "Kees"})

    said = client.get(path).text
    for fact in (world.bakery_offer.title, "Noor", "8 February 2027", "Kees", "Bilal", world.school.name):
        assert fact in said
    accepted.ends_on = clock.today() - timedelta(days=31)
    session.add(accepted)
    session.commit()
    assert "Noor" not in client.get(path).text


def test_a_maximum_says_nothing_of_the_details(
    client: Browser, session: Session, settings: Settings, world: World, accepted: Placement
) -> None:
    long_ago = clock.now() - timedelta(days=400)
    world.bakery.confirmed_at = long_ago
    session.add(world.bakery)
    session.commit()

    client.as_guest().post(f"{link_of(session, settings, accepted)}/cap", data={"monthly_cap": "3"})

    session.refresh(world.bakery)
    assert (world.bakery.monthly_cap, world.bakery.confirmed_at) == (3, long_ago)


def test_a_reason_left_open_is_asked_for_as_one(
    client: Browser, session: Session, settings: Settings, accepted: Placement
) -> None:
    refused = client.as_guest().post(f"{link_of(session, settings, accepted)}/no", data={})

    assert refused.status_code == 422
    assert "Choose one of the answers." in refused.text
    assert "Fill this in." not in refused.text
