"""What somebody is told: counts and where to look, never a name. A section with nothing to tell is absent.

Statements are built once per audience: with thousands of digests in a morning, building them takes longest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from service.digests import counting
from service.digests.counting import BEGINNING, SOON
from service.digests.models import Audience
from service.matchmaking.models import RunGap
from service.reference.catalogue import catalogue

MOST_NAMED = 3
"""Of gaps and bottlenecks the largest are told; the page has the rest."""
SMALLEST_CLASS = 5
"""Below this a share of the class points at somebody."""
MILESTONES = (("all", 1.0), ("three_quarters", 0.75), ("half", 0.5))
LATE_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """Of what, and between which moments something counts as new."""

    audience: Audience
    place_id: UUID
    since: datetime | None
    until: datetime
    today: date

    def as_parameters(self) -> dict[str, object]:
        return {
            "place_id": self.place_id,
            "since": self.since or BEGINNING,
            "until": self.until,
            "late": self.until - LATE_AFTER,
            "today": self.today,
            "soon": self.today + SOON,
        }


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    counts: Mapping[str, int]
    path: str
    invite: str = ""
    """A page of which the address may be sent on to people outside."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Make = Callable[[Session, Span], Section | None]


def _one(session: Session, span: Span, statements: Mapping[Audience, Any]) -> dict[str, int]:
    """The named numbers of a statement that answers with one row; those that are nought are left out."""
    row = session.execute(statements[span.audience], span.as_parameters()).mappings().one()
    return {str(name): int(number) for name, number in row.items() if number}


def _rows(session: Session, span: Span, statements: Mapping[Audience, Any]) -> Sequence[Any]:
    return session.execute(statements[span.audience], span.as_parameters()).all()


def _section(code: str, counts: Mapping[str, int], path: str, invite: str = "") -> Section | None:
    return Section(code, counts, path, invite) if counts else None


def proposals(session: Session, span: Span) -> Section | None:
    """Who waits for a decision of the coordinator."""
    path = "/desk" if span.audience is Audience.PROGRAMME else "/suggestions"
    return _section("proposals", _one(session, span, counting.PROPOSALS), path)


def decisions(session: Session, span: Span) -> Section | None:
    """What was decided and answered since the last time."""
    return _section("decisions", _one(session, span, counting.DECISIONS), "/placements")


def answers(session: Session, span: Span) -> Section | None:
    """Placements that wait for a yes or a no."""
    return _section("answers", _one(session, span, counting.ANSWERS), "/placements")


def late(session: Session, span: Span) -> Section | None:
    """Those that have waited for longer than a week."""
    return _section("late", _one(session, span, counting.LATE), "/placements")


def requests(session: Session, span: Span) -> Section | None:
    """What schools ask for and nobody has taken up."""
    return _section("requests", _one(session, span, counting.REQUESTS), "/school-requests")


def nothing_yet(session: Session, span: Span) -> Section | None:
    """Youths whose answers are there, in a programme that goes on, with no proposal and no placement."""
    return _section("nothing_yet", _one(session, span, counting.NOTHING_YET), "/youths-with-nothing")


def gaps(session: Session, span: Span) -> Section | None:
    """In which sectors positions are missing: by the first wish of those with nothing, the largest first."""
    wished = Counter(
        sector for (wishes,) in _rows(session, span, counting.WISHES) if (sector := _first_sector(wishes))
    )
    named = sorted(wished.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    return _section("gaps", dict(named), "/youths-with-nothing", invite="/organisations/new")


def _first_sector(wishes: Sequence[str]) -> str | None:
    """A wish is a sector or a word of one."""
    known = catalogue()
    for wish in wishes:
        if wish in known.sectors:
            return wish
        tag = known.tags.get(wish)
        if tag is not None and tag.sector:
            return tag.sector
    return None


def profiles(session: Session, span: Span) -> Section | None:
    """Youths in a programme that goes on who have not said yet what they want."""
    path = f"/classes/{span.place_id}" if span.audience is Audience.CLASS else "/classes"
    return _section("profiles", _one(session, span, counting.PROFILES), path)


def starting_soon(session: Session, span: Span) -> Section | None:
    """Placements both sides said yes to that start within two weeks."""
    return _section("starting_soon", _one(session, span, counting.STARTING_SOON), "/placements")


def new_offers(session: Session, span: Span) -> Section | None:
    """What can be reached from the school in half an hour by bike, and was not there the last time."""
    return _section("new_offers", _one(session, span, counting.NEW_OFFERS), "/offers")


def bottlenecks(session: Session, span: Span) -> Section | None:
    """Why the last run found nothing for youths: the rule that stands most in the way of each."""
    run_id = session.execute(counting.LAST_RUN, span.as_parameters()).scalar()
    if run_id is None:
        return None
    rows = session.execute(select(col(RunGap.causes)).where(col(RunGap.run_id) == run_id)).scalars()
    found = Counter(causes[0]["code"] for causes in rows if causes)
    named = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    return _section("bottlenecks", dict(named), f"/runs/{run_id}")


def milestone(session: Session, span: Span) -> Section | None:
    """Half of the class, three quarters or all have a place; told once, when it is so for the first time."""
    counts = _one(session, span, counting.CLASS_PLACES)
    members, before, now = (counts.get(name, 0) for name in ("members", "before", "now"))
    if members < SMALLEST_CLASS:
        return None
    for name, share in MILESTONES:
        if before < share * members <= now:
            return Section("milestone", {name: now}, f"/classes/{span.place_id}")
    return None


def coming(session: Session, span: Span) -> Section | None:
    """How many come to the host on which day of the next two weeks."""
    days = {day.isoformat(): int(number) for day, number in _rows(session, span, counting.COMING)}
    return _section("coming", days, "/placements")


def thanks(session: Session, span: Span) -> Section | None:
    """What the host's time was good for: how many youths, and how many hours as far as the offer says."""
    rows = _rows(session, span, counting.COMPLETED)
    hours = sum(_hours(*row) for row in rows)
    counts = {"youths": sum(row.positions for row in rows), "hours": round(hours)}
    return _section("thanks", {name: number for name, number in counts.items() if number}, "/placements")


def _hours(
    positions: int, first: date | None, last: date | None, weekdays: Sequence[int], hours: float | None
) -> float:
    if first is None or hours is None:
        return 0.0
    length = ((last or first) - first).days + 1
    days = ((first + timedelta(days=number)).isoweekday() for number in range(length))
    return positions * hours * sum(day in (weekdays or range(1, 6)) for day in days)


def to_answer(session: Session, span: Span) -> Section | None:
    """What the host is asked to say yes or no to."""
    return _section("to_answer", _one(session, span, counting.TO_ANSWER), "/placements")


SECTIONS: Mapping[Audience, tuple[Make, ...]] = {
    Audience.SCHOOL: (
        proposals,
        decisions,
        answers,
        late,
        nothing_yet,
        gaps,
        profiles,
        starting_soon,
        new_offers,
    ),
    Audience.CLASS: (milestone, proposals, decisions, answers, late, nothing_yet, profiles, starting_soon),
    Audience.PROGRAMME: (
        proposals,
        requests,
        decisions,
        answers,
        late,
        nothing_yet,
        gaps,
        bottlenecks,
        starting_soon,
    ),
    Audience.HOST: (to_answer, coming, thanks),
}
"""What each audience is told, the most urgent first."""


def sections_of(session: Session, span: Span) -> list[Section]:
    found = (section(session, span) for section in SECTIONS[span.audience])
    return [section for section in found if section is not None]
