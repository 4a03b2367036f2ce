"""What was found out about a programme, for programs: the same numbers as the pages."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from service.insights import policy, queries, wording
from service.insights.models import Analysis, Bottleneck, Scope
from service.insights.schemas import (
    AuditOutput,
    BottleneckOutput,
    BottlenecksOutput,
    CellOutput,
    CountOutput,
    RecruitingListOutput,
    RecruitOutput,
)
from service.web.page import ActorDep, SessionDep

router = APIRouter(prefix="/programmes", tags=["insights"])


def _state(analysis: Analysis | None) -> dict[str, Any]:
    return {
        "status": analysis.status if analysis else None,
        "computed_at": analysis.computed_at if analysis else None,
    }


def _counts(pairs: list[list[Any]]) -> list[CountOutput]:
    return [CountOutput(code=code, youths=many) for code, many in pairs]


def _bottleneck(one: Bottleneck, *, is_full: bool) -> BottleneckOutput:
    """What youths wish and where they live is for who may know the youths."""
    return BottleneckOutput(
        id=one.id,
        scope=one.scope,
        youths=one.seekers,
        offers=one.offers,
        positions=one.positions,
        shortage=one.shortage,
        capped_hosts=one.capped_hosts,
        sectors=_counts(one.sectors) if is_full else [],
        pc4s=_counts(one.pc4s) if is_full else [],
        minutes=one.minutes if is_full else None,
        text=wording.bottleneck_sentence(one) if is_full else wording.youths(one.seekers),
    )


@router.get("/{programme_id}/bottlenecks")
def get_bottlenecks(session: SessionDep, actor: ActorDep, programme_id: UUID) -> BottlenecksOutput:
    programme, analysis = queries.get_whole(session, actor, programme_id)
    rows = queries.list_all_bottlenecks(session, actor, programme, analysis) if analysis else []
    is_full = policy.may_see_youths(actor, programme)
    return BottlenecksOutput(
        **_state(analysis),
        is_whole=analysis is None or analysis.is_whole,
        youths=analysis.seekers if analysis else 0,
        positions=analysis.positions if analysis else 0,
        shortage={scope: analysis.shortage(scope) if analysis else 0 for scope in Scope},
        bottlenecks=[_bottleneck(one, is_full=is_full) for one in rows],
    )


@router.get("/{programme_id}/recruiting-list")
def get_recruiting_list(session: SessionDep, actor: ActorDep, programme_id: UUID) -> RecruitingListOutput:
    programme, analysis = queries.get_whole(session, actor, programme_id)
    rows = queries.list_recruits(session, actor, programme, analysis) if analysis else []
    fewest = policy.fewest_to_show(actor, programme)
    lists = analysis.lists if analysis else {}
    return RecruitingListOutput(
        **_state(analysis),
        left={scope: _at_least(fewest, lists.get(scope, {}).get("left", 0)) for scope in Scope},
        is_complete={scope: lists.get(scope, {}).get("is_complete", True) for scope in Scope},
        recruits=[RecruitOutput.model_validate(one) for one in rows],
    )


@router.get("/{programme_id}/audit")
def get_audit(session: SessionDep, actor: ActorDep, programme_id: UUID) -> AuditOutput:
    _programme, analysis = queries.get_whole(session, actor, programme_id)
    audit = analysis.audit if analysis else {}
    return AuditOutput(
        **_state(analysis),
        good=audit.get("good", 0.0),
        overall=_cell(audit.get("overall")),
        groups={
            name: {group: _cell(cell) for group, cell in cells.items()}
            for name, cells in audit.get("groups", {}).items()
        },
        decisions=audit.get("decisions", {}),
    )


def _at_least(fewest: int, number: int) -> int | None:
    return number if number >= fewest or not number else None


def _cell(cell: dict[str, Any] | None) -> CellOutput | None:
    if cell is None:
        return None
    numbers = {name: value for name, value in cell.items() if name != "seekers"}
    return CellOutput(youths=cell["seekers"], **numbers)
