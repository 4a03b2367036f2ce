"""Reading placements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.core import clock
from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import Part, part_of
from service.matchmaking.models import Suggestion
from service.offers.models import Offer
from service.organisations.models import ContactPerson, Location, Organisation
from service.placements import engine, policy
from service.placements.lifecycle import FREES_POSITION, LIVE, WAITING
from service.placements.models import Agreement, Placement, PlacementStatus, Question, QuestionKind
from service.placements.waiting import Group, is_in
from service.programmes.models import Programme
from service.youth.models import SchoolClass, Youth, YouthStatus, age_on

MOST_SLIPS = 200


@dataclass(frozen=True, slots=True)
class Card:
    """A placement with what people need around it."""

    placement: Placement
    offer: Offer
    organisation: Organisation
    school: Organisation
    school_class: SchoolClass | None
    youth: Youth | None


def get_placement(session: Session, actor: Actor, placement_id: UUID) -> Placement:
    found = session.exec(policy.visible(actor).where(Placement.id == placement_id)).first()
    if found is None:
        raise NotFound
    placement: Placement = found
    return placement


def list_placements(
    session: Session,
    actor: Actor,
    *,
    status: PlacementStatus | None = None,
    waits_for_school: bool | None = None,
    group: Group | None = None,
    order: str = "starts",
    number: int = 1,
    size: int = 25,
) -> Part[Placement]:
    """`waits_for_school`: of those that the youth said yes to only the ones with other days, or without."""
    query = policy.visible(actor)
    if waits_for_school is not None:
        query = query.where(policy.WAITS_FOR_SCHOOL if waits_for_school else policy.WAITS_FOR_HOST)
    elif status is not None:
        query = query.where(Placement.status == status)
    if group is not None:
        query = query.where(is_in(group))
    if order == "new":
        query = query.order_by(col(Placement.created_at).desc(), col(Placement.id))
    else:
        query = query.order_by(col(Placement.starts_on), col(Placement.id))
    return part_of(session, query, number, size)


def cards_of(session: Session, placements: Sequence[Placement]) -> list[Card]:
    """In the same order, in a fixed number of statements."""
    offers = {
        row.id: row
        for row in session.exec(
            select(Offer).where(col(Offer.id).in_({placement.offer_id for placement in placements}))
        )
    }
    wanted = {placement.organisation_id for placement in placements} | {
        placement.school_id for placement in placements
    }
    organisations = {
        row.id: row for row in session.exec(select(Organisation).where(col(Organisation.id).in_(wanted)))
    }
    youths = {
        row.id: row
        for row in session.exec(
            select(Youth).where(col(Youth.id).in_({one.youth_id for one in placements if one.youth_id}))
        )
    }
    class_ids = {youth.class_id for youth in youths.values()} | {
        one.class_id for one in placements if one.class_id
    }
    classes = {
        row.id: row for row in session.exec(select(SchoolClass).where(col(SchoolClass.id).in_(class_ids)))
    }
    cards = []
    for one in placements:
        youth = youths.get(one.youth_id) if one.youth_id else None
        class_id = youth.class_id if youth else one.class_id
        cards.append(
            Card(
                placement=one,
                offer=offers[one.offer_id],
                organisation=organisations[one.organisation_id],
                school=organisations[one.school_id],
                school_class=classes.get(class_id) if class_id else None,
                youth=youth,
            )
        )
    return cards


def contact_of(session: Session, organisation_id: UUID) -> ContactPerson | None:
    """The fixed contact person, the deputy after him."""
    return session.exec(
        select(ContactPerson)
        .where(ContactPerson.organisation_id == organisation_id)
        .order_by(col(ContactPerson.is_deputy), col(ContactPerson.created_at))
        .limit(1)
    ).first()


def location_of(session: Session, offer: Offer) -> Location | None:
    if offer.location_id is not None:
        return session.get(Location, offer.location_id)
    return session.exec(
        select(Location)
        .where(Location.organisation_id == offer.organisation_id)
        .order_by(col(Location.created_at))
    ).first()


def find_due_question(session: Session, *, lock: bool = False) -> Question | None:
    query = (
        select(Question)
        .where(col(Question.answered_at).is_(None), col(Question.due_at) <= clock.now())
        .order_by(col(Question.due_at), col(Question.id))
        .limit(1)
    )
    return session.exec(query.with_for_update(skip_locked=True) if lock else query).first()


def colleagues_of(session: Session, question: Question) -> Sequence[Account]:
    """Staff of the school that is asked, but for the one who holds the question."""
    contact = session.get(ContactPerson, question.contact_id) if question.contact_id else None
    holder = question.account_id or (contact.account_id if contact else None)
    staff = session.exec(
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            Membership.organisation_id == question.organisation_id,
            Membership.role == Role.SCHOOL_STAFF,
            col(Account.is_active),
        )
        .order_by(col(Account.name), col(Account.id))
    )
    return [account for account in staff if account.id != holder]


def find_to_start(session: Session) -> Placement | None:
    """Agreed, its first day has come, and its papers still hold."""
    for placement in session.exec(
        select(Placement)
        .where(Placement.status == PlacementStatus.AGREED, col(Placement.starts_on) <= clock.today())
        .order_by(col(Placement.starts_on), col(Placement.id))
    ):
        if not any(paper.stops for paper in papers(session, placement)):
            return placement
    return None


def waiting_for_youths(session: Session, actor: Actor) -> dict[UUID, Question]:
    """Of each placement a youth has to answer the open question, the first to end first."""
    mine = (
        policy.visible(actor)
        .where(Placement.status == PlacementStatus.OFFERED, col(Placement.youth_id).is_not(None))
        .subquery()
    )
    rows = session.exec(
        select(Question)
        .join(mine, mine.c.id == col(Question.placement_id))
        .where(Question.kind == QuestionKind.YOUTH_ANSWER, col(Question.answered_at).is_(None))
        .order_by(mine.c.due_at, mine.c.id)
        .limit(MOST_SLIPS)
    )
    return {row.placement_id: row for row in rows if row.placement_id is not None}


def get_placements(session: Session, ids: Collection[UUID]) -> list[Placement]:
    """In the order of the ids."""
    rows = {row.id: row for row in session.exec(select(Placement).where(col(Placement.id).in_(ids)))}
    return [rows[one] for one in ids if one in rows]


def find_agreement(session: Session, placement: Placement) -> Agreement | None:
    return session.exec(select(Agreement).where(Agreement.placement_id == placement.id)).first()


def papers(session: Session, placement: Placement) -> list[engine.Paper]:
    """What the law asks to see of this placement, each with whether it is there."""
    youth = session.get(Youth, placement.youth_id) if placement.youth_id else None
    offer = session.get_one(Offer, placement.offer_id)
    return engine.papers_of(placement, youth, offer, find_agreement(session, placement))


def members_of(session: Session, placement: Placement) -> Sequence[Youth]:
    """The youth, or everybody who is in the class."""
    if placement.youth_id is not None:
        return [session.get_one(Youth, placement.youth_id)]
    return session.exec(
        select(Youth)
        .where(Youth.class_id == placement.class_id, col(Youth.status) != YouthStatus.LEFT)
        .order_by(col(Youth.id))
    ).all()


def has_other_place(session: Session, placement: Placement, first: date, last: date) -> bool:
    """Whether the same youth or class has something else on these days."""
    return (
        session.exec(
            select(Placement.id).where(
                Placement.id != placement.id,
                Placement.youth_id == placement.youth_id,
                Placement.class_id == placement.class_id,
                col(Placement.status).in_(LIVE),
                col(Placement.starts_on) <= last,
                col(Placement.ends_on) >= first,
            )
        ).first()
        is not None
    )


def acknowledged_rules(session: Session, placement: Placement) -> list[str]:
    """What a coordinator took upon himself when he approved."""
    return session.get_one(Suggestion, placement.suggestion_id).acknowledged_rules


def reasons_of(session: Session, placement: Placement) -> list[dict[str, Any]]:
    """Why it was proposed, as the run said it."""
    return session.get_one(Suggestion, placement.suggestion_id).reasons


def school_pc4(session: Session, school_id: UUID) -> str:
    """Where youths leave from who have not said where they live."""
    return (
        session.exec(
            select(Location.pc4)
            .where(Location.organisation_id == school_id)
            .order_by(col(Location.created_at), col(Location.id))
        ).first()
        or ""
    )


def count_asked(session: Session, organisation_id: UUID) -> int:
    """For how many youths or classes this host has been or will be asked since the first of the month.

    What ended before the host heard of it did not ask anything of him.
    """
    host_heard = (
        select(Question.id)
        .where(
            col(Question.placement_id) == col(Placement.id),
            Question.kind == QuestionKind.HOST_ANSWER,
            col(Question.asked_at).is_not(None),
        )
        .exists()
    )
    return session.exec(
        select(func.count(col(Placement.id))).where(
            Placement.organisation_id == organisation_id,
            col(Placement.created_at) >= first_of_month(),
            or_(
                col(Placement.status).not_in(FREES_POSITION),
                col(Placement.host_answered_at).is_not(None),
                host_heard,
            ),
        )
    ).one()


@dataclass(frozen=True, slots=True)
class Cap:
    """How often a host wants to be asked in a month, and how often it was."""

    organisation_id: UUID
    name: str
    most: int | None
    asked: int


def caps_of(session: Session, actor: Actor) -> list[Cap]:
    """Of the hosts for which this person answers, also those that set none."""
    hosts = session.exec(
        select(Organisation)
        .where(col(Organisation.id).in_(actor.organisation_ids))
        .order_by(col(Organisation.name), col(Organisation.id))
    ).all()
    return [Cap(host.id, host.name, host.monthly_cap, count_asked(session, host.id)) for host in hosts]


def first_of_month() -> datetime:
    first = clock.today().replace(day=1)
    return datetime.combine(first, time(), clock.AMSTERDAM).astimezone(UTC)


def count_silent(session: Session, school_id: UUID) -> int:
    """What still waits for youths and hosts though its time is over, of this school."""
    return session.exec(
        select(func.count(col(Placement.id))).where(
            Placement.school_id == school_id,
            col(Placement.status).in_(WAITING),
            ~policy.WAITS_FOR_SCHOOL,
            col(Placement.due_at) <= clock.now(),
        )
    ).one()


def programme_of(session: Session, placement: Placement) -> Programme:
    return session.get_one(Programme, placement.programme_id)


def count_by_status(session: Session, actor: Actor) -> dict[PlacementStatus, int]:
    mine = policy.visible(actor).subquery()
    rows = session.execute(select(mine.c.status, func.count()).group_by(mine.c.status))
    return {PlacementStatus(status): number for status, number in rows.all()}


def age_band(youth: Youth, placement: Placement) -> str:
    """The band a host may know (DOMAIN 3), on the first day."""
    return band_on(youth.birth_year, youth.birth_month, placement.starts_on or clock.today())


def band_on(birth_year: int, birth_month: int, day: date) -> str:
    """13, 14-15, 16-17 or 18+; who is younger than the bands has his age."""
    age = age_on(birth_year, birth_month, day)
    if age < 14:
        return str(age)
    if age < 18:
        return "14-15" if age < 16 else "16-17"
    return "18+"
