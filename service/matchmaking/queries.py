"""Reading runs and suggestions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import Part, part_of
from service.matchmaking import policy
from service.matchmaking.models import (
    PairQuestion,
    Run,
    RunGap,
    RunHelp,
    RunStatus,
    Suggestion,
    SuggestionStatus,
)
from service.offers.models import Offer, OfferStatus
from service.offers.policy import visible as visible_offers
from service.organisations.models import Organisation
from service.programmes.models import Programme
from service.youth.models import SchoolClass, Youth, YouthStatus

DESK_ORDER: tuple[Any, ...] = (
    case((col(Suggestion.allocated_at).is_not(None) | col(Suggestion.class_id).is_not(None), 0), else_=1),
    case((col(Suggestion.meets_wish), 0), else_=1),
    col(Suggestion.alternatives),
    -col(Suggestion.score),
    col(Suggestion.id),
)
"""What a fair allocation gives first, and what meets a wish; then who has the fewest alternatives."""
GOING = (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion with what a person needs to judge it; `youth` is None when a class seeks."""

    suggestion: Suggestion
    offer: Offer
    organisation: Organisation
    school: Organisation
    school_class: SchoolClass
    youth: Youth | None

    @property
    def is_allocated(self) -> bool:
        """Whether the position is meant for this youth; a class takes an offer as one."""
        return self.suggestion.allocated_at is not None or self.suggestion.class_id is not None

    @property
    def reason_codes(self) -> list[str]:
        return [reason["code"] for reason in self.suggestion.reasons]

    @property
    def reasons_to_acknowledge(self) -> list[dict[str, Any]]:
        """What only a named coordinator may take upon himself."""
        return [reason for reason in self.suggestion.reasons if reason["code"] == "needs_school_ack"]

    @property
    def rules_to_acknowledge(self) -> list[str]:
        return [reason["facts"]["rule"] for reason in self.reasons_to_acknowledge]


def get_run(session: Session, actor: Actor, run_id: UUID) -> Run:
    run = session.exec(policy.visible_runs(actor).where(Run.id == run_id)).first()
    if run is None:
        raise NotFound
    found: Run = run
    return found


def list_runs(
    session: Session, actor: Actor, *, programme_id: UUID | None = None, number: int = 1, size: int = 25
) -> Part[Run]:
    query = policy.visible_runs(actor).order_by(col(Run.created_at).desc(), col(Run.id))
    if programme_id is not None:
        query = query.where(Run.programme_id == programme_id)
    return part_of(session, query, number, size)


def find_going_run(
    session: Session, *, programme_id: UUID, request_id: UUID | None, youth_id: UUID | None
) -> Run | None:
    return session.exec(
        select(Run).where(
            col(Run.status).in_(GOING),
            Run.programme_id == programme_id,
            Run.school_request_id == request_id,
            Run.youth_id == youth_id,
        )
    ).first()


def proposals_of(session: Session, suggestions: Sequence[Suggestion]) -> list[Proposal]:
    """The cards of some suggestions, in the same order, in a fixed number of statements."""
    offers = _by_id(session, Offer, {one.offer_id for one in suggestions})
    youths = _by_id(session, Youth, {one.youth_id for one in suggestions if one.youth_id})
    classes = _by_id(
        session,
        SchoolClass,
        {one.class_id for one in suggestions if one.class_id} | {youth.class_id for youth in youths.values()},
    )
    organisations = _by_id(
        session,
        Organisation,
        {offer.organisation_id for offer in offers.values()} | {one.school_id for one in suggestions},
    )
    cards = []
    for one in suggestions:
        youth = youths.get(one.youth_id) if one.youth_id else None
        offer = offers[one.offer_id]
        class_id = youth.class_id if youth else one.class_id
        assert class_id is not None, "a suggestion is for a youth or for a class"
        cards.append(
            Proposal(
                suggestion=one,
                offer=offer,
                organisation=organisations[offer.organisation_id],
                school=organisations[one.school_id],
                school_class=classes[class_id],
                youth=youth,
            )
        )
    return cards


