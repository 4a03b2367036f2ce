"""Reading what was found out about programmes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.paging import Part, part_of
from service.insights import policy
from service.insights.models import (
    GOING,
    Analysis,
    Bottleneck,
    BottleneckYouth,
    Recruit,
    Scope,
)
from service.matchmaking.models import Run, RunStatus, Suggestion
from service.organisations.models import Organisation
from service.programmes.models import Programme
from service.youth.models import SchoolClass, Youth

BOTTLENECKS_A_PAGE = 10


def get_programme(session: Session, actor: Actor, programme_id: UUID) -> Programme:
    found: Programme | None = session.exec(
        policy.visible_programmes(actor).where(Programme.id == programme_id)
    ).first()
    if found is None:
        raise NotFound
    return found


def get_whole(session: Session, actor: Actor, programme_id: UUID) -> tuple[Programme, Analysis | None]:
    """For who may see the numbers of all schools together."""
    programme = get_programme(session, actor, programme_id)
    require(policy.may_see_whole(actor, programme))
    return programme, find_analysis(session, programme.id)


def list_programmes(
    session: Session, actor: Actor, number: int = 1
) -> Part[tuple[Programme, Analysis | None]]:
    """Each programme the actor learns about, with what is known of it; those that lack most first."""
    found = (
        policy.visible_programmes(actor)
        .join(Analysis, col(Analysis.programme_id) == col(Programme.id), isouter=True)
        .add_columns(Analysis)
        .order_by(func.coalesce(Analysis.shortage_wish, 0).desc(), col(Programme.name), col(Programme.id))
    )
    return part_of(session, found, number)


def find_analysis(session: Session, programme_id: UUID) -> Analysis | None:
    return session.exec(select(Analysis).where(Analysis.programme_id == programme_id)).first()


def newest_runs() -> Any:
    """Of each programme when its newest run for everybody ended."""
    return (
        select(Run.programme_id, func.max(Run.finished_at).label("finished_at"))
        .where(
            Run.status == RunStatus.DONE,
            col(Run.school_request_id).is_(None),
            col(Run.youth_id).is_(None),
        )
        .group_by(col(Run.programme_id))
    )


def find_newest_run(session: Session, programme_id: UUID) -> Run | None:
    return session.exec(
        select(Run)
        .where(
            Run.programme_id == programme_id,
            Run.status == RunStatus.DONE,
            col(Run.school_request_id).is_(None),
            col(Run.youth_id).is_(None),
        )
        .order_by(col(Run.finished_at).desc(), col(Run.id))
        .limit(1)
    ).first()


def find_unanalysed(session: Session) -> tuple[UUID, datetime] | None:
    """A programme with a run newer than its analysis, which itself is not going on."""
    newest = newest_runs().subquery()
    row = session.execute(
        select(newest.c.programme_id, newest.c.finished_at)
        .join(Analysis, col(Analysis.programme_id) == newest.c.programme_id, isouter=True)
        .where(
            col(Analysis.id).is_(None)
            | (
                col(Analysis.status).not_in(GOING)
                & (
                    col(Analysis.run_finished_at).is_(None)
                    | (col(Analysis.run_finished_at) < newest.c.finished_at)
                )
            )
        )
        .order_by(newest.c.finished_at, newest.c.programme_id)
        .limit(1)
    ).first()
    return None if row is None else (row.programme_id, row.finished_at)


def list_bottlenecks(
    session: Session, actor: Actor, programme: Programme, analysis: Analysis, scope: Scope, number: int = 1
) -> Part[Bottleneck]:
    """The largest shortage first; of so many youths as the actor may learn of."""
    found = (
        select(Bottleneck)
        .where(
            Bottleneck.analysis_id == analysis.id,
            Bottleneck.scope == scope,
            Bottleneck.seekers >= policy.fewest_to_show(actor, programme),
        )
        .order_by(col(Bottleneck.number))
    )
    return part_of(session, found, number, BOTTLENECKS_A_PAGE)


def list_all_bottlenecks(
    session: Session, actor: Actor, programme: Programme, analysis: Analysis
) -> Sequence[Bottleneck]:
    """Of both scopes, the same."""
    return session.exec(
        select(Bottleneck)
        .where(
            Bottleneck.analysis_id == analysis.id,
            Bottleneck.seekers >= policy.fewest_to_show(actor, programme),
        )
        .order_by(col(Bottleneck.scope).desc(), col(Bottleneck.number))
    ).all()


def list_recruits(
    session: Session, actor: Actor, programme: Programme, analysis: Analysis, scope: Scope | None = None
) -> Sequence[Recruit]:
    """In the order in which each new position helps most; only what helps as many as he may learn of."""
    found = select(Recruit).where(
        Recruit.analysis_id == analysis.id, Recruit.helps >= policy.fewest_to_show(actor, programme)
    )
    if scope is not None:
        found = found.where(Recruit.scope == scope)
    return session.exec(found.order_by(col(Recruit.scope).desc(), col(Recruit.number))).all()


def get_bottleneck(session: Session, actor: Actor, bottleneck_id: UUID) -> tuple[Bottleneck, Programme]:
    """For who may know which youths they are."""
    row = session.exec(
        select(Bottleneck, Analysis.programme_id)
        .join(Analysis, col(Analysis.id) == col(Bottleneck.analysis_id))
        .where(Bottleneck.id == bottleneck_id)
    ).first()
    if row is None:
        raise NotFound
    bottleneck, programme_id = row
    programme = get_programme(session, actor, programme_id)
    require(policy.may_see_youths(actor, programme))
    return bottleneck, programme


def list_youths(
    session: Session, bottleneck: Bottleneck, number: int = 1
) -> Part[tuple[Youth, SchoolClass, str]]:
    """Who they are, with class and school."""
    found = (
        select(Youth, SchoolClass, Organisation.name)
        .join(BottleneckYouth, col(BottleneckYouth.youth_id) == col(Youth.id))
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .join(Organisation, col(Organisation.id) == col(Youth.school_id))
        .where(BottleneckYouth.bottleneck_id == bottleneck.id)
        .order_by(col(Organisation.name), col(SchoolClass.name), col(Youth.first_name), col(Youth.id))
    )
    return part_of(session, found, number)


def own_counts(session: Session, actor: Actor, bottlenecks: Sequence[Bottleneck]) -> dict[UUID, int]:
    """How many of one's own school or classes are in each: all that a school learns."""
    rows = session.exec(
        select(BottleneckYouth.bottleneck_id, func.count(col(BottleneckYouth.id)))
        .join(Youth, col(Youth.id) == col(BottleneckYouth.youth_id))
        .where(
            col(BottleneckYouth.bottleneck_id).in_([one.id for one in bottlenecks]),
            col(Youth.school_id).in_(actor.school_ids) | col(Youth.class_id).in_(actor.class_ids),
        )
        .group_by(col(BottleneckYouth.bottleneck_id))
    )
    return dict(rows.all())


