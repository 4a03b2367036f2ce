"""How youths of a programme fare and what people decided, read from suggestions for the audit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, func, select

from service.matchmaking.models import (
    CODES_FOR_PEOPLE,
    RefusalCode,
    RunGap,
    Suggestion,
    SuggestionStatus,
)
from service.youth.models import SchoolClass, Youth, YouthStatus

APPROVED = "approved"
REPLACED = "replaced"
DECIDED = (SuggestionStatus.APPROVED, SuggestionStatus.REPLACED, SuggestionStatus.REFUSED)


@dataclass
class Standing:
    """What the audit is made of; ids of youths never leave it."""

    has: dict[UUID, float] = field(default_factory=dict)
    """The share of the best of his list that each youth with an approved proposal got."""
    meant: dict[UUID, float] = field(default_factory=dict)
    """The same of what the run means for who has nothing approved, and nobody decided on yet."""
    nothing: set[UUID] = field(default_factory=set)
    """Who took part in the run and has neither."""
    overruled: dict[UUID, bool] = field(default_factory=dict)
    """On whom somebody decided, and whether against a proposal."""
    decisions: dict[str, int] = field(default_factory=dict)
    groups: dict[str, dict[UUID, str]] = field(default_factory=dict)

    @property
    def youths(self) -> set[UUID]:
        return {*self.has, *self.meant, *self.nothing}

    @property
    def outcomes(self) -> dict[UUID, float]:
        """What each has: a share of the best he had in reach, 0 for nothing."""
        return dict.fromkeys(self.nothing, 0.0) | self.meant | self.has


def standing_of(session: Session, programme_id: UUID, run_id: UUID | None) -> Standing:
    """Youths of the newest run, and who got something in an earlier one."""
    members = _members(session, programme_id)
    rows = [row for row in _suggestions(session, programme_id, run_id) if row.youth_id in members]
    best = _best_scores(session, rows)
    standing = Standing()
    standing.decisions, standing.overruled = _decisions(rows)
    for row in rows:
        assert row.youth_id is not None
        if row.status is SuggestionStatus.APPROVED:
            _keep_best(standing.has, row.youth_id, _worth(row, best))
        elif row.status is SuggestionStatus.PROPOSED and row.allocated_at is not None:
            _keep_best(standing.meant, row.youth_id, _worth(row, best))
    for youth_id in standing.has:
        standing.meant.pop(youth_id, None)
    took_part = {row.youth_id for row in rows if row.run_id == run_id and row.youth_id}
    took_part |= set(_without_suggestion(session, run_id)) & members.keys()
    standing.nothing = took_part - standing.has.keys() - standing.meant.keys()
    standing.groups = _groups([members[one] for one in standing.youths])
    return standing


def _keep_best(worths: dict[UUID, float], youth_id: UUID, worth: float) -> None:
    worths[youth_id] = max(worth, worths.get(youth_id, 0.0))


def _members(session: Session, programme_id: UUID) -> dict[UUID, Youth]:
    rows = session.exec(
        select(Youth)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(SchoolClass.programme_id == programme_id, col(Youth.status) != YouthStatus.LEFT)
    )
    return {youth.id: youth for youth in rows}


def _suggestions(session: Session, programme_id: UUID, run_id: UUID | None) -> Sequence[Suggestion]:
    """Those of the newest run, and whatever people decided on in the programme."""
    return session.exec(
        select(Suggestion).where(
            Suggestion.programme_id == programme_id,
            col(Suggestion.youth_id).is_not(None),
            (col(Suggestion.run_id) == run_id) | col(Suggestion.status).in_(DECIDED),
        )
    ).all()


def _best_scores(session: Session, rows: Iterable[Suggestion]) -> Mapping[tuple[UUID, UUID | None], float]:
    """Of each list that counts its best score: the best a youth had in reach then."""
    found = session.exec(
        select(Suggestion.run_id, Suggestion.youth_id, func.max(Suggestion.score))
        .where(col(Suggestion.run_id).in_({row.run_id for row in rows}))
        .group_by(col(Suggestion.run_id), col(Suggestion.youth_id))
    )
    return {(run, youth): score for run, youth, score in found}


def _worth(row: Suggestion, best: Mapping[tuple[UUID, UUID | None], float]) -> float:
    most = best[row.run_id, row.youth_id]
    return row.score / most if most > 0 else 1.0


def _decisions(rows: Iterable[Suggestion]) -> tuple[dict[str, int], dict[UUID, bool]]:
    """How often what was decided, and for whom it went against the proposal; what took a place is one act."""
    rows = [row for row in rows if row.status in DECIDED]
    instead = {row.replaced_by for row in rows if row.status is SuggestionStatus.REPLACED}
    counts: Counter[str] = Counter()
    against: dict[UUID, list[bool]] = defaultdict(list)
    for row in rows:
        assert row.youth_id is not None
        if row.id in instead:
            continue
        if row.status is SuggestionStatus.APPROVED:
            counts[APPROVED] += 1
        elif row.status is SuggestionStatus.REPLACED:
            counts[REPLACED] += 1
        elif row.refusal_code is not None:
            counts[row.refusal_code] += 1
        is_against = row.status is SuggestionStatus.REPLACED or row.refusal_code in CODES_FOR_PEOPLE
        # A no of a youth or a host came after a yes of the coordinator.
        against[row.youth_id].append(is_against)
    order = (APPROVED, REPLACED, *RefusalCode)
    return {code: counts[code] for code in order if counts[code]}, {
        youth: any(some) for youth, some in against.items()
    }


def _without_suggestion(session: Session, run_id: UUID | None) -> Iterable[UUID]:
    rows = session.exec(select(RunGap.youth_id).where(RunGap.run_id == run_id)).all()
    return [youth_id for youth_id in rows if youth_id is not None]


def _groups(youths: Iterable[Youth]) -> dict[str, dict[UUID, str]]:
    """Only to count: nothing of this is ever handed to what decides."""
    groups: dict[str, dict[UUID, str]] = {"school": {}, "track": {}, "neighbourhood": {}}
    for youth in youths:
        groups["school"][youth.id] = str(youth.school_id)
        if youth.track:
            groups["track"][youth.id] = youth.track
        elif youth.level:
            groups["track"][youth.id] = f"mbo-{youth.level}"
        if youth.pc4:
            groups["neighbourhood"][youth.id] = youth.pc4
    return groups