def _by_id(session: Session, table: Any, ids: Iterable[UUID]) -> dict[UUID, Any]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.exec(select(table).where(table.id.in_(wanted)))}


def get_suggestion(session: Session, actor: Actor, suggestion_id: UUID) -> Suggestion:
    found = session.exec(policy.visible_suggestions(actor).where(Suggestion.id == suggestion_id)).first()
    if found is None:
        raise NotFound
    suggestion: Suggestion = found
    return suggestion


def get_proposal(session: Session, actor: Actor, suggestion_id: UUID) -> Proposal:
    return proposals_of(session, [get_suggestion(session, actor, suggestion_id)])[0]


def list_suggestions(
    session: Session,
    actor: Actor,
    *,
    status: SuggestionStatus | None = None,
    run_id: UUID | None = None,
    youth_id: UUID | None = None,
    only_open: bool = False,
    order: str = "new",
    number: int = 1,
    size: int = 25,
) -> Part[Suggestion]:
    query = policy.visible_suggestions(actor)
    if only_open:
        query = query.where(is_open(Suggestion))
    if status is not None:
        query = query.where(Suggestion.status == status)
    if run_id is not None:
        query = query.where(Suggestion.run_id == run_id)
    if youth_id is not None:
        query = query.where(Suggestion.youth_id == youth_id)
    if order == "score":
        query = query.order_by(col(Suggestion.score).desc(), col(Suggestion.id))
    else:
        query = query.order_by(col(Suggestion.created_at).desc(), col(Suggestion.rank), col(Suggestion.id))
    return part_of(session, query, number, size)


def is_open(suggestion: Any) -> ColumnElement[bool]:
    """Nobody has decided, and there is room: a proposal for a full offer waits until a position is free."""
    # Said in this way round, no database begins at the offers and looks every one of them up.
    without_room = select(Offer.id).where(Offer.status != OfferStatus.PUBLISHED)
    condition: ColumnElement[bool] = (
        suggestion.status == SuggestionStatus.PROPOSED
    ) & suggestion.offer_id.not_in(without_room)
    return condition


DECIDED = 0
TURN: Any = case(
    (col(Suggestion.status) == SuggestionStatus.APPROVED, DECIDED),
    (col(Suggestion.allocated_at).is_not(None), 1),
    else_=1 + col(Suggestion.rank),
)
"""What was approved, then what is meant for the seeker, then the others by rank."""
ONE_SEEKER = (func.coalesce(Suggestion.youth_id, Suggestion.class_id), col(Suggestion.run_id))
"""What differs most stands first: that halves the comparing."""


def _at_the_desk(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Suggestion.programme_id).in_(actor.programme_ids),
        # Said apart for the index: what is out of date is most of the table.
        col(Suggestion.status).in_([SuggestionStatus.APPROVED, SuggestionStatus.PROPOSED]),
        (col(Suggestion.status) == SuggestionStatus.APPROVED) | is_open(Suggestion),
    )


def next_at_desk(session: Session, actor: Actor, after: UUID | None = None) -> Suggestion | None:
    """The first of the queue, or the one that follows a proposal that was put aside.

    The queue: of each seeker with nothing approved in the same run what is meant for him, or else the best.
    """
    place = func.row_number().over(partition_by=ONE_SEEKER, order_by=(TURN, col(Suggestion.rank)))
    order = [column.label(f"order_{number}") for number, column in enumerate(DESK_ORDER)]
    listed = select(TURN.label("turn"), place.label("place"), *order).where(*_at_the_desk(actor)).subquery()
    ordered = [listed.c[column.name] for column in order]
    query = select(ordered[-1]).where(listed.c.place == 1, listed.c.turn > DECIDED).order_by(*ordered)
    if after is not None:
        passed = get_suggestion(session, actor, after)
        has_turn = passed.allocated_at is not None or passed.class_id is not None
        place_of_it = (
            int(not has_turn),
            int(not passed.meets_wish),
            passed.alternatives,
            -passed.score,
            passed.id,
        )
        query = query.where(
            tuple_(*ordered) > tuple_(*place_of_it, types=[column.type for column in DESK_ORDER])
        )
    found = session.exec(query.limit(1)).first()
    return None if found is None else session.get_one(Suggestion, found)


