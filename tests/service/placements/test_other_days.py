"""A host proposes other days: the school hears of it and answers, and the host hears what came of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.core import clock
from service.core.actor import Actor
from service.core.jobs import Begin
from service.core.settings import Settings
from service.home.queries import tasks_of
from service.mail.models import Mail, Stream
from service.mail.rendering import render
from service.organisations.models import ContactPerson
from service.placements import actions, following, links
from service.placements.jobs import ask_questions, expire_silence
from service.placements.models import AnswerCode, DeclineCode, Placement, PlacementStatus, QuestionKind
from service.placements.queries import contact_of
from service.placements.questions import find_last, find_open
from service.placements.readers import address_of
from service.placements.rescue import count_calls
from service.placements.schemas import DaysInput, HostConfirmInput, YouthDeclineInput
from service.youth.models import Youth, YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

Act = Callable[[Session, Actor, UUID], Placement]
WEEK = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))


@pytest.fixture
def proposed(session: Session, world: World, begin: Begin, place: Place) -> Placement:
    """The baker was asked, and would rather have Noor in March."""
    placement = place(due_at=clock.now() + timedelta(days=15))
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    ask_all(begin)
    actions.propose_other_days(session, world.baker, placement.id, WEEK)
    session.commit()
    ask_all(begin)
    return placement


def school_link(session: Session, settings: Settings, placement: Placement) -> str:
    """As the newest mail of the school says it."""
    question = find_last(session, placement, QuestionKind.OTHER_DAYS)
    assert question is not None
    return links.path_of(settings.secret_key.get_secret_value(), question, address_of(session, question))


def answer_of(session: Session, placement: Placement) -> AnswerCode | None:
    question = find_last(session, placement, QuestionKind.OTHER_DAYS)
    assert question is not None
    session.refresh(question)
    return question.answer


def ask_all(begin: Begin) -> None:
    while ask_questions(begin):
        pass


def texts(session: Session, settings: Settings, template: str) -> list[str]:
    found = session.exec(
        select(Mail).where(Mail.template == f"placements/mails/{template}").order_by(col(Mail.created_at))
    )
    bodies = [render(mail, settings).get_body(("plain",)) for mail in found]
    return [body.get_content() for body in bodies if body]


def mails(session: Session, template: str) -> list[Mail]:
    return list(session.exec(select(Mail).where(Mail.template == f"placements/mails/{template}")))


def recipients(session: Session, template: str) -> list[str]:
    return list(session.exec(select(Mail.recipient).where(Mail.template == f"placements/mails/{template}")))


def test_it_works(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    (told,) = texts(session, settings, "other_days")
    assert "maandag 1 maart 2027 tot en met vrijdag 5 maart 2027" in told
    assert "https://podium.example/answer/days/" in told
    assert "Daarna zoek je een andere plek" in told
    assert "Noor" not in told
    school, host = contact_of(session, world.school.id), contact_of(session, world.bakery.id)
    assert school is not None
    assert host is not None
    assert recipients(session, "other_days") == [school.email]

    client.acting_as(world.teacher).post(f"/placements/{proposed.id}/other-days/accept")

    assert recipients(session, "other_days_possible") == [host.email]
    (told,) = texts(session, settings, "other_days_possible")
    assert "vrijdag 5 maart 2027" in told
    actions.accept_placement(session, world.noor_herself, proposed.id)
    session.commit()
    ask_all(begin)
    assert "heeft er ja op gezegd" in texts(session, settings, "host_question")[-1]


def test_lists_and_first_pages_say_whose_turn_it_is(
    session: Session, world: World, client: Browser, proposed: Placement
) -> None:
    for actor in (world.teacher, world.coordinator):
        links = [task.href for task in tasks_of(session, actor)]
        assert "/placements?status=other_days" in links
        assert "/placements?status=accepted" not in links
        client.acting_as(actor)
        row = f'href="/placements/{proposed.id}"'
        assert row in client.get("/placements?status=other_days").text
        assert row not in client.get("/placements?status=accepted").text
        assert "The host proposes other days" in client.get(f"/placements/{proposed.id}").text
    assert "/placements?status=accepted" not in [task.href for task in tasks_of(session, world.baker)]
    assert "The school looks at your days" in client.acting_as(world.baker).get("/placements").text
    assert "The company asks for other days" in client.acting_as(world.noor_herself).get("/").text


def test_not_possible_is_told_with_the_next_question(
    session: Session, world: World, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    following.refuse_other_days(session, world.coordinator, proposed.id)
    session.commit()
    ask_all(begin)

    first, again = texts(session, settings, "host_question")
    assert "kunnen niet" not in first
    assert "De dagen die je voorstelde kunnen niet" in again


@pytest.mark.parametrize("answer", [following.accept_other_days, following.refuse_other_days])
def test_the_answered_link_waits_for_the_school_no_longer(
    session: Session, world: World, client: Browser, settings: Settings, proposed: Placement, answer: Act
) -> None:
    link = session.exec(select(Mail).where(Mail.template == "placements/mails/host_question")).one()
    client.as_guest()
    assert "The school asks whether that is possible" in client.get(link.context["path"]).text

    answer(session, world.coordinator, proposed.id)
    session.commit()

    assert "The school has looked at your days" in client.get(link.context["path"]).text


def test_each_proposal_is_told(
    session: Session, world: World, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    following.refuse_other_days(session, world.coordinator, proposed.id)
    actions.propose_other_days(session, world.baker, proposed.id, WEEK)
    session.commit()
    ask_all(begin)

    assert len(texts(session, settings, "other_days")) == 2


def test_the_silence_of_the_school_is_told_to_both(
    session: Session, world: World, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    assert proposed.due_at is not None
    with time_machine.travel(proposed.due_at, tick=False):
        assert expire_silence(begin)

    (host,) = texts(session, settings, "other_days_over")
    assert "Het ligt niet aan jou" in host
    (school,) = texts(session, settings, "silence_school")
    assert f"{world.bakery.name} stelde andere dagen voor" in school
    assert "kwam er niet op tijd antwoord" not in school
    assert texts(session, settings, "silence_host") == []
    assert answer_of(session, proposed) is AnswerCode.SILENCE


def test_the_host_hears_that_the_youth_cannot(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    following.accept_other_days(session, world.coordinator, proposed.id)
    no = YouthDeclineInput(decline_code=DeclineCode.DAYS_DO_NOT_FIT)
    actions.decline_placement(session, world.noor_herself, proposed.id, no)

    assert len(texts(session, settings, "other_days_over")) == 1


def test_the_host_hears_that_it_was_withdrawn(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    actions.withdraw_placement(session, world.teacher, proposed.id)

    (told,) = texts(session, settings, "other_days_over")
    assert "Het ligt niet aan jou" not in told
    assert answer_of(session, proposed) is AnswerCode.NOT_NEEDED


def test_the_host_hears_when_the_youth_has_left(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    noor = session.get_one(Youth, proposed.youth_id)
    noor.status = YouthStatus.LEFT
    actions.end_for_leaver(session, world.coordinator, proposed)

    assert len(texts(session, settings, "other_days_over")) == 1


def test_nothing_is_over_after_a_yes(
    session: Session, world: World, settings: Settings, proposed: Placement
) -> None:
    """The host may still say yes to the days as they were, on its own page."""
    proposed.status = PlacementStatus.CONFIRMED
    proposed.host_answered_at = clock.now()
    session.add(proposed)
    actions.withdraw_placement(session, world.teacher, proposed.id)

    assert texts(session, settings, "other_days_over") == []


def test_a_school_without_an_address_leaves_it_to_the_coordinator(
    session: Session, world: World, settings: Settings, client: Browser, begin: Begin, place: Place
) -> None:
    """Each gets a question, the first answer closes them all, and who stops being one holds a dead link."""
    for name in ("Rik", "Jo"):
        account = make.make_account(session, name=name, email=f"{name.lower()}@example.nl")
        make.make_membership(session, account, Role.COORDINATOR, programme_id=world.programme.id)
    for person in session.exec(select(ContactPerson).where(ContactPerson.organisation_id == world.school.id)):
        person.email = ""
        session.add(person)
    placement = place(PlacementStatus.ACCEPTED)

    actions.propose_other_days(session, world.baker, placement.id, WEEK)
    session.commit()
    ask_all(begin)

    asked = {mail.recipient: mail.context["path"] for mail in mails(session, "other_days")}
    assert set(asked) == {world.accounts["farida"].email, "rik@example.nl", "jo@example.nl"}
    client.as_guest()
    rik = session.exec(select(Account).where(Account.email == "rik@example.nl")).one()
    held = session.exec(select(Membership).where(Membership.account_id == rik.id)).one()
    session.delete(held)
    session.commit()
    assert client.get(asked["rik@example.nl"]).status_code == 404
    client.post(f"{asked['jo@example.nl']}/no")
    assert "The host is asked once more" in client.get(asked[world.accounts["farida"].email]).text


def test_the_school_answers_by_link(
    session: Session,
    world: World,
    client: Browser,
    settings: Settings,
    begin: Begin,
    proposed: Placement,
) -> None:
    path = school_link(session, settings, proposed)
    client.as_guest()
    shown = client.get(path).text
    assert "Noor" in shown
    assert "5 March 2027" in shown
    session.refresh(proposed)
    assert proposed.waits_for_school

    answer = client.post(f"{path}/yes")

    assert "You said that the days are possible" in client.get(answer.headers["location"]).text
    session.refresh(proposed)
    assert (proposed.status, proposed.starts_on) == (PlacementStatus.OFFERED, WEEK.starts_on)
    assert answer_of(session, proposed) is AnswerCode.YES
    assert len(texts(session, settings, "other_days_possible")) == 1
    client.post(f"{path}/no")
    session.refresh(proposed)
    assert proposed.status is PlacementStatus.OFFERED


def test_the_school_says_by_link_that_the_days_are_not_possible(
    session: Session, client: Browser, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    path = school_link(session, settings, proposed)

    client.as_guest().post(f"{path}/no")

    session.refresh(proposed)
    assert (proposed.status, proposed.waits_for_school) == (PlacementStatus.ACCEPTED, False)
    assert answer_of(session, proposed) is AnswerCode.NO
    assert find_open(session, proposed, QuestionKind.HOST_ANSWER) is not None
    assert "The host is asked once more" in client.get(path).text
    assert client.get(f"{path}/calendar.ics").status_code == 404


def test_days_on_which_there_is_something_else_are_refused_on_the_page(
    session: Session, world: World, client: Browser, settings: Settings, place: Place, proposed: Placement
) -> None:
    other = make.make_offer(session, world.bakery)
    place(PlacementStatus.CONFIRMED, offer=other, starts_on=WEEK.starts_on, ends_on=WEEK.ends_on)
    session.commit()

    refused = client.as_guest().post(f"{school_link(session, settings, proposed)}/yes")

    assert refused.status_code == 422
    assert "There is a place in these days already" in refused.text
    session.refresh(proposed)
    assert proposed.waits_for_school


def test_the_school_is_reminded_after_three_and_seven_working_days(
    session: Session, world: World, settings: Settings, begin: Begin, place: Place
) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False) as now:
        placement = place(PlacementStatus.ACCEPTED)
        actions.propose_other_days(session, world.baker, placement.id, WEEK)
        session.commit()
        days = []
        for _day in range(20):
            before = len(mails(session, "other_days"))
            ask_all(begin)
            if len(mails(session, "other_days")) > before:
                days.append(clock.today())
            now.shift(timedelta(days=1))

    # Three and seven working days after Tuesday the 24th.
    assert days == [date(2026, 11, 24), date(2026, 11, 27), date(2026, 12, 3)]
    assert "Het bedrijf wacht op je" in texts(session, settings, "other_days")[-1]
    assert {mail.stream for mail in mails(session, "other_days")} == {Stream.AGREEMENT}


@pytest.mark.parametrize("button", ["later", "stop"])
def test_reminders_wait_or_stop_and_the_question_stays(
    session: Session, client: Browser, settings: Settings, proposed: Placement, button: str
) -> None:
    path = school_link(session, settings, proposed)

    answer = client.as_guest().post(f"{path}/{button}")

    assert "Are these days possible?" in client.get(answer.headers["location"]).text
    question = find_open(session, proposed, QuestionKind.OTHER_DAYS)
    assert question is not None
    session.refresh(question)
    assert (question.due_at is None) == (button == "stop")
    assert proposed.waits_for_school


def test_an_answer_on_the_page_closes_the_question(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, proposed: Placement
) -> None:
    path = school_link(session, settings, proposed)
    client.acting_as(world.teacher).post(f"/placements/{proposed.id}/other-days/refuse")

    assert answer_of(session, proposed) is AnswerCode.NO
    assert "The host is asked once more" in client.as_guest().get(path).text


def test_days_that_the_school_sets_itself_leave_nothing_to_answer(
    session: Session, world: World, proposed: Placement
) -> None:
    following.change_days(session, world.teacher, proposed.id, WEEK)

    assert answer_of(session, proposed) is AnswerCode.NOT_NEEDED
    assert find_open(session, proposed, QuestionKind.HOST_ANSWER) is not None


def test_a_new_proposal_replaces_the_question(
    session: Session, world: World, client: Browser, settings: Settings, proposed: Placement
) -> None:
    """A yes to the days of before would be a yes to something else."""
    path = school_link(session, settings, proposed)
    later = DaysInput(starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))
    actions.propose_other_days(session, world.baker, proposed.id, later)
    session.commit()

    client.as_guest().post(f"{path}/yes")

    session.refresh(proposed)
    assert proposed.other_starts_on == later.starts_on
    assert answer_of(session, proposed) is None


def test_a_yes_of_the_host_after_all_leaves_nothing_to_answer(
    session: Session, world: World, proposed: Placement
) -> None:
    actions.confirm_placement(session, world.baker, proposed.id, HostConfirmInput())

    assert answer_of(session, proposed) is AnswerCode.NOT_NEEDED


def test_it_is_not_the_host_who_is_phoned(session: Session, world: World, proposed: Placement) -> None:
    assert proposed.due_at is not None
    with time_machine.travel(proposed.due_at - timedelta(days=1), tick=False):
        assert count_calls(session, world.coordinator) == 0


def test_it_is_not_the_host_who_is_asked_now(session: Session, proposed: Placement) -> None:
    assert find_open(session, proposed, QuestionKind.HOST_ANSWER) is None
