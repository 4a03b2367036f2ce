"""Questions that did not reach a host by mail, and asking anew once somebody has put that right."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.db import TO_CHANGE
from service.core.errors import NotFound, require
from service.mail.models import Mail, MailStatus
from service.mail.queries import holding
from service.organisations.models import ContactPerson, Organisation
from service.placements import policy, questions
from service.placements.errors import WasAskedThere
from service.placements.models import Placement, Question, QuestionKind
from service.placements.queries import contact_of

IS_QUESTION = col(Mail.template) == "placements/mails/host_question"
LOST = (MailStatus.FAILED, MailStatus.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Since when something waits for a host, and how many mails it got about it."""

    since: datetime
    mails: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the newest question by mail, for the contact person as he is now."""

    reason: str = ""
    """Why it did not arrive, as the outbox says it; empty when it did, or went to somebody else."""
    may_ask_again: bool = False
    """Nobody at this address was asked, or what held it back is over."""


def is_lost() -> ColumnElement[bool]:
    """Of a placement and its question: the newest mail to this host did not arrive."""
    newest = (
        select(Mail.status)
        .where(
            IS_QUESTION,
            col(Mail.organisation_id) == col(Placement.organisation_id),
            col(Mail.created_at) >= col(Question.created_at),
        )
        .order_by(col(Mail.created_at).desc(), col(Mail.id))
        .limit(1)
        .correlate(Placement, Question)
        .scalar_subquery()
    )
    return newest.in_(LOST)


def deliveries_of(
    session: Session, contacts: Collection[ContactPerson], asked: Mapping[UUID, Asked]
) -> dict[UUID, Delivery]:
    """Of each contact person's host; in two statements."""
    mails = _newest_mails(session, asked)
    held = holding(session, [mail for mail in mails.values() if mail.status in LOST], clock.now())
    found = {}
    for person in contacts:
        host_id = person.organisation_id
        mail = mails.get(host_id)
        if mail is None or mail.created_at < asked[host_id].since:
            # Deliveries are forgotten sooner than that somebody was asked.
            found[host_id] = Delivery(may_ask_again=bool(person.email) and asked[host_id].mails == 0)
        elif mail.recipient.lower() != person.email.lower():
            found[host_id] = Delivery(may_ask_again=bool(person.email))
        elif mail.status in LOST:
            found[host_id] = Delivery(mail.last_error, mail.id not in held)
    return found


def ask_again(session: Session, actor: Actor, organisation_id: UUID) -> list[Placement]:
    """By mail and from the first one on, with as much time to answer as whoever is asked for the first time.

    Also what other programmes asked this host: it is the same person whom that did not reach. Told are the
    placements of one's own.
    """
    require(policy.may_rescue(actor))
    # Always host, placement, question, as whoever answers by link.
    host = session.get(Organisation, organisation_id, with_for_update=TO_CHANGE)
    waiting = session.exec(
        select(Placement)
        .where(Placement.organisation_id == organisation_id, policy.WAITS_FOR_HOST)
        .order_by(col(Placement.id))
        .with_for_update(**TO_CHANGE)
    ).all()
    own = [placement for placement in waiting if placement.programme_id in actor.programme_ids]
    if host is None or not own:
        raise NotFound
    _require_not_asked(session, host, [placement.id for placement in waiting])
    for placement in waiting:
        questions.ask_anew(session, placement)
        placement.due_at = questions.answer_until(session, placement)
        session.add(placement)
        record(session, actor, "placement.asked_again", placement)
    return own


def _require_not_asked(session: Session, host: Organisation, placement_ids: Collection[UUID]) -> None:
    """Who got the question has it: a reminder is not for somebody to send by hand."""
    person = contact_of(session, host.id)
    since, mails = session.exec(
        select(func.min(Question.created_at), func.max(Question.mails_sent)).where(
            col(Question.placement_id).in_(placement_ids),
            Question.kind == QuestionKind.HOST_ANSWER,
            col(Question.answered_at).is_(None),
        )
    ).one()
    asked = {host.id: Asked(since or clock.now(), mails or 0)}
    deliveries = deliveries_of(session, [person] if person else [], asked)
    if not deliveries.get(host.id, Delivery()).may_ask_again:
        raise WasAskedThere


def _newest_mails(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, Mail]:
    newest = (
        select(Mail.organisation_id, func.max(Mail.created_at).label("moment"))
        .where(IS_QUESTION, col(Mail.organisation_id).in_(organisation_ids))
        .group_by(col(Mail.organisation_id))
        .subquery()
    )
    rows = session.exec(
        select(Mail)
        .join(
            newest,
            (newest.c.organisation_id == Mail.organisation_id) & (newest.c.moment == Mail.created_at),
        )
        .where(IS_QUESTION)
        .order_by(col(Mail.id))
    )
    return {mail.organisation_id: mail for mail in rows if mail.organisation_id is not None}
