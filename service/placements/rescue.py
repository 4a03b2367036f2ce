"""Whom to phone: hosts that do not answer, with number, how they answer otherwise, what was said."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from service.accounts.models import Account
from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, NotFound, require
from service.core.i18n import _, number_in_words
from service.core.paging import PAGE_SIZE, Part, part_of
from service.matchmaking.models import Suggestion
from service.matchmaking.queries import Proposal, alternatives_of
from service.organisations.models import ContactPerson, Organisation
from service.placements import policy
from service.placements.models import (
    AnswerCode,
    ContactNote,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.questions import REMINDED_AFTER
from service.placements.schemas import NoteInput
from service.placements.undelivered import Asked, Delivery, deliveries_of, is_lost
from service.youth.models import Youth

ENDS_WITHIN = timedelta(days=4)
NOTES_SHOWN = 5
A_DAY = timedelta(days=1)
ALL_MAILS = 1 + len(REMINDED_AFTER)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a host answers: which share of the questions, and after how many days."""

    asked: int = 0
    answered: int = 0
    days: float | None = None

    @property
    def rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Call:
    organisation: Organisation
    contact: ContactPerson | None
    waiting: int
    reminders: int
    due_at: datetime | None
    habit: Habit
    delivery: Delivery
    notes: Sequence[tuple[ContactNote, str]]
    """The newest first, each with the name of who wrote it."""


def list_calls(session: Session, actor: Actor, number: int = 1, size: int = PAGE_SIZE) -> Part[Call]:
    """Whose time is over first comes first; among equals who answers most, and soonest."""
    require(policy.may_rescue(actor))
    query: Any = (
        select(
            Placement.organisation_id,
            func.count(col(Placement.id)),
            func.max(col(Question.mails_sent)),
            func.min(col(Placement.due_at)),
        )
        .add_columns(func.min(col(Question.created_at)))
        .join(Question, col(Question.placement_id) == col(Placement.id))
        .where(*_needs_a_call(actor))
        .group_by(col(Placement.organisation_id))
        .order_by(func.min(col(Placement.due_at)), col(Placement.organisation_id))
    )
    part = part_of(session, query, number, size)
    return replace(part, rows=_calls(session, part.rows))


def count_calls(session: Session, actor: Actor) -> int:
    if not policy.may_rescue(actor):
        return 0
    hosts = func.count(func.distinct(col(Placement.organisation_id)))
    return session.exec(
        select(hosts)
        .select_from(Placement)
        .join(Question, col(Question.placement_id) == col(Placement.id))
        .where(*_needs_a_call(actor))
    ).one()


