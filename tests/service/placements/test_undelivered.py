"""A question that did not arrive is seen on the list of calls, and asked anew once its address is right."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.jobs import Begin
from service.core.settings import Settings
from service.mail.actions import lift_suppression, note_report
from service.mail.models import BounceKind, Mail, MailStatus, Suppression
from service.mail.reports import Report
from service.organisations.models import ContactPerson
from service.placements import actions, links, rescue
from service.placements.jobs import ask_questions
from service.placements.models import Placement, Question, QuestionKind
from service.placements.readers import address_of
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

AGAIN = "Ask again by mail"


def run_out(begin: Begin) -> None:
    while ask_questions(begin):
        pass


def newest_mail(session: Session) -> Mail:
    query = select(Mail).where(Mail.template == "placements/mails/host_question")
    return session.exec(query.order_by(col(Mail.created_at).desc())).all()[0]


def question_of(session: Session, placement: Placement) -> Question:
    return session.exec(
        select(Question).where(
            Question.placement_id == placement.id, Question.kind == QuestionKind.HOST_ANSWER
        )
    ).one()


def bounce(session: Session, kind: BounceKind = BounceKind.HARD) -> Mail:
    mail = newest_mail(session)
    mail.status = MailStatus.SENT
    verdicts = {mail.recipient.lower(): (kind, "5.1.1")}
    note_report(session, Report(mail.message_id, verdicts, f"report on {mail.id}"))
    session.commit()
    return mail


def end(session: Session, status: MailStatus, reason: str) -> None:
    newest_mail(session).sqlmodel_update({"status": status, "last_error": reason, "due_at": None})
    session.commit()


def move_contact(session: Session, world: World, email: str) -> None:
    person = session.exec(
        select(ContactPerson).where(
            ContactPerson.organisation_id == world.bakery.id, col(ContactPerson.is_deputy).is_(False)
        )
    ).one()
    person.email = email
    session.commit()


@pytest.fixture
def asked(session: Session, world: World, place: Place, begin: Begin) -> Placement:
    """Noor said yes, and the mail to the baker has left."""
    placement = place(due_at=clock.now() + timedelta(days=15))
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    run_out(begin)
    return placement


def test_it_works(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, asked: Placement
) -> None:
    client.acting_as(world.coordinator)
    assert "Bakkerij Zonnebloem" not in client.get("/rescue").text
    bounce(session)

    shown = client.get("/rescue").text
    assert "Mail came back: this address does not work." in shown
    assert "ask for the right address" in shown
    assert f'href="/organisations/{world.bakery.id}/edit#field-contact_email"' in shown
    assert AGAIN not in shown

    secret = settings.secret_key.get_secret_value()
    question = question_of(session, asked)
    old_link = links.path_of(secret, question, address_of(session, question))
    asked.due_at = clock.now() + timedelta(days=1)
    move_contact(session, world, "oven@example.nl")
    assert AGAIN in client.get("/rescue").text

    answer = client.post(f"/rescue/{world.bakery.id}/ask-again")

    assert (answer.status_code, answer.headers["location"]) == (303, "/rescue")
    run_out(begin)
    mail = newest_mail(session)
    assert (mail.recipient, mail.status) == ("oven@example.nl", MailStatus.QUEUED)
    assert mail.context["is_reminder"] is False
    session.refresh(asked)
    assert asked.due_at is not None
    assert asked.due_at > clock.now() + timedelta(days=14)
    assert "Bakkerij Zonnebloem" not in client.get("/rescue").text
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "placement.asked_again")).one()
    assert entry.object_id == asked.id
    client.as_guest()
    assert client.get(mail.context["path"]).status_code == 200
    assert client.get(old_link).status_code == 404


def test_the_same_in_json(session: Session, world: World, client: Browser, asked: Placement) -> None:
    bounce(session)
    client.acting_as(world.coordinator)
    call = client.get("/api/v1/rescue-list").json()["items"][0]
    assert (call["undelivered"], call["may_ask_again"]) == ("HardBounce 5.1.1", False)

    move_contact(session, world, "oven@example.nl")
    call = client.get("/api/v1/rescue-list").json()["items"][0]
    assert (call["undelivered"], call["may_ask_again"]) == ("", True)
    answer = client.post(f"/api/v1/organisations/{world.bakery.id}/ask-again")
    assert [placement["id"] for placement in answer.json()] == [str(asked.id)]


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        (MailStatus.FAILED, "SMTPRecipientsRefused 550", "The mail server knows nobody with this address."),
        (MailStatus.FAILED, "InvalidHeaderDefect", "The address is not one that mail can be sent to."),
        (MailStatus.SUPPRESSED, "unsubscribed", "The reader stopped this kind of mail."),
        (MailStatus.FAILED, "SMTPAuthenticationError 535", "The mail could not be delivered."),
    ],
)
def test_why_it_did_not_arrive(
    session: Session,
    world: World,
    client: Browser,
    asked: Placement,
    status: MailStatus,
    reason: str,
    said: str,
) -> None:
    end(session, status, reason)

    shown = client.acting_as(world.coordinator).get("/rescue").text

    assert said in shown
    assert "PODIUM_SMTP_URL" not in shown


def test_a_mail_on_its_way_is_no_reason_to_call(session: Session, world: World, asked: Placement) -> None:
    assert newest_mail(session).status is MailStatus.QUEUED
    assert rescue.count_calls(session, world.coordinator) == 0
    bounce(session, BounceKind.SOFT)
    assert newest_mail(session).status is MailStatus.QUEUED, "tried again by itself"
    assert rescue.count_calls(session, world.coordinator) == 0


def test_what_came_back_before_counts_no_more(
    session: Session, world: World, begin: Begin, asked: Placement
) -> None:
    end(session, MailStatus.FAILED, "SMTPRecipientsRefused 550")
    question = question_of(session, asked)
    question.due_at = clock.now()
    session.commit()
    assert rescue.count_calls(session, world.coordinator) == 1

    run_out(begin)

    assert rescue.count_calls(session, world.coordinator) == 0


def test_who_got_the_question_is_not_asked_again(
    session: Session, world: World, client: Browser, asked: Placement
) -> None:
    turn = question_of(session, asked).turn
    client.acting_as(world.coordinator)
    assert client.post(f"/api/v1/organisations/{world.bakery.id}/ask-again").status_code == 409
    bounce(session)
    assert client.post(f"/api/v1/organisations/{world.bakery.id}/ask-again").status_code == 409
    assert question_of(session, asked).turn == turn


def test_an_address_that_works_again_is_asked_again(
    session: Session, world: World, client: Browser, asked: Placement
) -> None:
    bounce(session)
    lift_suppression(session, world.admin, session.exec(select(Suppression)).one().id)
    session.commit()

    client.acting_as(world.coordinator)

    assert AGAIN in client.get("/rescue").text
    assert client.post(f"/rescue/{world.bakery.id}/ask-again").status_code == 303


def test_what_is_not_known_any_more_is_not_told(
    session: Session, world: World, client: Browser, asked: Placement
) -> None:
    """Deliveries are forgotten after a while; that it was asked three times is still known."""
    session.delete(newest_mail(session))
    question_of(session, asked).sqlmodel_update({"mails_sent": 3, "due_at": None})
    session.commit()

    shown = client.acting_as(world.coordinator).get("/rescue").text

    assert "2 reminders sent" in shown
    assert "Not asked at this address yet" not in shown


def test_an_address_at_last(
    session: Session, world: World, client: Browser, begin: Begin, place: Place
) -> None:
    move_contact(session, world, "")
    placement = place(due_at=clock.now() + timedelta(days=15))
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    run_out(begin)
    client.acting_as(world.coordinator)
    assert AGAIN not in client.get("/rescue").text

    move_contact(session, world, "oven@example.nl")
    assert "Not asked at this address yet" in client.get("/rescue").text
    client.post(f"/rescue/{world.bakery.id}/ask-again")

    run_out(begin)
    assert newest_mail(session).recipient == "oven@example.nl"


def test_who_may_not(session: Session, world: World, client: Browser, asked: Placement) -> None:
    bounce(session)
    move_contact(session, world, "oven@example.nl")
    for actor in (world.teacher, world.mentor, world.baker, world.noor_herself, world.admin):
        assert client.acting_as(actor).post(f"/rescue/{world.bakery.id}/ask-again").status_code == 403
    client.acting_as(world.other_coordinator)
    assert client.post(f"/rescue/{world.bakery.id}/ask-again").status_code == 404
    assert question_of(session, asked).turn == 0
