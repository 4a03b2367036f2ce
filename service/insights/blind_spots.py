"""What the worker needs to find bottlenecks, read in one go, and what it found, written in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, delete, select

from service.insights.engine import Findings, FoundBottleneck
from service.insights.fairness import Standing, standing_of
from service.insights.models import Analysis, Bottleneck, BottleneckYouth, Recruit, Scope
from service.matchmaking.engine import Material, Terms
from service.matchmaking.material import material_of
from service.matchmaking.models import Run
from service.matchmaking.scarcity import terms_of
from service.youth.models import SchoolClass, Youth

KEPT_CODES = 12
"""Of the sectors and postcodes of a bottleneck the commonest are told."""


@dataclass(frozen=True)
class Question:
    """Everything an analysis is made from."""

    material: Material
    terms: Terms
    standing: Standing

    @property
    def seekers(self) -> int:
        return len(self.material.youths)


def question_of(session: Session, run: Run, on: date) -> Question:
    """As things stand now, not as they were when the run was made."""
    material = material_of(session, run, on)
    seekers = {youth.id for youth in material.youths}
    return Question(
        # Who is away in the period of a request is no part of a whole programme; classes are not either.
        # Whoever has been asked enough this month may be asked again the next.
        material=replace(material, youths_elsewhere=(), classes=(), asked_enough=frozenset()),
        terms=terms_of(session, run, material.offers, seekers, whole_season=True),
        standing=standing_of(session, run.programme_id, run.id),
    )


def write_findings(session: Session, analysis: Analysis, found: Mapping[Scope, Findings]) -> None:
    """Takes the place of what was found before."""
    for table in (Bottleneck, Recruit):
        session.exec(delete(table).where(col(table.analysis_id) == analysis.id))
    there = _youths_still_there(session, analysis.programme_id)
    for scope, findings in found.items():
        for number, one in enumerate(findings.bottlenecks, 1):
            _write_bottleneck(session, analysis, scope, number, one, there)
        session.add_all(
            Recruit(
                analysis_id=analysis.id,
                scope=scope,
                number=number,
                sector=line.sector,
                pc4=line.pc4,
                positions=line.positions,
                helps=line.helps,
            )
            for number, line in enumerate(findings.recruits, 1)
        )
    analysis.offers, analysis.positions = found[Scope.ANY].offers, found[Scope.ANY].positions
    analysis.shortage_wish = found[Scope.WISH].shortage
    analysis.shortage_any = found[Scope.ANY].shortage
    analysis.is_whole = all(findings.is_whole for findings in found.values())
    analysis.lists = {
        scope.value: {
            "left": findings.left,
            "causes": [list(cause) for cause in findings.causes],
            "is_complete": findings.is_complete,
        }
        for scope, findings in found.items()
    }


def _youths_still_there(session: Session, programme_id: UUID) -> set[UUID]:
    """Somebody may have been erased while the worker was busy."""
    rows = session.exec(
        select(Youth.id)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(SchoolClass.programme_id == programme_id)
    )
    return set(rows)


def _write_bottleneck(
    session: Session, analysis: Analysis, scope: Scope, number: int, one: FoundBottleneck, there: set[UUID]
) -> None:
    row = Bottleneck(
        analysis_id=analysis.id,
        scope=scope,
        number=number,
        seekers=len(one.youth_ids),
        offers=one.offers,
        positions=one.positions,
        shortage=one.shortage,
        capped_hosts=one.capped_hosts,
        sectors=_commonest(one.sectors),
        pc4s=_commonest(one.pc4s),
        minutes=one.minutes,
    )
    session.add(row)
    session.flush()
    session.add_all(
        BottleneckYouth(bottleneck_id=row.id, youth_id=youth_id)
        for youth_id in one.youth_ids
        if youth_id in there
    )


def _commonest(counts: Sequence[tuple[str, int]]) -> list[list[str | int]]:
    return [[code, many] for code, many in counts[:KEPT_CODES]]
