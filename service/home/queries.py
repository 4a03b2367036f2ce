"""What each role should do now: counts, each with the page where the work is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from service.core.actor import Actor
from service.core.i18n import Message, _
from service.core.paging import Part, part_of
from service.insights.queries import count_shortage
from service.mail.queries import count_failed, count_held, count_stuck
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.matchmaking.queries import count_interest, count_to_decide, is_open
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Organisation, OrganisationStatus
from service.organisations.queries import count_waiting
from service.placements.models import Placement, PlacementStatus
from service.placements.policy import WAITS_FOR_HOST, WAITS_FOR_SCHOOL
from service.placements.policy import visible as visible_placements
from service.placements.rescue import count_calls
from service.school_requests.models import SchoolRequest, SchoolRequestStatus
from service.youth.models import SchoolClass, Youth, YouthStatus

SMALLEST_COUNT_SHOWN = 5
"""A host sees «fewer than 5» below this (DOMAIN 3)."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: how many wait, in words, and where."""

    number: int
    text: Message
    href: str


@dataclass(frozen=True, slots=True)
class Interest:
    """An own offer with how many youths are proposed for it, coarse when few."""

    offer: Offer
    shown: str


def tasks_of(session: Session, actor: Actor) -> list[Task]:
    """Only what waits; an empty list means that nothing does."""
    tasks: list[Task] = []
    if actor.is_coordinator:
        tasks += _coordinator_tasks(session, actor)
    if actor.is_school_staff:
        tasks += _school_tasks(session, actor)
    if actor.is_contact:
        tasks += _contact_tasks(session, actor)
    if actor.is_admin:
        tasks += _admin_tasks(session, actor)
    return [task for task in tasks if task.number]


def _count_placements(session: Session, actor: Actor, which: ColumnElement[bool]) -> int:
    mine = visible_placements(actor).where(which).subquery()
    return int(session.execute(select(func.count()).select_from(mine)).scalar_one())


def _coordinator_tasks(session: Session, actor: Actor) -> list[Task]:
    open_requests = session.exec(
        select(func.count(col(SchoolRequest.id))).where(
            col(SchoolRequest.programme_id).in_(actor.programme_ids),
            SchoolRequest.status == SchoolRequestStatus.OPEN,
        )
    ).one()
    return [
        Task(count_to_decide(session, actor), _("proposals to decide on"), "/desk"),
        Task(open_requests, _("requests of schools that are open"), "/school-requests"),
        Task(
            _count_placements(session, actor, WAITS_FOR_HOST),
            _("placements that wait for the host"),
            "/placements?status=accepted",
        ),
        Task(
            _count_placements(session, actor, WAITS_FOR_SCHOOL),
            _("other days that hosts propose: say whether they are possible"),
            "/placements?status=other_days",
        ),
        Task(count_youths_with_nothing(session, actor), _("youths with nothing yet"), "/youths-with-nothing"),
        Task(
            count_shortage(session, actor), _("positions short: see where, and whom to ask"), "/bottlenecks"
        ),
        Task(count_waiting(session, actor), _("organisations to look at first"), "/organisations?waits=yes"),
        Task(count_calls(session, actor), _("hosts to phone"), "/rescue"),
    ]


def _school_tasks(session: Session, actor: Actor) -> list[Task]:
    without_profile = session.exec(
        select(func.count(col(Youth.id))).where(
            _own_youths(actor), col(Youth.profile_done_at).is_(None), col(Youth.status) != YouthStatus.LEFT
        )
    ).one()
    return [
        Task(without_profile, _("youths who have not filled in their wishes"), "/classes"),
        Task(
            _count_placements(session, actor, col(Placement.status) == PlacementStatus.OFFERED),
            _("placements that wait for the youth"),
            "/placements?status=offered",
        ),
        Task(
            _count_placements(session, actor, WAITS_FOR_SCHOOL),
            _("other days that hosts propose: say whether they are possible"),
            "/placements?status=other_days",
        ),
        Task(count_youths_with_nothing(session, actor), _("youths with nothing yet"), "/youths-with-nothing"),
    ]


def _contact_tasks(session: Session, actor: Actor) -> list[Task]:
    def count(status: OfferStatus) -> int:
        return session.exec(
            select(func.count(col(Offer.id))).where(
                col(Offer.organisation_id).in_(actor.organisation_ids), Offer.status == status
            )
        ).one()

    return [
        Task(
            _count_placements(session, actor, WAITS_FOR_HOST),
            _("youths who wait for your answer"),
            "/placements?status=accepted",
        ),
        Task(count(OfferStatus.DRAFT), _("offers not published yet"), "/offers"),
        Task(
            _count_placements(session, actor, col(Placement.status) == PlacementStatus.CONFIRMED),
            _("youths who will come"),
            "/placements?status=confirmed",
        ),
    ]


