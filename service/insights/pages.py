"""Pages about where positions lack, whom to recruit, and whether it is divided fairly."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.i18n import _
from service.core.sheets import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from service.insights import actions, policy, queries, wording
from service.insights.models import STEPS, Analysis, AnalysisStatus, Scope
from service.programmes.models import Programme
from service.web.listing import chosen, linked, page_number
from service.web.page import Page, PageDep

router = APIRouter()


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


TYPES = {Format.CSV: CSV_TYPE, Format.XLSX: XLSX_TYPE}


@router.get("/bottlenecks")
def list_programmes(page: PageDep) -> Response:
    found = queries.list_programmes(page.session, page.actor, page_number(page.request))
    if found.total == 1:
        programme, _analysis = found.rows[0]
        return page.see_other(f"/bottlenecks/{programme.id}")
    return page.render(
        "insights/programmes.html",
        list=linked(page.request, found),
        sees_whole=[row.id for row, _analysis in found.rows if policy.may_see_whole(page.actor, row)],
        wording=wording,
    )


@router.get("/bottlenecks/{programme_id}")
def show_bottlenecks(page: PageDep, programme_id: UUID) -> Response:
    programme = queries.get_programme(page.session, page.actor, programme_id)
    analysis = queries.find_analysis(page.session, programme.id)
    scope = chosen(page.request, "scope", Scope) or Scope.WISH
    if policy.may_see_whole(page.actor, programme):
        return _show_whole(page, programme, analysis, scope)
    return _show_own(page, programme, analysis, scope)


def _show_whole(page: Page, programme: Programme, analysis: Analysis | None, scope: Scope) -> Response:
    number = page_number(page.request)
    return page.render(
        "insights/bottlenecks.html",
        block="results",
        bottlenecks=None
        if analysis is None
        else linked(
            page.request,
            queries.list_bottlenecks(page.session, page.actor, programme, analysis, scope, number),
        ),
        recruits=[]
        if analysis is None
        else queries.list_recruits(page.session, page.actor, programme, analysis, scope),
        fewest=policy.fewest_to_show(page.actor, programme),
        decisions=0 if analysis is None else queries.count_decisions_since(page.session, analysis),
        may_renew=policy.may_renew(page.actor, programme),
        may_see_youths=policy.may_see_youths(page.actor, programme),
        **_shared(programme, analysis, scope),
    )


def _show_own(page: Page, programme: Programme, analysis: Analysis | None, scope: Scope) -> Response:
    """A school learns how many of its own, and nothing of others."""
    found = None
    counts: dict[UUID, int] = {}
    if analysis is not None:
        number = page_number(page.request)
        part = queries.list_own_bottlenecks(page.session, page.actor, analysis, scope, number)
        counts = queries.own_counts(page.session, page.actor, part.rows)
        found = linked(page.request, part)
    return page.render(
        "insights/own.html", bottlenecks=found, counts=counts, **_shared(programme, analysis, scope)
    )


def _shared(programme: Programme, analysis: Analysis | None, scope: Scope) -> dict[str, Any]:
    return {
        "programme": programme,
        "analysis": analysis,
        "scope": scope,
        "scopes": Scope,
        "has_failed": analysis is not None and analysis.status is AnalysisStatus.FAILED,
        "steps": STEPS,
        "wording": wording,
    }


@router.post("/bottlenecks/{programme_id}/renew")
def renew_analysis(page: PageDep, programme_id: UUID) -> Response:
    actions.renew_analysis(page.session, page.actor, programme_id)
    return page.say(_("We look again. This takes a few seconds.")).see_other(f"/bottlenecks/{programme_id}")


@router.get("/bottlenecks/{programme_id}/recruiting-list/{format}")
def download_recruiting_list(page: PageDep, programme_id: UUID, format: Format) -> Response:  # noqa: A002 the word in the address
    programme, analysis = queries.get_whole(page.session, page.actor, programme_id)
    scope = chosen(page.request, "scope", Scope) or Scope.WISH
    recruits = (
        []
        if analysis is None
        else queries.list_recruits(page.session, page.actor, programme, analysis, scope)
    )
    columns = [str(column) for column in wording.RECRUITING_COLUMNS]
    rows = wording.recruiting_rows(recruits)
    content = write_csv(columns, rows) if format is Format.CSV else write_xlsx(programme.name, columns, rows)
    name = f"podium-{programme.slug}-{scope.value}.{format.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=TYPES[format], headers=headers)


@router.get("/bottlenecks/youths/{bottleneck_id}")
def list_youths(page: PageDep, bottleneck_id: UUID) -> Response:
    bottleneck, programme = queries.get_bottleneck(page.session, page.actor, bottleneck_id)
    found = queries.list_youths(page.session, bottleneck, page_number(page.request))
    return page.render(
        "insights/youths.html",
        bottleneck=bottleneck,
        programme=programme,
        list=linked(page.request, found),
        wording=wording,
    )


@router.get("/fairness/{programme_id}")
def show_fairness(page: PageDep, programme_id: UUID) -> Response:
    programme, analysis = queries.get_whole(page.session, page.actor, programme_id)
    audit = analysis.audit if analysis is not None else {}
    names = queries.school_names(page.session, audit)
    return page.render(
        "insights/fairness.html",
        programme=programme,
        analysis=analysis,
        audit=audit,
        tables=wording.audit_tables(audit, names) if audit else [],
        wording=wording,
    )
