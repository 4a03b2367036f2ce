"""What was asked and answered in the demo: habits, silence, calls, other days, a mail that came back."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from service.accounts.models import Account
from service.calendars.actions import add_period
from service.calendars.schemas import PeriodInput
from service.core import clock
from service.core.actor import GUEST, SYSTEM, Actor
from service.core.jobs import Begin
from service.mail.actions import note_report
from service.mail.models import BounceKind, Mail, MailStatus
from service.mail.reports import Report
from service.organisations.actions import create_organisation
from service.organisations.models import ContactPerson, Organisation, OrganisationKind
from service.organisations.schemas import ContactInput, LocationInput, OrganisationInput
from service.placements import actions as placing
from service.placements.asking import send_question
from service.placements.jobs import expire_silence
from service.placements.models import (
    AnswerCode,
    ContactNote,
    NoteCode,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.questions import REMINDED_AFTER
from service.placements.schemas import DaysInput

A_DAY = timedelta(days=1)
ALL_MAILS = 1 + len(REMINDED_AFTER)
CALLS = (
    (NoteCode.NOBODY_THERE, 5, ""),
    (NoteCode.MESSAGE_LEFT, 4, "Bij de receptie."),
    (NoteCode.WILL_ANSWER, 1, "Kijkt vandaag in de mail."),
    (NoteCode.NEEDS_TIME, 2, "Overlegt met de planning."),
)


def make_answers(begin: Begin, chance: random.Random, coordinator: Account, school: Organisation) -> None:
    """After the decisions: who waits for whom, and since when."""
    with begin() as session:
        _give_habits(session, chance)
        waiting = _waiting(session)
        # The first two stay as they are: asked today, as most are.
        late, silent, proposing = waiting[2:6], waiting[6:8], waiting[8:9]
        for number, row in enumerate(late):
            _make_late(session, row, ends_in=A_DAY * (1 + number))
            _note_calls(session, row.organisation_id, coordinator.id, number)
        for row in silent:
            _make_late(session, row, ends_in=-A_DAY)
        for row in proposing:
            _propose_other_days(session, row)
        if late:
            _take_address(session, late[0])
            _remember(session, late[1:], chance)
        _register_bakery(session)
        _keep_free_days(session, school)
    with begin() as session:
        if late:
            _send_back(session, begin, late[-1].id)
    while expire_silence(begin):
        pass


def _give_habits(session: Session, chance: random.Random) -> None:
    """Most hosts answer within days, some after a week."""
    for question in session.exec(
        select(Question)
        .where(
            Question.kind == QuestionKind.HOST_ANSWER,
            col(Question.answer).in_((AnswerCode.YES, AnswerCode.NO)),
        )
        .order_by(col(Question.placement_id))
    ):
        _asked_on(question, clock.now() - timedelta(hours=chance.choice((5, 20, 30, 50, 75, 190))))


def _asked_on(question: Question, moment: datetime) -> None:
    question.created_at = question.asked_at = moment
    question.mails_sent = max(1, question.mails_sent)


def _waiting(session: Session) -> Sequence[Placement]:
    """Of as many hosts as possible, always the same ones."""
    rows = session.exec(
        select(Placement)
        .where(Placement.status == PlacementStatus.ACCEPTED, col(Placement.youth_id).is_not(None))
        .order_by(col(Placement.organisation_id), col(Placement.id))
    ).all()
    firsts = {row.organisation_id: row for row in reversed(rows)}
    return [*sorted(firsts.values(), key=lambda row: str(row.organisation_id))]


def _question_of(session: Session, row: Placement) -> Question:
    return session.exec(
        select(Question).where(
            Question.placement_id == row.id,
            Question.kind == QuestionKind.HOST_ANSWER,
            col(Question.answered_at).is_(None),
        )
    ).one()


def _make_late(session: Session, row: Placement, ends_in: timedelta) -> None:
    """Asked two weeks ago and reminded twice."""
    question = _question_of(session, row)
    _asked_on(question, clock.now() - 14 * A_DAY)
    question.mails_sent, question.due_at = ALL_MAILS, None
    row.youth_answered_at = question.asked_at
    row.due_at = clock.now() + ends_in
    session.add_all([question, row])


def _note_calls(session: Session, organisation_id: UUID, coordinator_id: UUID, number: int) -> None:
    """The first host has not been called yet."""
    for code, days_ago, text in CALLS[:number]:
        note = ContactNote(organisation_id=organisation_id, account_id=coordinator_id, code=code, text=text)
        note.created_at = clock.now() - days_ago * A_DAY
        session.add(note)


def _take_address(session: Session, row: Placement) -> None:
    """Only a phone number is known: no mail ever left."""
    for person in session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == row.organisation_id)
    ):
        person.email = ""
    question = _question_of(session, row)
    question.mails_sent, question.asked_at = 0, None


def _remember(session: Session, late: Sequence[Placement], chance: random.Random) -> None:
    """How they answered the year before: one always, one now and then, one never."""
    for answered, row in zip((4, 2, 0), late, strict=False):
        for number in range(4):
            asked = clock.now() - (200 + 10 * number) * A_DAY
            is_silent = number >= answered
            session.add(
                Question(
                    kind=QuestionKind.HOST_ANSWER,
                    organisation_id=row.organisation_id,
                    placement_id=row.id,
                    created_at=asked,
                    asked_at=asked,
                    mails_sent=ALL_MAILS if is_silent else 1,
                    answered_at=asked + (15 if is_silent else chance.randint(1, 6)) * A_DAY,
                    answer=AnswerCode.SILENCE if is_silent else AnswerCode.OTHER_DAYS,
                )
            )


def _propose_other_days(session: Session, row: Placement) -> None:
    if row.starts_on is None or row.ends_on is None:
        return
    host = Actor(account_id=row.organisation_id, organisation_ids=frozenset({row.organisation_id}))
    week = DaysInput(starts_on=row.starts_on + 7 * A_DAY, ends_on=row.ends_on + 7 * A_DAY)
    placing.propose_other_days(session, host, row.id, week)


def _send_back(session: Session, begin: Begin, placement_id: UUID) -> None:
    """The last reminder to one host came back: nobody of that name there."""
    question = _question_of(session, session.get_one(Placement, placement_id))
    question.mails_sent -= 1
    send_question(session, begin.settings, question)
    session.flush()
    mail = session.exec(
        select(Mail).where(col(Mail.key).startswith(f"question:{question.id}:")).order_by(col(Mail.key))
    ).one()
    mail.status, mail.due_at, mail.sent_at = MailStatus.SENT, None, clock.now() - A_DAY
    session.flush()
    verdicts = {mail.recipient: (BounceKind.HARD, "5.1.1")}
    note_report(session, Report(mail.message_id, verdicts, f"demo-{mail.id.hex}"))


def _register_bakery(session: Session) -> None:
    """It came by itself, and a coordinator has to look at it."""
    create_organisation(
        session,
        GUEST,
        OrganisationInput(
            name="Bakkerij De Nieuwe Oven",
            kind=OrganisationKind.COMPANY,
            contact=ContactInput(
                name="Rachid Zuidema", email="nieuwe-oven@podium.example", phone="020 555 0142"
            ),
            locations=[LocationInput(postcode="1067", street="Molenpad 12")],
            monthly_cap=2,
        ),
    )


def _keep_free_days(session: Session, school: Organisation) -> None:
    """A list of its own, with two days of the coming months."""
    keeper = Actor(account_id=SYSTEM.account_id, name="school", school_ids=frozenset({school.id}))
    for name, days_ahead in (("Studiedag", 18), ("Margedag", 53)):
        new = PeriodInput(
            school_id=school.id, name=name, starts_on=clock.today() + timedelta(days=days_ahead)
        )
        add_period(session, keeper, new)