def _admin_tasks(session: Session, actor: Actor) -> list[Task]:
    return [
        Task(count_stuck(session, actor), _("mails that cannot leave now: see why"), "/mails?status=queued"),
        Task(
            count_failed(session, actor),
            _("mails of this week not delivered: see why"),
            "/mails?status=failed",
        ),
        Task(count_held(session, actor), _("addresses that get no mail"), "/mails/held"),
    ]


def _own_youths(actor: Actor) -> ColumnElement[bool]:
    return col(Youth.school_id).in_(actor.school_ids) | col(Youth.class_id).in_(actor.class_ids)


def _with_nothing(actor: Actor) -> Any:
    """Youths with finished answers, without an open proposal and without a placement that goes on."""
    has_something = select(Suggestion.youth_id).where(
        col(Suggestion.youth_id).is_not(None),
        (col(Suggestion.status) == SuggestionStatus.APPROVED) | is_open(Suggestion),
    )
    return (
        select(Youth, SchoolClass)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(
            _own_youths(actor) | col(SchoolClass.programme_id).in_(actor.programme_ids),
            Youth.status == YouthStatus.ACTIVE,
            col(Youth.profile_done_at).is_not(None),
            col(Youth.id).not_in(has_something),
        )
    )


def count_youths_with_nothing(session: Session, actor: Actor) -> int:
    counted = _with_nothing(actor).with_only_columns(func.count(col(Youth.id)))
    return int(session.execute(counted).scalar_one())


def list_youths_with_nothing(
    session: Session, actor: Actor, number: int = 1
) -> Part[tuple[Youth, SchoolClass]]:
    found = _with_nothing(actor).order_by(col(SchoolClass.name), col(Youth.first_name), col(Youth.id))
    return part_of(session, found, number)


def school_names(session: Session, rows: Sequence[tuple[Youth, SchoolClass]]) -> dict[UUID, str]:
    schools = {youth.school_id for youth, _class in rows}
    found = session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(schools)))
    return dict(found.all())


def interest_in(session: Session, actor: Actor) -> list[Interest]:
    """Own published offers; before approval a host learns a count and nothing else."""
    offers = session.exec(
        select(Offer)
        .where(
            col(Offer.organisation_id).in_(actor.organisation_ids),
            col(Offer.status).in_((OfferStatus.PUBLISHED, OfferStatus.FULL)),
        )
        .order_by(col(Offer.title), col(Offer.id))
        .limit(20)
    ).all()
    counts = count_interest(session, [offer.id for offer in offers])
    return [Interest(offer, coarse(counts.get(offer.id, 0))) for offer in offers]


def coarse(number: int) -> str:
    return str(number) if number == 0 or number >= SMALLEST_COUNT_SHOWN else f"<{SMALLEST_COUNT_SHOWN}"


@dataclass(frozen=True, slots=True)
class PublicNumbers:
    offers: int
    positions: int
    hosts: int


def public_numbers(session: Session) -> PublicNumbers:
    offers, positions, hosts = session.exec(
        select(
            func.count(col(Offer.id)),
            func.coalesce(func.sum(Offer.positions - Offer.positions_taken), 0),
            func.count(func.distinct(Offer.organisation_id)),
        )
        .join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
        .where(Offer.status == OfferStatus.PUBLISHED, Organisation.status == OrganisationStatus.ACTIVE)
    ).one()
    return PublicNumbers(int(offers), int(positions), int(hosts))


def own_placements(session: Session, actor: Actor) -> list[Placement]:
    """A youth's answers that wait, and what comes."""
    return list(
        session.exec(
            select(Placement)
            .where(
                Placement.youth_id == actor.youth_id,
                col(Placement.status).in_(
                    (
                        PlacementStatus.OFFERED,
                        PlacementStatus.ACCEPTED,
                        PlacementStatus.CONFIRMED,
                        PlacementStatus.AGREED,
                        PlacementStatus.ACTIVE,
                    )
                ),
            )
            .order_by(col(Placement.starts_on), col(Placement.id))
        )
    )


def own_profile(session: Session, actor: Actor) -> Youth | None:
    return session.get(Youth, actor.youth_id) if actor.youth_id else None
