"""What is asked with a link: opened with a placement, reminded on working days, closed when it is settled."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from service.calendars.queries import free_days_of
from service.core import clock
from service.placements.models import AnswerCode, Placement, PlacementStatus, Question, QuestionKind
from service.placements.working_days import add_working_days, end_of_waiting
from service.programmes.models import Programme

REMINDED_AFTER = (3, 7)
"""Working days after the question left."""
SNOOZED_FOR = 3
REMINDERS_LEAVE_AT = time(8, 30)
ASKED_IN = {
    QuestionKind.HOST_ANSWER: PlacementStatus.ACCEPTED,
    QuestionKind.YOUTH_ANSWER: PlacementStatus.OFFERED,
}
ANSWERED_BY = {
    PlacementStatus.ACCEPTED: AnswerCode.YES,
    PlacementStatus.CONFIRMED: AnswerCode.YES,
    PlacementStatus.DECLINED_BY_YOUTH: AnswerCode.NO,
    PlacementStatus.DECLINED_BY_HOST: AnswerCode.NO,
    PlacementStatus.EXPIRED: AnswerCode.SILENCE,
}
"""What a state says of the question that was open until then; any other state: it is not needed any more."""
NO_ANSWER_TO_IT = {
    (QuestionKind.OTHER_DAYS, PlacementStatus.CONFIRMED),
    (QuestionKind.OTHER_DAYS, PlacementStatus.DECLINED_BY_HOST),
    (QuestionKind.OTHER_DAYS, PlacementStatus.DECLINED_BY_YOUTH),
    (QuestionKind.YOUTH_ANSWER, PlacementStatus.DECLINED_BY_HOST),
    (QuestionKind.HOST_ANSWER, PlacementStatus.DECLINED_BY_YOUTH),
}


def ask(session: Session, placement: Placement) -> Question:
    """Of the one whose turn it is; a youth has no address, so his link is printed and no mail leaves."""
    is_host = placement.status is PlacementStatus.ACCEPTED
    question = Question(
        kind=QuestionKind.HOST_ANSWER if is_host else QuestionKind.YOUTH_ANSWER,
        organisation_id=placement.organisation_id if is_host else placement.school_id,
        placement_id=placement.id,
        due_at=clock.now() if is_host else None,
    )
    session.add(question)
    session.flush()
    return question


def ask_school(session: Session, placement: Placement, account_ids: Collection[UUID | None]) -> None:
    """Whether the days are possible that the host proposed: one each; None: its contact person."""
    close_for_school(session, placement, AnswerCode.NOT_NEEDED)
    session.add_all(
        Question(
            kind=QuestionKind.OTHER_DAYS,
            organisation_id=placement.school_id,
            placement_id=placement.id,
            account_id=account_id,
            due_at=clock.now(),
        )
        for account_id in account_ids
    )
    session.flush()


def close_for_school(session: Session, placement: Placement, answer: AnswerCode) -> None:
    """Of all who were asked one has answered, or the days are others now."""
    for question in session.exec(
        select(Question).where(
            Question.placement_id == placement.id,
            Question.kind == QuestionKind.OTHER_DAYS,
            col(Question.answered_at).is_(None),
        )
    ):
        close(session, question, answer)


def find_open(session: Session, placement: Placement, kind: QuestionKind) -> Question | None:
    return session.exec(
        select(Question)
        .where(
            Question.placement_id == placement.id,
            Question.kind == kind,
            col(Question.answered_at).is_(None),
        )
        .order_by(col(Question.created_at).desc())
    ).first()


def find_last(session: Session, placement: Placement, kind: QuestionKind) -> Question | None:
    """Open or closed."""
    return session.exec(
        select(Question)
        .where(Question.placement_id == placement.id, Question.kind == kind)
        .order_by(col(Question.created_at).desc(), col(Question.id))
    ).first()


def find_about_contact(session: Session, organisation_id: UUID) -> Question | None:
    """Whether the contact person still is who it was, as long as nobody has said so."""
    return session.exec(
        select(Question)
        .where(
            Question.organisation_id == organisation_id,
            Question.kind == QuestionKind.CONTACT_HOLDS,
            col(Question.answered_at).is_(None),
        )
        .order_by(col(Question.created_at), col(Question.id))
    ).first()


def find_answered(session: Session, placement: Placement, answer: AnswerCode) -> Question | None:
    """The newest of the host that got this answer."""
    return session.exec(
        select(Question)
        .where(
            Question.placement_id == placement.id,
            Question.kind == QuestionKind.HOST_ANSWER,
            Question.answer == answer,
        )
        .order_by(col(Question.answered_at).desc(), col(Question.id))
    ).first()


def close_answered(session: Session, placement: Placement) -> None:
    """Whatever way it was settled, the links of before do nothing any more."""
    still_asked = [kind for kind, status in ASKED_IN.items() if status is placement.status]
    for question in session.exec(
        select(Question).where(Question.placement_id == placement.id, col(Question.answered_at).is_(None))
    ):
        if question.kind not in still_asked:
            code = ANSWERED_BY.get(placement.status, AnswerCode.NOT_NEEDED)
            if (question.kind, placement.status) in NO_ANSWER_TO_IT:
                code = AnswerCode.NOT_NEEDED
            close(session, question, code)


def close_all_of(session: Session, organisation_id: UUID, answer: AnswerCode) -> None:
    """Whatever else is open with this host."""
    for question in session.exec(
        select(Question).where(
            Question.organisation_id == organisation_id, col(Question.answered_at).is_(None)
        )
    ):
        close(session, question, answer)


def ask_again(session: Session, organisation_id: UUID) -> None:
    """Somebody else answers for it now: what waits is asked anew, from the first mail on."""
    _renew(
        session,
        session.exec(
            select(Question).where(
                Question.organisation_id == organisation_id, col(Question.answered_at).is_(None)
            )
        ),
    )


def ask_anew(session: Session, placement: Placement) -> None:
    """What is asked has changed: a yes to what it was before would be a yes to something else."""
    close_for_school(session, placement, AnswerCode.NOT_NEEDED)
    waiting = session.exec(
        select(Question).where(Question.placement_id == placement.id, col(Question.answered_at).is_(None))
    ).all()
    _renew(session, waiting)
    if not waiting:
        ask(session, placement)


def _renew(session: Session, waiting: Iterable[Question]) -> None:
    """The links of before do nothing any more, and the next mail is the first of a new turn."""
    for question in waiting:
        question.turn += 1
        question.mails_sent = 0
        question.asked_at = None
        question.due_at = None if question.kind is QuestionKind.YOUTH_ANSWER else clock.now()
        session.add(question)


def close(session: Session, question: Question, answer: AnswerCode) -> None:
    question.answer = answer
    question.answered_at = clock.now()
    question.due_at = None
    session.add(question)


def after_mail(session: Session, question: Question, now: datetime) -> datetime | None:
    """When the next reminder leaves, counted from the question and not from the mail before."""
    reminders = question.mails_sent - 1
    if reminders >= len(REMINDED_AFTER):
        return None
    asked = question.asked_at or now
    due = on_working_day(session, question, asked, REMINDED_AFTER[reminders])
    return due if due > now else on_working_day(session, question, now, 1)


def on_working_day(session: Session, question: Question, moment: datetime, days: int) -> datetime:
    """So many working days of whoever is asked later, in the morning."""
    free = free_days_of(session, question.organisation_id)
    day = add_working_days(free, moment.astimezone(clock.AMSTERDAM).date(), days)
    return datetime.combine(day, REMINDERS_LEAVE_AT, clock.AMSTERDAM).astimezone(UTC)


def next_morning(session: Session, question: Question) -> datetime:
    """What nobody asked for just now waits for a day on which the one who gets it works."""
    if free_days_of(session, question.organisation_id).is_free(clock.today()):
        return on_working_day(session, question, clock.now(), 1)
    return clock.now()


def answer_until(session: Session, placement: Placement) -> datetime:
    """When silence ends it: after the days of the programme, free weekdays not counted, on a working day."""
    is_host = placement.status is PlacementStatus.ACCEPTED and placement.other_starts_on is None
    free = free_days_of(session, placement.organisation_id if is_host else placement.school_id)
    days = session.get_one(Programme, placement.programme_id).answer_days
    now = clock.now().astimezone(clock.AMSTERDAM)
    return datetime.combine(end_of_waiting(free, now.date(), days), now.timetz()).astimezone(UTC)


def snooze(session: Session, question: Question) -> None:
    """Nothing for a while; then one more reminder, whatever number it is."""
    question.due_at = on_working_day(session, question, clock.now(), SNOOZED_FOR)
    session.add(question)


def stop_reminders(session: Session, question: Question) -> None:
    """The question stays open and its link works; only no mail follows."""
    question.due_at = None
    session.add(question)


LINKS_WORK_FOR = timedelta(days=120)
"""No question is open longer; what is settled before is told by its page."""