def count_to_decide(session: Session, actor: Actor) -> int:
    """How long the queue of the desk is."""
    if not actor.programme_ids:
        return 0
    open_seekers = (
        select(func.min(TURN))
        .where(*_at_the_desk(actor))
        .group_by(*ONE_SEEKER)
        .having(func.min(TURN) > DECIDED)
    )
    return int(session.execute(select(func.count()).select_from(open_seekers.subquery())).scalar_one())


def alternatives_of(session: Session, suggestion: Suggestion) -> list[Proposal]:
    """What else the same run proposed to the same seeker and is still open."""
    rows = session.exec(
        select(Suggestion)
        .where(
            Suggestion.run_id == suggestion.run_id,
            Suggestion.youth_id == suggestion.youth_id,
            Suggestion.class_id == suggestion.class_id,
            Suggestion.id != suggestion.id,
            is_open(Suggestion),
        )
        .order_by(col(Suggestion.rank))
    ).all()
    return proposals_of(session, rows)


def count_rivals(session: Session, suggestion: Suggestion) -> int:
    """How many other seekers have an open proposal for the same offer."""
    return session.exec(
        select(func.count(col(Suggestion.id))).where(
            Suggestion.offer_id == suggestion.offer_id,
            Suggestion.id != suggestion.id,
            Suggestion.status == SuggestionStatus.PROPOSED,
        )
    ).one()


