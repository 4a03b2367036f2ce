"""Where positions lack: found after a run, with proof, over all that is within reach, and kept up to date."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.audit.models import AuditEntry
from service.core import clock
from service.core.i18n import speaking
from service.core.jobs import Begin
from service.insights import actions, engine, jobs, wording
from service.insights.errors import AnalysisIsGoing, NoRunYet
from service.insights.jobs import MOST_ATTEMPTS, compute_analysis, forget_who_was_short
from service.insights.models import (
    Analysis,
    AnalysisStatus,
    Bottleneck,
    BottleneckYouth,
    Recruit,
    Scope,
)
from service.insights.queries import find_analysis
from service.insights.retention import IS_KEPT
from service.matchmaking import actions as matchmaking
from service.matchmaking.jobs import compute_run
from service.matchmaking.models import RefusalCode, Suggestion
from service.matchmaking.schemas import RefusalInput
from service.offers.models import Offer
from service.placements.models import PlacementStatus
from service.youth.models import Youth
from tests import factories as make
from tests.conftest import Browser
from tests.service.insights.conftest import Work
from tests.world import World


def bottlenecks(session: Session, scope: Scope) -> list[Bottleneck]:
    return list(
        session.exec(select(Bottleneck).where(Bottleneck.scope == scope).order_by(col(Bottleneck.number)))
    )


def recruits(session: Session, scope: Scope) -> list[Recruit]:
    return list(session.exec(select(Recruit).where(Recruit.scope == scope).order_by(col(Recruit.number))))


def members(session: Session, bottleneck: Bottleneck) -> set[str]:
    return set(
        session.exec(
            select(Youth.first_name)
            .join(BottleneckYouth, col(BottleneckYouth.youth_id) == col(Youth.id))
            .where(BottleneckYouth.bottleneck_id == bottleneck.id)
        )
    )


def test_it_works(session: Session, world: World, carers: list[Youth], work_out: Work) -> None:
    analysis = work_out()

    assert (analysis.status, analysis.due_at, analysis.computed_at) == (
        AnalysisStatus.DONE,
        None,
        clock.now(),
    )
    assert (analysis.seekers, analysis.offers, analysis.positions) == (7, 3, 6)
    assert (analysis.shortage_wish, analysis.shortage_any) == (3, 1)
    (care,) = bottlenecks(session, Scope.WISH)
    assert (care.seekers, care.offers, care.positions, care.shortage) == (5, 1, 2, 3)
    assert (care.sectors, care.pc4s, care.minutes) == ([["ZORG", 5]], [["1068", 5]], 10)
    assert members(session, care) == {youth.first_name for youth in carers}
    assert "analysis.done" in session.exec(select(AuditEntry.action)).all()


def test_it_says_so_in_a_sentence(
    session: Session, world: World, carers: list[Youth], work_out: Work
) -> None:
    work_out()
    (care,) = bottlenecks(session, Scope.WISH)

    with speaking("nl"):
        assert wording.bottleneck_sentence(care) == (
            "5 jongeren hebben samen maar 2 plekken binnen bereik die bij een wens passen:"
            " zorg, binnen 10 minuten van 1068."
        )
    with speaking("en"):
        assert wording.bottleneck_sentence(care).startswith("5 youths together have only 2 positions")


def test_the_recruiting_list_serves_everybody(
    session: Session, world: World, carers: list[Youth], work_out: Work
) -> None:
    work_out()
    asked = recruits(session, Scope.WISH)
    assert [(one.sector, one.positions, one.helps) for one in asked] == [("ZORG", 3, 5)]

    host = make.make_organisation(session)
    for one in asked:
        make.make_offer(session, host, sectors=[one.sector], pc4=one.pc4, positions=one.positions)

    assert work_out().shortage_wish == 0
    assert (bottlenecks(session, Scope.WISH), recruits(session, Scope.WISH)) == ([], [])


def test_one_position_fewer_is_not_enough(
    session: Session, world: World, carers: list[Youth], work_out: Work
) -> None:
    work_out()
    (line,) = recruits(session, Scope.WISH)
    make.make_offer(
        session,
        make.make_organisation(session),
        sectors=[line.sector],
        pc4=line.pc4,
        positions=line.positions - 1,
    )

    assert work_out().shortage_wish == 1


def test_it_looks_beyond_the_few_that_a_run_proposes(
    session: Session, world: World, carers: list[Youth], hospital_offer: Offer, work_out: Work
) -> None:
    world.programme.suggestions_each = 1
    second = make.make_offer(session, make.make_organisation(session), sectors=["ZORG"], positions=3)
    session.add(world.programme)

    analysis = work_out()

    mine = col(Suggestion.youth_id).in_([one.id for one in carers])
    proposed = session.exec(select(Suggestion.youth_id, Suggestion.offer_id).where(mine)).all()
    reachable = {(one.id, offer.id) for one in carers for offer in (hospital_offer, second)}
    # One each, and what the allocation means for somebody from further down.
    assert set(proposed) < reachable
    assert analysis.shortage_wish == 0


def test_who_has_nothing_at_all_is_one_bottleneck(session: Session, world: World, work_out: Work) -> None:
    for name in ("Ver1", "Ver2"):
        make.make_youth(session, world.school_class, first_name=name, pc4="9711")

    work_out()

    (far,) = bottlenecks(session, Scope.ANY)
    assert (far.seekers, far.offers, far.positions, far.minutes) == (2, 0, 0, None)
    assert members(session, far) == {"Ver1", "Ver2"}
    with speaking("nl"):
        assert wording.bottleneck_sentence(far) == (
            "2 jongeren hebben helemaal geen plek binnen bereik: horeca en zorg, vanuit 9711."
        )


def test_whom_no_position_can_help_is_told_apart_with_the_cause(
    session: Session, world: World, work_out: Work, client: Browser
) -> None:
    """By public transport nobody comes anywhere in twenty minutes, so no list can ask for that."""
    make.make_youth(session, world.school_class, first_name="Traag", pc4="9711", modes=["ov"], max_minutes=20)
    make.make_youth(session, world.school_class, first_name="Jong", pc4="9711", birth_year=2018)

    analysis = work_out()

    assert recruits(session, Scope.ANY) == []
    (barred,) = bottlenecks(session, Scope.ANY)
    assert members(session, barred) == {"Traag", "Jong"}
    assert analysis.lists["any"]["causes"] == [["L-1", 1, None], ["R-1", 1, 25]]
    page = client.acting_as(world.coordinator).get(f"/bottlenecks/{world.programme.id}?scope=any").text
    for told in (
        "2 youths: no position can be given, wherever it is.",
        "2 youths are helped by no new position.",
        "1 youth: no place is within the limit of travel. With 25 minutes one would be.",
        "1 youth: The programme starts at a higher age.",
    ):
        assert told in page


def test_nobody_is_left_out(session: Session, world: World, work_out: Work) -> None:
    analysis = work_out()

    assert (analysis.shortage_wish, analysis.shortage_any) == (0, 0)
    assert (bottlenecks(session, Scope.ANY), recruits(session, Scope.ANY)) == ([], [])
    assert analysis.lists == {
        "wish": {"left": 0, "causes": [], "is_complete": True},
        "any": {"left": 0, "causes": [], "is_complete": True},
    }


def test_a_host_takes_no_more_than_the_programme_allows(
    session: Session, world: World, carers: list[Youth], hospital_offer: Offer, work_out: Work
) -> None:
    world.programme.cap_per_host = 2
    session.add(world.programme)
    earlier = make.make_run(session, world.programme, finished_at=clock.now() - timedelta(days=9))
    approved = make.make_suggestion(session, earlier, carers[0], hospital_offer, status="approved")
    hospital_offer.positions = 9
    make.make_placement(session, approved, hospital_offer, status=PlacementStatus.CONFIRMED)

    work_out()

    (care,) = bottlenecks(session, Scope.WISH)
    assert (care.seekers, care.positions, care.capped_hosts) == (4, 1, 1)


def test_what_is_meant_for_another_programme_is_not_counted_twice(
    session: Session, world: World, carers: list[Youth], hospital_offer: Offer, work_out: Work
) -> None:
    elsewhere = make.make_run(session, world.other_programme)
    make.make_suggestion(
        session, elsewhere, world.other_youth, hospital_offer, allocated_at=elsewhere.finished_at
    )

    work_out()

    (care,) = bottlenecks(session, Scope.WISH)
    assert (care.positions, care.shortage) == (1, 4)


def test_a_class_seeks_on_its_own_and_its_offers_help_nobody_else(
    session: Session, world: World, carers: list[Youth], work_out: Work
) -> None:
    make.make_offer(
        session, world.garage, kind="company_visit", sectors=["ZORG"], positions=30, title="Bezoek"
    )

    analysis = work_out()

    assert (analysis.offers, analysis.positions, analysis.shortage_wish) == (3, 6, 3)


def test_a_run_for_one_youth_or_a_request_changes_nothing(
    session: Session, world: World, begin: Begin
) -> None:
    matchmaking.ask_own_run(session, world.noor_herself)
    assert compute_run(begin)
    request = make.make_school_request(session, world.programme, world.school_class)
    matchmaking.ask_request_run(session, world.teacher, request.id)
    assert compute_run(begin)

    assert not compute_analysis(begin)
    assert find_analysis(session, world.programme.id) is None


def test_a_newer_run_is_noticed_once(
    session: Session,
    world: World,
    carers: list[Youth],
    work_out: Work,
    begin: Begin,
    morning: time_machine.Traveller,
) -> None:
    first = work_out()
    assert not compute_analysis(begin)
    morning.shift(timedelta(hours=1))

    second = work_out()

    assert second.id == first.id
    assert second.computed_at == clock.now()
    assert len(bottlenecks(session, Scope.WISH)) == 1
    assert not compute_analysis(begin)


def test_it_is_worked_out_again_when_a_coordinator_asks(
    session: Session, world: World, carers: list[Youth], work_out: Work, begin: Begin
) -> None:
    work_out()
    for youth in carers[:2]:
        suggestion = session.exec(select(Suggestion).where(Suggestion.youth_id == youth.id)).first()
        assert suggestion is not None
        refusal = RefusalInput(refusal_code=RefusalCode.OTHER)
        for one in session.exec(select(Suggestion).where(Suggestion.youth_id == youth.id)):
            matchmaking.refuse_suggestion(session, world.coordinator, one.id, refusal)

    analysis = actions.renew_analysis(session, world.coordinator, world.programme.id)
    assert analysis.is_going
    with pytest.raises(AnalysisIsGoing):
        actions.renew_analysis(session, world.coordinator, world.programme.id)
    assert compute_analysis(begin)

    session.refresh(analysis)
    assert analysis.status is AnalysisStatus.DONE
    # What was refused is no longer possible for two of them.
    nothing = [one for one in bottlenecks(session, Scope.ANY) if not one.offers]
    assert sum(one.seekers for one in nothing) == 2


def test_without_a_run_there_is_nothing_to_look_into(session: Session, world: World) -> None:
    with pytest.raises(NoRunYet):
        actions.renew_analysis(session, world.coordinator, world.programme.id)


def test_a_killed_worker_is_followed_by_another(
    session: Session,
    world: World,
    carers: list[Youth],
    run_it: Callable[[], None],
    begin: Begin,
    morning: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_it()

    class Killed(BaseException):
        """As if the power went."""

    def die(*_anything: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(engine, "find_bottlenecks", die)
        with pytest.raises(Killed):
            compute_analysis(begin)
    assert not compute_analysis(begin), "its lease still runs"
    morning.shift(timedelta(seconds=begin.settings.lease_seconds + 1))

    assert compute_analysis(begin)

    analysis = find_analysis(session, world.programme.id)
    assert analysis is not None
    assert (analysis.status, analysis.attempts) == (AnalysisStatus.DONE, 2)
    assert len(bottlenecks(session, Scope.WISH)) == 1


def test_what_another_worker_took_over_is_not_written(
    session: Session,
    world: World,
    carers: list[Youth],
    run_it: Callable[[], None],
    begin: Begin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_it()
    find = engine.find_bottlenecks

    def slowly(*asked: object) -> engine.Findings:
        with begin() as other:
            for row in other.exec(select(Analysis)):
                row.due_at = clock.now() + timedelta(hours=1)
                other.add(row)
        return find(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "find_bottlenecks", slowly)
    assert compute_analysis(begin)

    analysis = find_analysis(session, world.programme.id)
    assert analysis is not None
    assert (analysis.status, analysis.computed_at) == (AnalysisStatus.RUNNING, None)
    assert bottlenecks(session, Scope.WISH) == []


def test_work_that_ends_its_worker_again_and_again_is_given_up(
    session: Session, world: World, run_it: Callable[[], None], begin: Begin
) -> None:
    run_it()
    assert jobs.notice_run(begin)
    analysis = find_analysis(session, world.programme.id)
    assert analysis is not None
    analysis.attempts = MOST_ATTEMPTS
    session.add(analysis)

    assert compute_analysis(begin)

    session.refresh(analysis)
    assert (analysis.status, analysis.due_at) == (AnalysisStatus.FAILED, None)
    assert not compute_analysis(begin)
    # A press on the button begins afresh.
    actions.renew_analysis(session, world.coordinator, world.programme.id)
    assert compute_analysis(begin)
    session.refresh(analysis)
    assert analysis.status is AnalysisStatus.DONE


def test_what_the_engine_refuses_fails_and_keeps_what_was_found(
    session: Session,
    world: World,
    carers: list[Youth],
    work_out: Work,
    begin: Begin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    analysis = work_out()

    def refuse(*_anything: object) -> None:
        raise engine.EngineFault("no")

    actions.renew_analysis(session, world.coordinator, world.programme.id)
    monkeypatch.setattr(engine, "find_bottlenecks", refuse)
    assert compute_analysis(begin)

    session.refresh(analysis)
    assert analysis.status is AnalysisStatus.FAILED
    assert len(bottlenecks(session, Scope.WISH)) == 1


def test_too_many_possibilities_are_said_to_be_too_many(
    session: Session, world: World, carers: list[Youth], work_out: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_CANDIDATES", 7)

    analysis = work_out()

    assert not analysis.is_whole
    assert analysis.status is AnalysisStatus.DONE


def test_time_that_runs_out_is_told(
    session: Session, world: World, carers: list[Youth], work_out: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "RECRUITING_SECONDS", 0.0)

    analysis = work_out()

    assert analysis.lists["wish"]["is_complete"] is False
    assert analysis.shortage_wish == 3


def test_who_they_were_is_forgotten_in_time(
    session: Session,
    world: World,
    carers: list[Youth],
    work_out: Work,
    begin: Begin,
    morning: time_machine.Traveller,
) -> None:
    work_out()
    assert not forget_who_was_short(begin)
    morning.shift(IS_KEPT + timedelta(days=1))

    assert forget_who_was_short(begin)

    assert session.exec(select(BottleneckYouth)).all() == []
    assert [one.seekers for one in bottlenecks(session, Scope.WISH)] == [5]


def test_an_erased_youth_leaves_no_trace(
    session: Session, world: World, carers: list[Youth], work_out: Work
) -> None:
    work_out()
    session.delete(carers[0])
    session.flush()

    (care,) = bottlenecks(session, Scope.WISH)
    assert len(members(session, care)) == 4
