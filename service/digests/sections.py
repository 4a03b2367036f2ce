"""What a school is told: counts and where to look, never a name. A section with nothing to tell is absent."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from service.core.db import UtcDateTime
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.matchmaking.queries import is_open
from service.placements.lifecycle import FREES_POSITION
from service.placements.models import Placement, PlacementStatus
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus
from service.youth.models import SchoolClass, Youth, YouthStatus

SOON = timedelta(days=14)
GOING_ON = (ProgrammeStatus.OPEN, ProgrammeStatus.MATCHING, ProgrammeStatus.RUNNING)
SETTLED = (
    PlacementStatus.CONFIRMED,
    PlacementStatus.AGREED,
    PlacementStatus.ACTIVE,
    PlacementStatus.COMPLETED,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Of which school, and between which moments something counts as new."""

    school_id: UUID
    since: datetime | None
    until: datetime
    today: date

    def as_parameters(self) -> dict[str, object]:
        return {
            "school_id": self.school_id,
            "since": self.since or BEGINNING,
            "until": self.until,
            "today": self.today,
            "soon": self.today + SOON,
        }


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    counts: Mapping[str, int]
    path: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# Statements are built once: with thousands of digests in a morning, building them is what takes long.
SCHOOL = bindparam("school_id", type_=Uuid())
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def _is_new(moment: Any) -> ColumnElement[bool]:
    since, until = bindparam("since", type_=UtcDateTime()), bindparam("until", type_=UtcDateTime())
    return (col(moment) > since) & (col(moment) <= until)


def _count_if(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


PROGRAMMES_GOING_ON = select(col(Programme.id)).where(col(Programme.status).in_(GOING_ON))
IS_NEW = _is_new(Suggestion.created_at)
OTHER = aliased(Suggestion)
# Seekers, not proposals: a youth with five open ones is one youth to decide on, as on the first page.
PROPOSALS = select(
    func.count(col(Suggestion.youth_id).distinct()).label("youths"),
    func.count(col(Suggestion.class_id).distinct()).label("classes"),
    func.count(case((IS_NEW, col(Suggestion.youth_id))).distinct()).label("new"),
).where(
    col(Suggestion.school_id) == SCHOOL,
    is_open(Suggestion),
    col(Suggestion.programme_id).in_(PROGRAMMES_GOING_ON),
    ~exists().where(
        col(OTHER.run_id) == col(Suggestion.run_id),
        or_(col(OTHER.youth_id) == col(Suggestion.youth_id), col(OTHER.class_id) == col(Suggestion.class_id)),
        col(OTHER.status) == SuggestionStatus.APPROVED,
    ),
)
REFUSED = select(func.count()).where(
    col(Suggestion.school_id) == SCHOOL,
    col(Suggestion.status) == SuggestionStatus.REFUSED,
    _is_new(Suggestion.decided_at),
    # A placement that ended without a yes turns its suggestion into a refused one: it is told as a placement.
    ~exists().where(col(Placement.suggestion_id) == col(Suggestion.id)),
)
DECISIONS = select(
    _count_if(_is_new(Placement.created_at)).label("approved"),
    _count_if(_is_new(Placement.host_answered_at) & col(Placement.status).in_(SETTLED)).label("settled"),
    REFUSED.scalar_subquery().label("refused"),
    _count_if(_is_new(Placement.ended_at) & col(Placement.status).in_(FREES_POSITION)).label(
        "fallen_through"
    ),
).where(col(Placement.school_id) == SCHOOL)
ANSWERS = select(
    _count_if(col(Placement.status) == PlacementStatus.OFFERED).label("youths"),
    _count_if(col(Placement.status) == PlacementStatus.ACCEPTED).label("hosts"),
).where(col(Placement.school_id) == SCHOOL)
# As the page it leads to counts: finished answers, nothing open and nothing approved.
HAS_SOMETHING = select(col(Suggestion.youth_id)).where(
    col(Suggestion.youth_id).is_not(None),
    or_(col(Suggestion.status) == SuggestionStatus.APPROVED, is_open(Suggestion)),
)
TAKES_PART = (
    col(Youth.school_id) == SCHOOL,
    or_(col(SchoolClass.programme_id).is_(None), col(SchoolClass.programme_id).in_(PROGRAMMES_GOING_ON)),
    exists().where(
        col(ProgrammeSchool.school_id) == SCHOOL,
        col(ProgrammeSchool.programme_id).in_(PROGRAMMES_GOING_ON),
    ),
)
NOTHING_YET = (
    select(func.count(col(Youth.id)).label("youths"))
    .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
    .where(
        *TAKES_PART,
        col(Youth.status) == YouthStatus.ACTIVE,
        col(Youth.profile_done_at).is_not(None),
        col(Youth.id).not_in(HAS_SOMETHING),
    )
)
PROFILES = (
    select(func.count(col(Youth.id)).label("youths"))
    .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
    .where(*TAKES_PART, col(Youth.status) != YouthStatus.LEFT, col(Youth.profile_done_at).is_(None))
)
STARTING_SOON = select(func.count().label("placements")).where(
    col(Placement.school_id) == SCHOOL,
    col(Placement.status).in_((PlacementStatus.CONFIRMED, PlacementStatus.AGREED)),
    col(Placement.starts_on).between(bindparam("today", type_=Date()), bindparam("soon", type_=Date())),
)


def _section(session: Session, span: Span, code: str, path: str, counting: Select[Any]) -> Section | None:
    counts = session.execute(counting, span.as_parameters()).mappings().one()
    told = {str(name): int(count) for name, count in counts.items() if count}
    return Section(code, told, path) if told else None


def proposals(session: Session, span: Span) -> Section | None:
    """What waits for the coordinator's decision."""
    return _section(session, span, "proposals", "/suggestions", PROPOSALS)


def decisions(session: Session, span: Span) -> Section | None:
    """What was decided and answered since the last time."""
    return _section(session, span, "decisions", "/placements", DECISIONS)


def answers(session: Session, span: Span) -> Section | None:
    """Placements that wait for a yes or a no."""
    return _section(session, span, "answers", "/placements", ANSWERS)


def nothing_yet(session: Session, span: Span) -> Section | None:
    """Youths whose answers are there, in a programme that goes on, with no proposal and no placement."""
    return _section(session, span, "nothing_yet", "/youths-with-nothing", NOTHING_YET)


def profiles(session: Session, span: Span) -> Section | None:
    """Youths in a programme that goes on who have not said yet what they want."""
    return _section(session, span, "profiles", "/classes", PROFILES)


def starting_soon(session: Session, span: Span) -> Section | None:
    """Placements both sides said yes to that start within two weeks."""
    return _section(session, span, "starting_soon", "/placements", STARTING_SOON)


SECTIONS: tuple[Callable[[Session, Span], Section | None], ...] = (
    proposals,
    decisions,
    answers,
    nothing_yet,
    profiles,
    starting_soon,
)


def sections_of(session: Session, span: Span) -> list[Section]:
    found = (section(session, span) for section in SECTIONS)
    return [section for section in found if section is not None]