def count_interest(session: Session, offer_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Open proposals per offer: all a host may know before approval, and then as «fewer than five»."""
    rows = session.exec(
        select(Suggestion.offer_id, func.count(col(Suggestion.id)))
        .where(col(Suggestion.offer_id).in_(set(offer_ids)), Suggestion.status == SuggestionStatus.PROPOSED)
        .group_by(col(Suggestion.offer_id))
    )
    return dict(rows.all())


def list_gaps(
    session: Session, actor: Actor, run: Run, number: int = 1
) -> Part[tuple[RunGap, SchoolClass, Youth | None]]:
    """Youths, or the class that sought as one, for whom a run found nothing; only those the actor may see."""
    query: Any = (
        select(RunGap, SchoolClass, Youth)
        .join(Youth, col(Youth.id) == col(RunGap.youth_id), isouter=True)
        .join(SchoolClass, col(SchoolClass.id) == func.coalesce(RunGap.class_id, Youth.class_id))
        .where(RunGap.run_id == run.id)
        .order_by(col(RunGap.school_id), col(Youth.first_name), col(RunGap.id))
    )
    if run.programme_id not in actor.programme_ids:
        query = query.where(
            col(RunGap.school_id).in_(actor.school_ids) | col(SchoolClass.id).in_(actor.class_ids)
        )
    return part_of(session, query, number)


def programmes_to_run(session: Session, actor: Actor) -> Sequence[Programme]:
    return session.exec(
        select(Programme).where(col(Programme.id).in_(actor.programme_ids)).order_by(col(Programme.name))
    ).all()


def youth_programme(session: Session, youth_id: UUID) -> Programme | None:
    return session.exec(
        select(Programme)
        .join(SchoolClass, col(SchoolClass.programme_id) == col(Programme.id))
        .join(Youth, col(Youth.class_id) == col(SchoolClass.id))
        .where(Youth.id == youth_id)
    ).first()


def latest_own_run(session: Session, actor: Actor) -> Run | None:
    return session.exec(
        select(Run).where(Run.youth_id == actor.youth_id).order_by(col(Run.created_at).desc()).limit(1)
    ).first()


def has_place(session: Session, youth_id: UUID) -> bool:
    """Whether a coordinator said yes to something for this youth, and nobody has said no since."""
    found = session.exec(
        select(Suggestion.id).where(
            Suggestion.youth_id == youth_id,
            Suggestion.status == SuggestionStatus.APPROVED,
        )
    ).first()
    return found is not None


def has_open_proposal(session: Session, youth_id: UUID) -> bool:
    found = session.exec(
        select(Suggestion.id).where(Suggestion.youth_id == youth_id, is_open(Suggestion)).limit(1)
    ).first()
    return found is not None


def has_moved_up(session: Session, suggestion: Suggestion) -> bool:
    """Whether the position became his after the run, because somebody else does not come."""
    if suggestion.allocated_at is None:
        return False
    finished_at = session.exec(select(Run.finished_at).where(Run.id == suggestion.run_id)).one()
    return finished_at is not None and suggestion.allocated_at > finished_at


def outdated_runs(session: Session, youth_id: UUID, run_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these runs after which an answer of this youth became another one."""
    return set(
        session.exec(
            select(Run.id)
            .join(Youth, col(Youth.updated_at) > func.coalesce(Run.started_at, Run.created_at))
            .where(Youth.id == youth_id, col(Run.id).in_(set(run_ids)))
        )
    )


def help_for_youth(session: Session, youth_id: UUID) -> RunHelp | None:
    """What the last run that looked for this youth found would help; who has plenty is told nothing."""
    return session.exec(
        select(RunHelp).where(RunHelp.youth_id == youth_id).order_by(col(RunHelp.created_at).desc()).limit(1)
    ).first()


def help_for_offer(session: Session, offer_id: UUID) -> list[tuple[Programme, RunHelp]]:
    """By programme, what its last run found would help; empty when a last run of any proposed the offer.

    A run for everybody in a programme goes before one for a school's request, which asks few of them.
    """
    if _is_proposed(session, offer_id):
        return []
    rows = session.exec(
        select(Programme, RunHelp)
        .join(Run, col(Run.programme_id) == col(Programme.id))
        .join(RunHelp, col(RunHelp.run_id) == col(Run.id))
        .where(RunHelp.offer_id == offer_id)
        .order_by(
            col(Programme.name),
            col(Programme.id),
            case((col(Run.school_request_id).is_(None), 0), else_=1),
            col(RunHelp.created_at).desc(),
        )
    )
    newest: dict[UUID, tuple[Programme, RunHelp]] = {}
    for programme, found in rows:
        newest.setdefault(programme.id, (programme, found))
    return list(newest.values())


def _is_proposed(session: Session, offer_id: UUID) -> bool:
    """Whether a proposal of it stands, or was in the last run for everybody in a programme."""
    later = aliased(Run)
    last_runs = select(Run.id).where(
        *_for_everybody(Run),
        ~select(later.id)
        .where(
            *_for_everybody(later),
            later.programme_id == Run.programme_id,
            col(later.finished_at) > col(Run.finished_at),
        )
        .exists(),
    )
    return (
        session.exec(
            select(Suggestion.id)
            .where(
                Suggestion.offer_id == offer_id,
                col(Suggestion.status).in_([SuggestionStatus.PROPOSED, SuggestionStatus.APPROVED])
                | col(Suggestion.run_id).in_(last_runs),
            )
            .limit(1)
        ).first()
        is not None
    )


def _for_everybody(run: Any) -> tuple[ColumnElement[bool], ...]:
    return (run.status == RunStatus.DONE, run.youth_id.is_(None), run.school_request_id.is_(None))


def help_for_youths(session: Session, youth_ids: Iterable[UUID]) -> dict[UUID, RunHelp]:
    """For a list of youths in one statement; the caller may see them."""
    rows = session.exec(
        select(RunHelp).where(col(RunHelp.youth_id).in_(set(youth_ids))).order_by(col(RunHelp.created_at))
    )
    return {row.youth_id: row for row in rows if row.youth_id is not None}


def help_of_run(session: Session, run: Run, gaps: Iterable[RunGap]) -> dict[UUID, RunHelp]:
    """By youth or class, for the gaps on a page."""
    seekers = {gap.youth_id or gap.class_id for gap in gaps}
    rows = session.exec(
        select(RunHelp).where(
            RunHelp.run_id == run.id,
            col(RunHelp.youth_id).in_(seekers) | col(RunHelp.class_id).in_(seekers),
        )
    )
    return {seeker: row for row in rows if (seeker := row.youth_id or row.class_id) is not None}


def count_own_runs(session: Session, youth_id: UUID, since: datetime) -> int:
    return session.exec(
        select(func.count(col(Run.id))).where(Run.youth_id == youth_id, col(Run.created_at) >= since)
    ).one()


def get_question(session: Session, actor: Actor, question_id: UUID) -> PairQuestion:
    found = session.exec(policy.visible_questions(actor).where(PairQuestion.id == question_id)).first()
    if found is None:
        raise NotFound
    question: PairQuestion = found
    return question


def count_waiting_questions(session: Session, actor: Actor) -> int:
    return session.exec(
        select(func.count(col(PairQuestion.id))).where(
            PairQuestion.asked_by == actor.account_id, col(PairQuestion.due_at).is_not(None)
        )
    ).one()


MOST_FOUND = 20


def youths_to_ask_about(session: Session, actor: Actor, text: str) -> Sequence[tuple[Youth, SchoolClass]]:
    """By a part of the name or the number, in the actor's programmes; nothing without a text."""
    if not text:
        return []
    return session.exec(
        select(Youth, SchoolClass)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(
            col(SchoolClass.programme_id).in_(actor.programme_ids),
            col(Youth.status) != YouthStatus.LEFT,
            col(Youth.first_name).icontains(text, autoescape=True)
            | col(Youth.external_id).icontains(text, autoescape=True),
        )
        .order_by(col(Youth.first_name), col(SchoolClass.name), col(Youth.id))
        .limit(MOST_FOUND)
    ).all()


def offers_to_ask_about(session: Session, actor: Actor, text: str) -> Sequence[tuple[Offer, Organisation]]:
    """By a part of the title or of the host's name, also what is full or not published."""
    if not text:
        return []
    mine = visible_offers(actor).subquery()
    return session.exec(
        select(Offer, Organisation)
        .join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
        .where(
            col(Offer.id).in_(select(mine.c.id)),
            col(Offer.status) != OfferStatus.CLOSED,
            col(Offer.title).icontains(text, autoescape=True)
            | col(Organisation.name).icontains(text, autoescape=True),
        )
        .order_by(col(Offer.title), col(Offer.id))
        .limit(MOST_FOUND)
    ).all()


@dataclass(frozen=True, slots=True)
class PairCard:
    """A youth and an offer, to be named on a page."""

    youth: Youth
    school_class: SchoolClass
    offer: Offer
    organisation: Organisation


def pair_of(session: Session, question: PairQuestion) -> PairCard:
    youth = session.get_one(Youth, question.youth_id)
    offer = session.get_one(Offer, question.offer_id)
    return PairCard(
        youth=youth,
        school_class=session.get_one(SchoolClass, youth.class_id),
        offer=offer,
        organisation=session.get_one(Organisation, offer.organisation_id),
    )


def offers_of_help(session: Session, found: RunHelp | None) -> dict[str, Offer]:
    """The best offer of each change, by id as text, for those who may know which it is."""
    ids = [UUID(change["best_offer"]) for change in found.changes if "best_offer" in change] if found else []
    return {str(offer_id): offer for offer_id, offer in _by_id(session, Offer, ids).items()}
