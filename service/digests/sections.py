"""What somebody is told: counts and where to look, never a name. A section with nothing to tell is absent.

Statements are built once per audience: with thousands of digests in a morning, building them takes longest.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.core.clock import AMSTERDAM
from service.digests import counting
from service.digests.counting import BEGINNING, MOST_NAMED, REACH_MINUTES
from service.digests.models import Audience, Topic
from service.offers.queries import CONFIRM_AFTER
from service.placements.waiting import LATE_AFTER, SOON
from service.reference.catalogue import catalogue

SMALLEST_CLASS = 5
"""Below this a share of the class points at somebody."""
FEWEST_TOLD = 5
"""Outside the schools a smaller number of youths is only called smaller (DOMAIN 3)."""
NEARLY_OVER = timedelta(days=3)
"""So long before silence ends it, what waits for the school is late."""
INVITE = "/organisations/new"
PATHS_OF_GAPS = {"gaps": "/youths-with-nothing", "wanted": "/offers/new"}
MILESTONES = (("all", 1.0), ("three_quarters", 0.75), ("half", 0.5))


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
            "told_soon": (self.since or BEGINNING).astimezone(AMSTERDAM).date() + SOON,
            "to_confirm": self.until - CONFIRM_AFTER,
            "nearly_over": self.until + NEARLY_OVER,
        }


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    counts: Mapping[str, int]
    path: str
    invite: str = ""
    """A page of which the address may be sent on to people outside."""
    facts: Sequence[Mapping[str, Any]] = ()
    """What a line needs besides a number: a sector, a postcode, a day, a school, a host. Never a youth."""
    is_reason: bool | None = True
    """Whether a mail goes for it, because it asks something or is new; None: when it was not told before."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Make = Callable[[Session, Span], Section | None]


def _one(session: Session, span: Span, statements: Mapping[Audience, Any]) -> dict[str, int]:
    """The named numbers of a statement that answers with one row; those that are nought are left out."""
    row = session.execute(statements[span.audience], span.as_parameters()).mappings().one()
    return {str(name): int(number) for name, number in row.items() if number}


def _rows(session: Session, span: Span, statements: Mapping[Audience, Any]) -> Sequence[Any]:
    return session.execute(statements[span.audience], span.as_parameters()).all()


def _section(code: str, counts: Mapping[str, int], path: str) -> Section | None:
    return Section(code, counts, path) if counts else None


def _good_to_know(code: str, counts: dict[str, int], path: str) -> Section | None:
    """What others are busy with: reason for a mail only when some of it was not so the last time."""
    is_new = counts.pop("fresh", 0) > 0
    return Section(code, counts, path, is_reason=is_new or None) if counts else None


def to_decide(session: Session, span: Span) -> Section | None:
    """For whom the coordinator has to decide."""
    return _section("to_decide", _one(session, span, counting.PROPOSALS), "/desk")


def proposals(session: Session, span: Span) -> Section | None:
    """For whom a decision of the coordinator is to come."""
    counts = _one(session, span, counting.PROPOSALS)
    return _good_to_know("proposals", counts | {"fresh": counts.get("new", 0)}, "/suggestions")


def decisions(session: Session, span: Span) -> Section | None:
    """What was decided and answered since the last time."""
    return _section("decisions", _one(session, span, counting.DECISIONS), "/placements?sort=new")


def answers(session: Session, span: Span) -> Section | None:
    """Placements that wait for a yes or a no."""
    return _good_to_know("answers", _one(session, span, counting.ANSWERS), "/placements?status=waiting")


def late(session: Session, span: Span) -> Section | None:
    """Those that have waited for longer than a week, and for which hosts."""
    counts = _one(session, span, counting.LATE)
    if not counts:
        return None
    hosts = [name for (name,) in _rows(session, span, counting.LATE_HOSTS)] if "hosts" in counts else []
    facts = [{"hosts": hosts[:MOST_NAMED], "more": len(hosts) > MOST_NAMED}] if hosts else []
    return Section("late", counts, "/placements?status=late", "", facts)


def other_days(session: Session, span: Span) -> Section | None:
    """Days that hosts proposed instead: the school says whether they are possible."""
    return _section("other_days", _one(session, span, counting.OTHER_DAYS), "/placements?status=other_days")


def requests(session: Session, span: Span) -> Section | None:
    """What schools ask for and nobody has taken up."""
    return _section("requests", _one(session, span, counting.REQUESTS), "/school-requests")


def nothing_yet(session: Session, span: Span) -> Section | None:
    """Youths whose answers are there, in a programme that goes on, with no proposal and no placement."""
    return _section("nothing_yet", _one(session, span, counting.NOTHING_YET), "/youths-with-nothing")


def gaps(session: Session, span: Span) -> Section | None:
    """By sector how many wish it first and have nothing, beyond the positions that are free within reach."""
    wished = Counter(
        sector for (wishes,) in _rows(session, span, counting.WISHES) if (sector := _first_sector(wishes))
    )
    if not wished:
        return None
    wished.subtract(_free_positions(session, span))
    return _wanted("gaps", {sector: number for sector, number in wished.items() if number > 0})


def _free_positions(session: Session, span: Span) -> Counter[str]:
    """Those for one youth at a time; one in two sectors counts in both, so that no gap is overstated."""
    kinds, found = catalogue().kinds, Counter[str]()
    for kind, sectors, free in _rows(session, span, counting.FREE_NEARBY):
        if not kinds[kind].is_group:
            found.update(dict.fromkeys(sectors, free))
    return found


def wanted(session: Session, span: Span) -> Section | None:
    """What is looked for around a partner, who knows people; outside the schools no small numbers."""
    rows = _rows(session, span, counting.WANTED_NEARBY)
    return _wanted("wanted", {sector: int(number) for sector, number in rows}, least=FEWEST_TOLD)


