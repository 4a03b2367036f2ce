"""The statements behind the sections, one per audience, built once; `place_id` says of which place."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.core.db import UtcDateTime
from service.digests.models import Audience
from service.insights.models import Analysis, Bottleneck, Recruit, Scope
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.matchmaking.queries import is_open
from service.offers.lifecycle import LIVE
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Location, Organisation, OrganisationKind
from service.placements.lifecycle import FREES_POSITION, SETTLED
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.placements.policy import WAITS_FOR_HOST, WAITS_FOR_SCHOOL
from service.placements.waiting import WILL_COME, is_late_host, is_late_youth
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus
from service.reference.models import Postcode
from service.school_requests.models import SchoolRequest, SchoolRequestStatus
from service.youth.models import SchoolClass, Youth, YouthStatus

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
GOING_ON = (ProgrammeStatus.OPEN, ProgrammeStatus.MATCHING, ProgrammeStatus.RUNNING)
KNOWS_PEOPLE = (OrganisationKind.PARTNER, OrganisationKind.MUNICIPALITY)
MOST_NAMED = 3
"""Of gaps and bottlenecks the largest are told; the page has the rest."""
# Half an hour by bike under 18 (DOMAIN 6): 12 km/h over a detour of 1.3.
REACH_KM, REACH_MINUTES = 4.6, 30
# Of one degree, in the middle of the Netherlands; good to 3 % from Limburg to the Wadden.
KM_NORTH, KM_EAST = 111.2, 68.3

PLACE = bindparam("place_id", type_=Uuid())
SINCE, UNTIL = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())
LATE_SINCE = bindparam("late", type_=UtcDateTime())
SCHOOL_OF_CLASS = select(col(SchoolClass.school_id)).where(col(SchoolClass.id) == PLACE).scalar_subquery()
TODAY, SOON_ON = bindparam("today", type_=Date()), bindparam("soon", type_=Date())
TOLD_SOON_ON = bindparam("told_soon", type_=Date())
"""Up to where «soon» reached the last time."""
CONFIRMED_BEFORE = bindparam("to_confirm", type_=UtcDateTime())
NEARLY_OVER = bindparam("nearly_over", type_=UtcDateTime())
Statements = Mapping[Audience, Select[Any]]


def _is_new(moment: Any) -> ColumnElement[bool]:
    return (col(moment) > SINCE) & (col(moment) <= UNTIL)


def _count_if(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _per(make: Callable[[Audience], Select[Any]], *audiences: Audience) -> Statements:
    return {audience: make(audience) for audience in audiences}


def _about(table: type[Suggestion] | type[Placement], audience: Audience) -> ColumnElement[bool]:
    """Of the place: of its youths, alone or with their class."""
    if audience is Audience.CLASS:
        members = select(col(Youth.id)).where(col(Youth.class_id) == PLACE)
        return or_(col(table.class_id) == PLACE, col(table.youth_id).in_(members))
    if audience is Audience.PROGRAMME:
        return col(table.programme_id) == PLACE
    if audience is Audience.HOST:
        return col(Placement.organisation_id) == PLACE
    return col(table.school_id) == PLACE


def _youths(audience: Audience) -> ColumnElement[bool]:
    columns: Mapping[Audience, Any] = {
        Audience.SCHOOL: Youth.school_id,
        Audience.CLASS: Youth.class_id,
        Audience.PROGRAMME: SchoolClass.programme_id,
    }
    return col(columns[audience]) == PLACE


YOUTHS_TOLD_OF = (Audience.SCHOOL, Audience.CLASS, Audience.PROGRAMME)
PROGRAMMES_GOING_ON = select(col(Programme.id)).where(col(Programme.status).in_(GOING_ON))
OTHER = aliased(Suggestion)


def _not_by_status(table: Any) -> Any:
    """The state, without its index: SQLite would begin with all that is open or approved, of every school."""
    as_text = type_coerce(table.status, String).concat("")
    return type_coerce(as_text, table.status.type)


def _has_approved(seeker: str) -> ColumnElement[bool]:
    """In the same run, by the index per seeker."""
    return exists().where(
        col(OTHER.run_id) == col(Suggestion.run_id),
        getattr(OTHER, seeker) == getattr(Suggestion, seeker),
        _not_by_status(OTHER) == SuggestionStatus.APPROVED,
    )


def _proposals(audience: Audience) -> Any:
    """Seekers, not proposals: a youth with five open ones is one youth to decide on, as on the first page."""
    is_new = _is_new(Suggestion.created_at)
    return select(
        func.count(col(Suggestion.youth_id).distinct()).label("youths"),
        func.count(col(Suggestion.class_id).distinct()).label("classes"),
        func.count(case((is_new, col(Suggestion.youth_id))).distinct()).label("new"),
    ).where(
        _about(Suggestion, audience),
        is_open(SimpleNamespace(status=_not_by_status(Suggestion), offer_id=col(Suggestion.offer_id))),
        exists().where(
            col(Programme.id) == col(Suggestion.programme_id), col(Programme.status).in_(GOING_ON)
        ),
        ~_has_approved("youth_id"),
        ~_has_approved("class_id"),
    )


def _decisions(audience: Audience) -> Select[Any]:
    refused = select(func.count()).where(
        _about(Suggestion, audience),
        col(Suggestion.status) == SuggestionStatus.REFUSED,
        _is_new(Suggestion.decided_at),
        # A placement that ended without a yes makes its suggestion a refused one: it is told as a placement.
        ~exists().where(col(Placement.suggestion_id) == col(Suggestion.id)),
    )
    return select(
        _count_if(_is_new(Placement.host_answered_at) & col(Placement.status).in_(SETTLED)).label("settled"),
        _count_if(_is_new(Placement.created_at)).label("approved"),
        refused.scalar_subquery().label("refused"),
        _count_if(_is_new(Placement.ended_at) & col(Placement.status).in_(FREES_POSITION)).label(
            "fallen_through"
        ),
    ).where(_about(Placement, audience))


WAITS_FOR_YOUTH = col(Placement.status) == PlacementStatus.OFFERED


def _answers(audience: Audience) -> Select[Any]:
    return select(
        _count_if(WAITS_FOR_YOUTH).label("youths"),
        _count_if(WAITS_FOR_HOST).label("hosts"),
        _count_if(
            WAITS_FOR_YOUTH & _is_new(Placement.created_at)
            | WAITS_FOR_HOST & _is_new(Placement.youth_answered_at)
        ).label("fresh"),
    ).where(_about(Placement, audience))


IS_LATE_YOUTH, IS_LATE_HOST = is_late_youth(LATE_SINCE), is_late_host(LATE_SINCE)


def _late(audience: Audience) -> Select[Any]:
    return select(_count_if(IS_LATE_YOUTH).label("youths"), _count_if(IS_LATE_HOST).label("hosts")).where(
        _about(Placement, audience)
    )


def _late_hosts(audience: Audience) -> Any:
    """Of the longest late first; one more than is named, to know whether there are others."""
    return (
        select(col(Organisation.name))
        .join(Placement, col(Placement.organisation_id) == col(Organisation.id))
        .where(_about(Placement, audience), IS_LATE_HOST)
        .group_by(col(Organisation.id), col(Organisation.name))
        .order_by(func.min(col(Placement.youth_answered_at)), col(Organisation.name))
        .limit(MOST_NAMED + 1)
    )


def _other_days(audience: Audience) -> Select[Any]:
    is_nearly_over = WAITS_FOR_SCHOOL & (col(Placement.due_at) < NEARLY_OVER)
    return select(
        _count_if(WAITS_FOR_SCHOOL).label("waiting"), _count_if(is_nearly_over).label("late")
    ).where(_about(Placement, audience))


def _taking_part(audience: Audience) -> tuple[ColumnElement[bool], ...]:
    return (
        _youths(audience),
        or_(col(SchoolClass.programme_id).is_(None), col(SchoolClass.programme_id).in_(PROGRAMMES_GOING_ON)),
        exists().where(
            col(ProgrammeSchool.school_id) == col(Youth.school_id),
            col(ProgrammeSchool.programme_id).in_(PROGRAMMES_GOING_ON),
        ),
    )


# As the page it leads to counts: finished answers, nothing open and nothing approved.
HAS_SOMETHING = exists().where(
    col(Suggestion.youth_id) == col(Youth.id),
    or_(col(Suggestion.status) == SuggestionStatus.APPROVED, is_open(Suggestion)),
)


def _with_nothing(audience: Audience, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Youth)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(
            *_taking_part(audience),
            col(Youth.status) == YouthStatus.ACTIVE,
            col(Youth.profile_done_at).is_not(None),
            ~HAS_SOMETHING,
        )
    )


def _nothing_yet(audience: Audience) -> Select[Any]:
    return _with_nothing(audience, func.count(col(Youth.id)).label("youths"))


def _wishes(audience: Audience) -> Select[Any]:
    return _with_nothing(audience, col(Youth.wishes))


def _profiles(audience: Audience) -> Select[Any]:
    return (
        select(func.count(col(Youth.id)).label("youths"))
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(
            *_taking_part(audience),
            col(Youth.status) != YouthStatus.LEFT,
            col(Youth.profile_done_at).is_(None),
        )
    )


def _starting_soon(audience: Audience) -> Select[Any]:
    was_too_far_off = col(Placement.starts_on) > TOLD_SOON_ON
    return select(
        func.count().label("placements"),
        _count_if(was_too_far_off | _is_new(Placement.host_answered_at)).label("fresh"),
    ).where(
        _about(Placement, audience),
        col(Placement.status).in_(WILL_COME),
        col(Placement.starts_on).between(TODAY, SOON_ON),
    )


def _is_near(there: Any, organisation_id: Any) -> ColumnElement[bool]:
    """Whether a postcode lies within reach of a place of the organisation."""
    home = aliased(Postcode)
    north = (col(there.latitude) - col(home.latitude)) * KM_NORTH
    east = (col(there.longitude) - col(home.longitude)) * KM_EAST
    is_near = north * north + east * east <= REACH_KM * REACH_KM
    return (
        select(literal(1))
        .select_from(Location)
        .join(home, col(home.pc4) == col(Location.pc4))
        .where(col(Location.organisation_id) == organisation_id, is_near)
        .correlate(there)
        .exists()
    )


def _new_offers(_audience: Audience) -> Select[Any]:
    there = aliased(Postcode)
    return (
        select(func.count(col(Offer.id)).label("offers"))
        .join(there, col(there.pc4) == col(Offer.pc4))
        .where(
            col(Offer.status) == OfferStatus.PUBLISHED, _is_new(Offer.published_at), _is_near(there, PLACE)
        )
    )


def _free_nearby(audience: Audience) -> Any:
    there = aliased(Postcode)
    school = PLACE if audience is Audience.SCHOOL else SCHOOL_OF_CLASS
    return (
        select(col(Offer.kind), col(Offer.sectors), col(Offer.positions) - col(Offer.positions_taken))
        .join(there, col(there.pc4) == col(Offer.pc4))
        .where(
            col(Offer.status) == OfferStatus.PUBLISHED,
            col(Offer.positions) > col(Offer.positions_taken),
            _is_near(there, school),
        )
    )


def _wanted_nearby(_audience: Audience) -> Any:
    """As found out since the last time, for who is there to find others: a partner or a municipality."""
    there = aliased(Postcode)
    return (
        select(col(Recruit.sector), func.sum(col(Recruit.positions)))
        .join(there, col(there.pc4) == col(Recruit.pc4))
        .join(Analysis, col(Analysis.id) == col(Recruit.analysis_id))
        .where(
            col(Recruit.scope) == Scope.WISH,
            _is_new(Analysis.computed_at),
            col(Analysis.programme_id).in_(PROGRAMMES_GOING_ON),
            exists().where(col(Organisation.id) == PLACE, col(Organisation.kind).in_(KNOWS_PEOPLE)),
            _is_near(there, PLACE),
        )
        .group_by(col(Recruit.sector))
    )


def _shortage(_audience: Audience) -> Any:
    return select(func.coalesce(func.max(col(Analysis.shortage_wish)), 0).label("short")).where(
        col(Analysis.programme_id) == PLACE, col(Analysis.computed_at).is_not(None)
    )


def _bottlenecks(_audience: Audience) -> Any:
    return (
        select(
            col(Bottleneck.seekers), col(Bottleneck.positions), col(Bottleneck.sectors), col(Bottleneck.pc4s)
        )
        .join(Analysis, col(Analysis.id) == col(Bottleneck.analysis_id))
        .where(col(Analysis.programme_id) == PLACE, col(Bottleneck.scope) == Scope.WISH)
        .order_by(col(Bottleneck.number))
        .limit(MOST_NAMED)
    )


def _recruits(_audience: Audience) -> Any:
    return (
        select(col(Recruit.sector), col(Recruit.pc4), col(Recruit.positions))
        .join(Analysis, col(Analysis.id) == col(Recruit.analysis_id))
        .where(col(Analysis.programme_id) == PLACE, col(Recruit.scope) == Scope.WISH)
        .order_by(col(Recruit.number))
        .limit(MOST_NAMED)
    )


def _requests(_audience: Audience) -> Select[Any]:
    return select(func.count(col(SchoolRequest.id)).label("requests")).where(
        col(SchoolRequest.programme_id) == PLACE, col(SchoolRequest.status) == SchoolRequestStatus.OPEN
    )


def _class_places(_audience: Audience) -> Select[Any]:
    """Members with a settled placement, at both ends of the span."""

    def placed(until: Any) -> Any:
        return (
            select(func.count(col(Placement.youth_id).distinct()))
            .where(
                col(Placement.youth_id).in_(select(members.c.id)),
                col(Placement.status).in_(SETTLED),
                col(Placement.host_answered_at) <= until,
            )
            .scalar_subquery()
        )

    members = (
        select(col(Youth.id))
        .where(col(Youth.class_id) == PLACE, col(Youth.status) != YouthStatus.LEFT)
        .subquery()
    )
    number = select(func.count()).select_from(members).scalar_subquery()
    return select(number.label("members"), placed(SINCE).label("before"), placed(UNTIL).label("now"))


def _coming(_audience: Audience) -> Any:
    return (
        select(col(Placement.starts_on), col(Organisation.name), func.sum(col(Placement.positions)))
        .join(Organisation, col(Organisation.id) == col(Placement.school_id))
        .where(
            col(Placement.organisation_id) == PLACE,
            col(Placement.status).in_(WILL_COME),
            col(Placement.starts_on).between(TODAY, SOON_ON),
        )
        .group_by(col(Placement.starts_on), col(Organisation.name))
        .order_by(col(Placement.starts_on), col(Organisation.name))
    )


def _completed(_audience: Audience) -> Any:
    return (
        select(
            col(Placement.positions),
            col(Placement.starts_on),
            col(Placement.ends_on),
            col(Offer.weekdays),
            col(Offer.hours_per_day),
        )
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .where(
            col(Placement.organisation_id) == PLACE,
            col(Placement.status) == PlacementStatus.COMPLETED,
            _is_new(Placement.ended_at),
        )
    )


def _to_answer(_audience: Audience) -> Select[Any]:
    return select(
        _count_if(WAITS_FOR_HOST).label("waiting"),
        _count_if(IS_LATE_HOST).label("late"),
    ).where(col(Placement.organisation_id) == PLACE)


def _to_confirm(_audience: Audience) -> Select[Any]:
    """Asked by mail and neither answered there nor confirmed in another way since."""
    return (
        select(func.count(col(Question.id)).label("offers"))
        .join(Offer, col(Offer.id) == col(Question.offer_id))
        .where(
            col(Question.organisation_id) == PLACE,
            col(Question.kind) == QuestionKind.OFFER_HOLDS,
            col(Question.asked_at).is_not(None),
            col(Question.answered_at).is_(None),
            col(Offer.status).in_(LIVE),
            or_(col(Offer.confirmed_at).is_(None), col(Offer.confirmed_at) < CONFIRMED_BEFORE),
        )
    )


PROPOSALS = _per(_proposals, *YOUTHS_TOLD_OF)
DECISIONS = _per(_decisions, *YOUTHS_TOLD_OF)
ANSWERS = _per(_answers, *YOUTHS_TOLD_OF)
LATE = _per(_late, *YOUTHS_TOLD_OF)
LATE_HOSTS = _per(_late_hosts, *YOUTHS_TOLD_OF)
OTHER_DAYS = _per(_other_days, *YOUTHS_TOLD_OF)
NOTHING_YET = _per(_nothing_yet, *YOUTHS_TOLD_OF)
WISHES = _per(_wishes, Audience.SCHOOL, Audience.CLASS)
FREE_NEARBY = _per(_free_nearby, Audience.SCHOOL, Audience.CLASS)
WANTED_NEARBY = _per(_wanted_nearby, Audience.HOST)
SHORTAGE = _per(_shortage, Audience.PROGRAMME)
BOTTLENECKS = _per(_bottlenecks, Audience.PROGRAMME)
RECRUITS = _per(_recruits, Audience.PROGRAMME)
PROFILES = _per(_profiles, *YOUTHS_TOLD_OF)
STARTING_SOON = _per(_starting_soon, *YOUTHS_TOLD_OF)
NEW_OFFERS = _per(_new_offers, Audience.SCHOOL)
REQUESTS = _per(_requests, Audience.PROGRAMME)
CLASS_PLACES = _per(_class_places, Audience.CLASS)
COMING = _per(_coming, Audience.HOST)
COMPLETED = _per(_completed, Audience.HOST)
TO_ANSWER = _per(_to_answer, Audience.HOST)
TO_CONFIRM = _per(_to_confirm, Audience.HOST)
