"""What a school is told: counts and where to look, never a name. A section with nothing to tell is absent."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlmodel import Session, col

from service.matchmaking.models import Suggestion, SuggestionStatus
from service.placements.lifecycle import FREES_POSITION, LIVE
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

    def holds(self, moment: Any) -> ColumnElement[bool]:
        lower = col(moment) > self.since if self.since is not None else col(moment).is_not(None)
        return lower & (col(moment) <= self.until)


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    counts: Mapping[str, int]
    path: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _section(code: str, path: str, counts: Mapping[str, int]) -> Section | None:
    told = {name: count for name, count in counts.items() if count}
    return Section(code, told, path) if told else None


def _programmes_going_on() -> Select[Any]:
    return select(col(Programme.id)).where(col(Programme.status).in_(GOING_ON))


def _count_if(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def proposals(session: Session, span: Span) -> Section | None:
    """What waits for the coordinator's decision."""
    waiting, new = session.execute(
        select(func.count(), _count_if(span.holds(Suggestion.created_at))).where(
            col(Suggestion.school_id) == span.school_id,
            col(Suggestion.status) == SuggestionStatus.PROPOSED,
            col(Suggestion.programme_id).in_(_programmes_going_on()),
        )
    ).one()
    return _section("proposals", "/suggestions", {"waiting": waiting, "new": new})


def decisions(session: Session, span: Span) -> Section | None:
    """What was decided and answered since the last time."""
    approved, settled, fallen_through = session.execute(
        select(
            _count_if(span.holds(Placement.created_at)),
            _count_if(span.holds(Placement.host_answered_at) & col(Placement.status).in_(SETTLED)),
            _count_if(span.holds(Placement.ended_at) & col(Placement.status).in_(FREES_POSITION)),
        ).where(col(Placement.school_id) == span.school_id)
    ).one()
    # A placement that ended without a yes turns its suggestion into a refused one: those are told above.
    refused = session.execute(
        select(func.count()).where(
            col(Suggestion.school_id) == span.school_id,
            col(Suggestion.status) == SuggestionStatus.REFUSED,
            span.holds(Suggestion.decided_at),
            ~exists().where(col(Placement.suggestion_id) == col(Suggestion.id)),
        )
    ).scalar_one()
    counts = {
        "approved": approved,
        "settled": settled,
        "refused": refused,
        "fallen_through": fallen_through,
    }
    return _section("decisions", "/placements", counts)


def answers(session: Session, span: Span) -> Section | None:
    """Placements that wait for a yes or a no."""
    youths, hosts = session.execute(
        select(
            _count_if(col(Placement.status) == PlacementStatus.OFFERED),
            _count_if(col(Placement.status) == PlacementStatus.ACCEPTED),
        ).where(col(Placement.school_id) == span.school_id)
    ).one()
    return _section("answers", "/placements", {"youths": youths, "hosts": hosts})


def nothing_yet(session: Session, span: Span) -> Section | None:
    """Youths in a programme that goes on who have no proposal and no placement, alone or with their class."""
    proposed = exists().where(_is_for(Suggestion), col(Suggestion.status) == SuggestionStatus.PROPOSED)
    placed = exists().where(_is_for(Placement), col(Placement.status).in_((*LIVE, PlacementStatus.COMPLETED)))
    takes_part = exists().where(
        col(ProgrammeSchool.school_id) == span.school_id,
        col(ProgrammeSchool.programme_id).in_(_programmes_going_on()),
    )
    has_no_other_programme = or_(
        col(SchoolClass.programme_id).is_(None), col(SchoolClass.programme_id).in_(_programmes_going_on())
    )
    youths, without_profile = session.execute(
        select(func.count(), _count_if(col(Youth.profile_done_at).is_(None)))
        .select_from(Youth)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(
            col(Youth.school_id) == span.school_id,
            col(Youth.status) != YouthStatus.LEFT,
            takes_part,
            has_no_other_programme,
            ~proposed,
            ~placed,
        )
    ).one()
    return _section("nothing_yet", "/classes", {"youths": youths, "without_profile": without_profile})


def _is_for(table: type[Suggestion] | type[Placement]) -> ColumnElement[bool]:
    return or_(col(table.youth_id) == col(Youth.id), col(table.class_id) == col(Youth.class_id))


def starting_soon(session: Session, span: Span) -> Section | None:
    """Placements both sides said yes to that start within two weeks."""
    placements = session.execute(
        select(func.count()).where(
            col(Placement.school_id) == span.school_id,
            col(Placement.status).in_((PlacementStatus.CONFIRMED, PlacementStatus.AGREED)),
            col(Placement.starts_on).between(span.today, span.today + SOON),
        )
    ).scalar_one()
    return _section("starting_soon", "/placements", {"placements": placements})


SECTIONS: tuple[Callable[[Session, Span], Section | None], ...] = (
    proposals,
    decisions,
    answers,
    nothing_yet,
    starting_soon,
)


def sections_of(session: Session, span: Span) -> list[Section]:
    found = (section(session, span) for section in SECTIONS)
    return [section for section in found if section is not None]