def _wanted(code: str, numbers: Mapping[str, int], least: int = 1) -> Section | None:
    """The largest first; below `least` only that it is fewer."""
    named = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    if not named:
        return None
    return Section(
        code,
        {sector: number for sector, number in named if number >= least},
        PATHS_OF_GAPS[code],
        INVITE,
        is_reason=None,
        facts=[
            {
                "sector": sector,
                "number": number if number >= least else None,
                "least": least,
                "minutes": REACH_MINUTES,
            }
            for sector, number in named
        ],
    )


def recruits(session: Session, span: Span) -> Section | None:
    """Which new positions would help most, as the newest analysis of the programme found."""
    facts = [
        {"sector": sector, "pc4": pc4, "number": number}
        for sector, pc4, number in _rows(session, span, counting.RECRUITS)
    ]
    if not facts:
        return None
    counts = {"positions": sum(int(fact["number"]) for fact in facts)}
    return Section("recruits", counts, f"/bottlenecks/{span.place_id}", INVITE, facts, is_reason=None)


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
    counts = _one(session, span, counting.STARTING_SOON)
    return _good_to_know("starting_soon", counts, "/placements?status=soon")


def new_offers(session: Session, span: Span) -> Section | None:
    """What can be reached from the school in half an hour by bike, and was not there the last time."""
    return _section("new_offers", _one(session, span, counting.NEW_OFFERS), "/offers")


def bottlenecks(session: Session, span: Span) -> Section | None:
    """Where youths have together too few positions, as the newest analysis of the programme proved."""
    short = _one(session, span, counting.SHORTAGE)
    facts = [
        {"youths": youths, "positions": positions, "sectors": sectors, "pc4": pc4s[0][0]}
        for youths, positions, sectors, pc4s in _rows(session, span, counting.BOTTLENECKS)
        if pc4s
    ]
    path = f"/bottlenecks/{span.place_id}"
    return Section("bottlenecks", short, path, "", facts, is_reason=None) if short else None


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
    """How many of which school begin on which day of the next two weeks; who, stands behind the link."""
    facts = [
        {"day": day.isoformat(), "school": school, "number": int(number)}
        for day, school, number in _rows(session, span, counting.COMING)
    ]
    if not facts:
        return None
    counts = {"youths": sum(fact["number"] for fact in facts)}
    return Section("coming", counts, "/placements?status=soon", "", facts, is_reason=None)


def thanks(session: Session, span: Span) -> Section | None:
    """What the host's time was good for: how many youths, and how many hours as far as the offer says."""
    rows = _rows(session, span, counting.COMPLETED)
    hours = sum(_hours(*row) for row in rows)
    counts = {"youths": sum(row.positions for row in rows), "hours": round(hours)}
    path = "/placements?status=completed"
    return _section("thanks", {name: number for name, number in counts.items() if number}, path)


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
    return _section("to_answer", _one(session, span, counting.TO_ANSWER), "/placements?status=accepted")


def to_confirm(session: Session, span: Span) -> Section | None:
    """Offers of which the host was asked whether they still hold; the question has its own reminders."""
    counts = _one(session, span, counting.TO_CONFIRM)
    return Section("to_confirm", counts, "/offers", is_reason=False) if counts else None


SECTIONS: Mapping[Audience, Sequence[tuple[Topic, Make]]] = {
    Audience.SCHOOL: (
        (Topic.ASKS, other_days),
        (Topic.ASKS, late),
        (Topic.ASKS, nothing_yet),
        (Topic.ASKS, profiles),
        (Topic.AHEAD, gaps),
        (Topic.AHEAD, starting_soon),
        (Topic.NEWS, decisions),
        (Topic.NEWS, proposals),
        (Topic.NEWS, answers),
        (Topic.NEWS, new_offers),
    ),
    Audience.CLASS: (
        (Topic.NEWS, milestone),
        (Topic.ASKS, other_days),
        (Topic.ASKS, late),
        (Topic.ASKS, nothing_yet),
        (Topic.ASKS, profiles),
        (Topic.AHEAD, gaps),
        (Topic.AHEAD, starting_soon),
        (Topic.NEWS, decisions),
        (Topic.NEWS, proposals),
        (Topic.NEWS, answers),
    ),
    Audience.PROGRAMME: (
        (Topic.ASKS, to_decide),
        (Topic.ASKS, other_days),
        (Topic.ASKS, late),
        (Topic.ASKS, requests),
        (Topic.ASKS, nothing_yet),
        (Topic.AHEAD, bottlenecks),
        (Topic.AHEAD, recruits),
        (Topic.AHEAD, starting_soon),
        (Topic.NEWS, decisions),
        (Topic.NEWS, answers),
    ),
    Audience.HOST: (
        (Topic.ASKS, to_answer),
        (Topic.ASKS, to_confirm),
        (Topic.AHEAD, coming),
        (Topic.NEWS, thanks),
        (Topic.AHEAD, wanted),
    ),
}
"""What each audience is told: what it can do first, but for something to celebrate."""


def sections_of(session: Session, span: Span, muted: Collection[str] = ()) -> list[Section]:
    """Those that have something to tell, without the topics that somebody left out."""
    makes = (make for topic, make in SECTIONS[span.audience] if topic not in muted)
    return [section for make in makes if (section := make(session, span)) is not None]


def is_reason(section: Section, told_before: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a mail goes for it, knowing what the last one told."""
    if section.is_reason is not None:
        return section.is_reason
    of_this = [told.get("facts", ()) for told in told_before if told["code"] == section.code]
    before = [fact for facts in of_this for fact in facts]
    return not of_this or any(fact not in before for fact in section.facts)