def _needs_a_call(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Asked three times, or nobody to mail, or the mail did not arrive, or time is nearly over."""
    return (
        col(Placement.programme_id).in_(actor.programme_ids),
        col(Placement.status) == PlacementStatus.ACCEPTED,
        col(Question.kind) == QuestionKind.HOST_ANSWER,
        col(Question.answered_at).is_(None),
        or_(
            col(Question.mails_sent) >= ALL_MAILS,
            (col(Question.mails_sent) == 0) & col(Question.due_at).is_(None),
            is_lost(),
            col(Placement.due_at) <= clock.now() + ENDS_WITHIN,
        ),
    )


def _calls(session: Session, rows: Sequence[Any]) -> list[Call]:
    """In a fixed number of statements."""
    ids = [row[0] for row in rows]
    hosts = {one.id: one for one in session.exec(select(Organisation).where(col(Organisation.id).in_(ids)))}
    contacts: dict[UUID, ContactPerson] = {}
    for person in session.exec(
        select(ContactPerson)
        .where(col(ContactPerson.organisation_id).in_(ids))
        .order_by(col(ContactPerson.is_deputy), col(ContactPerson.created_at))
    ):
        contacts.setdefault(person.organisation_id, person)
    habits, notes = habits_of(session, ids), _notes(session, ids)
    deliveries = deliveries_of(session, contacts.values(), {row[0]: Asked(row[4], row[2]) for row in rows})
    calls = [
        Call(
            organisation=hosts[host_id],
            contact=contacts.get(host_id),
            waiting=waiting,
            reminders=max(0, mails - 1),
            due_at=due_at,
            habit=habits.get(host_id, Habit()),
            delivery=deliveries.get(host_id, Delivery()),
            notes=notes[host_id],
        )
        for host_id, waiting, mails, due_at, _asked_since in rows
    ]
    return sorted(calls, key=_who_first)


def _who_first(call: Call) -> tuple[float, float, float]:
    """By the day the time is over; the sort is stable, so that what is equal stays as it came."""
    day = call.due_at.timestamp() // A_DAY.total_seconds() if call.due_at else float("inf")
    return (day, *order_of(call.habit))


def order_of(habit: Habit) -> tuple[float, float]:
    """Smaller is asked earlier; who was never asked stands between who answers and who does not."""
    rate = habit.rate if habit.rate is not None else 0.5
    return -rate, habit.days if habit.days is not None else float("inf")


def habits_of(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, Habit]:
    """Of what was asked by link and is over; it decides on whom to ask first, never on a score."""
    answers: dict[UUID, list[Question]] = defaultdict(list)
    for question in session.exec(
        select(Question).where(
            col(Question.organisation_id).in_(organisation_ids),
            Question.kind == QuestionKind.HOST_ANSWER,
            col(Question.asked_at).is_not(None),
            col(Question.answered_at).is_not(None),
            col(Question.answer).not_in((AnswerCode.NOT_NEEDED, AnswerCode.HANDED_OVER)),
        )
    ):
        answers[question.organisation_id].append(question)
    return {host_id: _habit(rows) for host_id, rows in answers.items()}


def _habit(rows: Sequence[Question]) -> Habit:
    days = [
        (row.answered_at - row.asked_at) / A_DAY
        for row in rows
        if row.answer is not AnswerCode.SILENCE and row.answered_at and row.asked_at
    ]
    return Habit(len(rows), len(days), round(median(days), 1) if days else None)


def _notes(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, list[tuple[ContactNote, str]]]:
    found: dict[UUID, list[tuple[ContactNote, str]]] = defaultdict(list)
    rows = session.exec(
        select(ContactNote, Account.name)
        .join(Account, col(Account.id) == col(ContactNote.account_id), isouter=True)
        .where(col(ContactNote.organisation_id).in_(organisation_ids))
        .order_by(col(ContactNote.created_at).desc(), col(ContactNote.id))
    )
    for note, name in rows:
        if len(found[note.organisation_id]) < NOTES_SHOWN:
            found[note.organisation_id].append((note, name or ""))
    return found


def note_call(session: Session, actor: Actor, organisation_id: UUID, new: NoteInput) -> ContactNote:
    require(policy.may_rescue(actor))
    names = session.exec(
        select(Youth.first_name)
        .join(Placement, col(Placement.youth_id) == col(Youth.id))
        .where(
            Placement.organisation_id == organisation_id,
            col(Placement.programme_id).in_(actor.programme_ids),
        )
    ).all()
    if not _has_placement(session, actor, organisation_id):
        raise NotFound
    words = {word.casefold() for word in re.findall(r"\w+", new.text)}
    if words & {name.casefold() for name in names}:
        raise Invalid({"text": _("This looks like the name of a youth. Leave it out.")})
    note = ContactNote(organisation_id=organisation_id, account_id=actor.account_id, **new.model_dump())
    session.add(note)
    session.flush()
    record(session, actor, "contact_note.created", note, code=new.code.value)
    return note


def _has_placement(session: Session, actor: Actor, organisation_id: UUID) -> bool:
    """A host of elsewhere does not exist for this coordinator."""
    return (
        session.exec(
            select(Placement.id)
            .where(
                Placement.organisation_id == organisation_id,
                col(Placement.programme_id).in_(actor.programme_ids),
            )
            .limit(1)
        ).first()
        is not None
    )


def next_proposals(session: Session, placement: Placement) -> list[tuple[Proposal, Habit]]:
    """What the same run proposed besides, the best score first; among equals who answers most and soonest."""
    proposals = alternatives_of(session, session.get_one(Suggestion, placement.suggestion_id))
    habits = habits_of(session, {one.organisation.id for one in proposals})
    rows = [(one, habits.get(one.organisation.id, Habit())) for one in proposals]
    return sorted(
        rows, key=lambda row: (-round(row[0].suggestion.score, 2), *order_of(row[1]), row[0].suggestion.rank)
    )


def habit_in_words(habit: Habit) -> str:
    if not habit.asked:
        return str(_("not known yet"))
    if habit.days is None:
        return str(_("%(answered)s of %(asked)s", answered=habit.answered, asked=habit.asked))
    return str(
        _(
            "%(answered)s of %(asked)s, after %(days)s days",
            answered=habit.answered,
            asked=habit.asked,
            days=number_in_words(habit.days),
        )
    )