def list_own_bottlenecks(
    session: Session, actor: Actor, analysis: Analysis, scope: Scope, number: int = 1
) -> Part[Bottleneck]:
    """Those that own youths are in."""
    own = (
        select(BottleneckYouth.bottleneck_id)
        .join(Youth, col(Youth.id) == col(BottleneckYouth.youth_id))
        .where(col(Youth.school_id).in_(actor.school_ids) | col(Youth.class_id).in_(actor.class_ids))
    )
    found = (
        select(Bottleneck)
        .where(Bottleneck.analysis_id == analysis.id, Bottleneck.scope == scope, col(Bottleneck.id).in_(own))
        .order_by(col(Bottleneck.number))
    )
    return part_of(session, found, number, BOTTLENECKS_A_PAGE)


def count_decisions_since(session: Session, analysis: Analysis) -> int:
    """What people decided after this was worked out."""
    return session.exec(
        select(func.count(col(Suggestion.id))).where(
            Suggestion.programme_id == analysis.programme_id,
            col(Suggestion.decided_at) > analysis.computed_at,
        )
    ).one()


def count_shortage(session: Session, actor: Actor) -> int:
    """How many more youths there are than positions that suit a wish, in the actor's own programmes."""
    if not actor.programme_ids:
        return 0
    found = session.exec(
        select(func.coalesce(func.sum(Analysis.shortage_wish), 0)).where(
            col(Analysis.programme_id).in_(actor.programme_ids),
            col(Analysis.computed_at).is_not(None),
        )
    ).one()
    return int(found)


def school_names(session: Session, audit: Mapping[str, Any]) -> dict[str, str]:
    """Of the schools an audit counts."""
    ids = [UUID(school) for school in audit.get("groups", {}).get("school", {})]
    rows = session.exec(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids)))
    return {str(school): name for school, name in rows}
