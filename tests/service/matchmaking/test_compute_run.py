"""The worker's part of a run: suggestions, gaps, what people decided before, and every way it can end."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from matching import ENGINE_VERSION
from service.audit.models import AuditEntry
from service.core.jobs import Begin
from service.matchmaking import actions, engine, jobs
from service.matchmaking.jobs import MOST_ATTEMPTS, compute_run
from service.matchmaking.models import RefusalCode, Run, RunGap, RunStatus, Suggestion, SuggestionStatus
from service.matchmaking.schemas import RefusalInput
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Location, OrganisationStatus
from service.school_requests.models import SchoolRequest, SchoolRequestStatus, SchoolRequestYouth
from service.youth.models import Youth, YouthStatus
from tests import factories as make
from tests.world import World

Compute = Callable[[Run], Run]


def ask(session: Session, world: World) -> Run:
    return actions.ask_programme_run(session, world.coordinator, world.programme.id)


def proposals(session: Session, run: Run) -> set[tuple[str, str]]:
    """Who is proposed what, by name."""
    rows = session.exec(select(Suggestion).where(Suggestion.run_id == run.id)).all()
    names = {youth.id: youth.first_name for youth in session.exec(select(Youth))}
    titles = {offer.id: offer.title for offer in session.exec(select(Offer))}
    return {(names.get(row.youth_id, "class"), titles[row.offer_id]) for row in rows}  # type: ignore[arg-type]


def status_of(session: Session, asked: SchoolRequest) -> SchoolRequestStatus:
    session.flush()
    session.refresh(asked)
    return asked.status


def test_it_works(session: Session, world: World, compute: Compute) -> None:
    run = compute(ask(session, world))

    assert run.status is RunStatus.DONE
    assert (run.due_at, run.finished_at) == (None, datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert (run.engine_version, run.seed, run.attempts) == (ENGINE_VERSION, world.programme.lottery_seed, 1)
    assert run.numbers["seekers"] == 2
    assert len(run.input_hash) == len(run.configuration_hash) == len(run.output_hash) == 64
    first = session.exec(
        select(Suggestion).where(Suggestion.youth_id == world.noor.id).order_by(col(Suggestion.rank))
    ).first()
    assert first is not None
    assert (first.offer_id, first.rank, first.status) == (
        world.bakery_offer.id,
        1,
        SuggestionStatus.PROPOSED,
    )
    # A sector that is her first wish, around the corner; silent about talents, so two parts share the weight.
    assert (first.sector, first.location, first.talent, first.minutes) == (0.8, 1.0, 0.0, 10)
    assert first.score == pytest.approx(100 * (0.45 * 0.8 + 0.25 * 1.0) / 0.70)
    assert first.weights == pytest.approx({"sector": 0.45 / 0.7, "location": 0.25 / 0.7, "talent": 0.0})
    assert [reason["code"] for reason in first.reasons] == [
        "wish_sector",
        "near",
        "no_talents_given",
        "offer_has_no_tags",
    ]
    assert first.meets_wish
    actions_noted = session.exec(select(AuditEntry.action)).all()
    assert {"run.asked", "run.done"} <= set(actions_noted)


def test_each_gets_what_is_wished_first(session: Session, world: World, compute: Compute) -> None:
    run = compute(ask(session, world))

    best = session.exec(select(Suggestion).where(Suggestion.run_id == run.id, Suggestion.rank == 1)).all()
    assert {(one.youth_id, one.offer_id) for one in best} == {
        (world.noor.id, world.bakery_offer.id),
        (world.yassin.id, world.garage_offer.id),
    }
    assert {one.alternatives for one in best} == {1}


def test_who_has_nothing_is_told_why(session: Session, world: World, compute: Compute) -> None:
    for offer in (world.bakery_offer, world.garage_offer):
        offer.pc4 = "9711"
        session.add(offer)

    run = compute(ask(session, world))

    gaps = session.exec(select(RunGap).where(RunGap.run_id == run.id)).all()
    assert {gap.youth_id for gap in gaps} == {world.noor.id, world.yassin.id}
    assert gaps[0].causes == [{"code": "R-1", "offers": 2, "alone": 2}]
    assert proposals(session, run) == set()
    assert (run.numbers["seekers"], run.numbers["seekers_with_suggestion"]) == (2, 0)


def test_the_same_input_and_seed_give_the_same_output(
    session: Session, world: World, compute: Compute
) -> None:
    first, second = compute(ask(session, world)), compute(ask(session, world))

    assert first.output_hash == second.output_hash
    assert first.input_hash == second.input_hash
    world.noor.wishes = ["ICT"]
    session.add(world.noor)
    third = compute(ask(session, world))
    assert third.input_hash != first.input_hash
    assert third.output_hash != first.output_hash


def test_what_was_refused_is_not_proposed_again(session: Session, world: World, compute: Compute) -> None:
    compute(ask(session, world))
    refused = session.exec(
        select(Suggestion).where(
            Suggestion.youth_id == world.noor.id, Suggestion.offer_id == world.bakery_offer.id
        )
    ).one()
    refusal = RefusalInput(refusal_code=RefusalCode.TOO_FAR)
    actions.refuse_suggestion(session, world.coordinator, refused.id, refusal)

    again = compute(ask(session, world))

    assert ("Noor", "Meelopen in de bakkerij") not in proposals(session, again)
    assert ("Yassin", "Meelopen in de bakkerij") in proposals(session, again)


def test_what_nobody_decided_on_is_out_of_date(session: Session, world: World, compute: Compute) -> None:
    earlier = compute(ask(session, world))
    decided = session.exec(select(Suggestion).where(Suggestion.youth_id == world.yassin.id)).first()
    assert decided is not None
    refusal = RefusalInput(refusal_code=RefusalCode.OTHER)
    actions.refuse_suggestion(session, world.coordinator, decided.id, refusal)

    later = compute(ask(session, world))

    def states(run: Run) -> set[SuggestionStatus]:
        return {one.status for one in session.exec(select(Suggestion).where(Suggestion.run_id == run.id))}

    assert states(earlier) == {SuggestionStatus.EXPIRED, SuggestionStatus.REFUSED}
    assert states(later) == {SuggestionStatus.PROPOSED}


def test_the_proposals_of_another_request_stay(session: Session, world: World, compute: Compute) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    of_request = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    compute(ask(session, world))

    rows = session.exec(select(Suggestion).where(Suggestion.run_id == of_request.id)).all()
    assert {row.status for row in rows} == {SuggestionStatus.PROPOSED}


def test_who_has_something_already_is_left_in_peace(session: Session, world: World, compute: Compute) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.garage_offer, status=SuggestionStatus.APPROVED)

    again = compute(ask(session, world))

    assert {name for name, _ in proposals(session, again)} == {"Yassin"}


def test_only_what_can_be_had_is_proposed(session: Session, world: World, compute: Compute) -> None:
    """Published, with room, of an organisation that takes part, in the kinds and season of the programme."""
    make.make_offer(session, world.bakery, title="draft", status=OfferStatus.DRAFT)
    make.make_offer(session, world.bakery, title="full", positions=1, positions_taken=1)
    make.make_offer(session, world.bakery, title="another kind", kind="coach")
    make.make_offer(
        session, world.bakery, title="later", starts_on=date(2027, 9, 1), ends_on=date(2027, 9, 3)
    )
    world.garage.status = OrganisationStatus.PAUSED
    session.add(world.garage)

    run = compute(ask(session, world))

    assert proposals(session, run) == {
        ("Noor", "Meelopen in de bakkerij"),
        ("Yassin", "Meelopen in de bakkerij"),
    }


def test_who_has_left_or_not_begun_is_not_looked_for(
    session: Session, world: World, compute: Compute
) -> None:
    world.noor.status, world.yassin.status = YouthStatus.LEFT, YouthStatus.INVITED
    session.add_all([world.noor, world.yassin])

    run = compute(ask(session, world))

    assert run.status is RunStatus.DONE
    assert run.numbers["seekers"] == 0


def test_without_a_postcode_one_leaves_from_school(session: Session, world: World, compute: Compute) -> None:
    world.noor.pc4 = None
    session.add(world.noor)

    run = compute(ask(session, world))

    assert ("Noor", "Meelopen in de bakkerij") in proposals(session, run)


# Requests of schools


def test_a_request_is_for_the_youths_it_names(session: Session, world: World, compute: Compute) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    session.add(SchoolRequestYouth(school_request_id=asked.id, youth_id=world.noor.id))
    run = actions.ask_request_run(session, world.teacher, asked.id)
    assert status_of(session, asked) == SchoolRequestStatus.MATCHING

    compute(run)

    assert {name for name, _ in proposals(session, run)} == {"Noor"}
    assert status_of(session, asked) == SchoolRequestStatus.OPEN


def test_a_request_without_names_is_for_the_class(session: Session, world: World, compute: Compute) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)

    run = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    assert {name for name, _ in proposals(session, run)} == {"Noor", "Yassin"}


def test_a_group_kind_is_proposed_to_the_class(session: Session, world: World, compute: Compute) -> None:
    visit = make.make_offer(
        session, world.bakery, title="Kijkje in de bakkerij", kind="company_visit", positions=30
    )
    make.make_offer(session, world.garage, title="Te klein", kind="company_visit", positions=1)
    asked = make.make_school_request(session, world.programme, world.school_class, kind="company_visit")

    run = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    (suggestion,) = session.exec(select(Suggestion).where(Suggestion.run_id == run.id)).all()
    assert (suggestion.class_id, suggestion.youth_id) == (world.school_class.id, None)
    assert (suggestion.offer_id, suggestion.school_id) == (visit.id, world.school.id)
    assert run.numbers["seekers"] == 1


def test_a_class_without_anything_has_a_gap(session: Session, world: World, compute: Compute) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class, kind="company_visit")

    run = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    (gap,) = session.exec(select(RunGap).where(RunGap.run_id == run.id)).all()
    assert (gap.class_id, gap.youth_id) == (world.school_class.id, None)
    assert [cause["code"] for cause in gap.causes] == ["no_offers"]


def test_a_request_keeps_to_its_days(session: Session, world: World, compute: Compute) -> None:
    """Noor can only in March, when the school does not ask; that is no reason to fail for Yassin."""
    world.noor.available_from = date(2027, 3, 1)
    session.add(world.noor)
    asked = make.make_school_request(
        session, world.programme, world.school_class, starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 28)
    )

    run = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    assert run.status is RunStatus.DONE
    assert {name for name, _ in proposals(session, run)} == {"Yassin"}
    (gap,) = session.exec(select(RunGap).where(RunGap.run_id == run.id)).all()
    assert (gap.youth_id, gap.causes[0]["code"]) == (world.noor.id, "D-2")
    assert (run.numbers["seekers"], run.numbers["seekers_with_suggestion"]) == (2, 1)


def test_a_youth_asks_for_himself(session: Session, world: World, compute: Compute) -> None:
    run = compute(actions.ask_own_run(session, world.noor_herself))

    assert {name for name, _ in proposals(session, run)} == {"Noor"}


# How a run can end


def test_nothing_due_is_no_work(begin: Begin) -> None:
    assert compute_run(begin) is False


def test_a_run_that_was_stopped_before_it_began(session: Session, world: World, begin: Begin) -> None:
    run = ask(session, world)

    actions.stop_run(session, world.coordinator, run.id)

    assert run.status is RunStatus.STOPPED
    assert compute_run(begin) is False


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_stopped_while_it_computes(
    session: Session, world: World, compute: Compute, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whether the engine hears of it, or only the transaction that would write the answer."""
    asked = make.make_school_request(session, world.programme, world.school_class)
    run = actions.ask_request_run(session, world.coordinator, asked.id)
    if moment == "before":
        run.status = RunStatus.RUNNING
        actions.stop_run(session, world.coordinator, run.id)
    real = engine.suggest

    def suggest(*arguments: object) -> object:
        answer = real(*arguments)  # type: ignore[arg-type]
        actions.stop_run(session, world.coordinator, run.id)
        session.commit()
        return answer

    if moment == "after":
        monkeypatch.setattr(engine, "suggest", suggest)

    compute(run)

    assert (run.status, run.due_at, run.log) == (RunStatus.STOPPED, None, ["stopped"])
    assert proposals(session, run) == set()
    assert status_of(session, asked) == SchoolRequestStatus.OPEN


def test_a_run_the_engine_refuses_has_failed(session: Session, world: World, compute: Compute) -> None:
    world.bakery_offer.tags = ["a word nobody knows"]
    session.add(world.bakery_offer)

    run = compute(ask(session, world))

    assert (run.status, run.due_at) == (RunStatus.FAILED, None)
    assert run.log == ["input_refused", f"{world.bakery_offer.id} tags unknown"]
    assert proposals(session, run) == set()


def test_a_school_without_a_location_is_no_place_to_leave_from(
    session: Session, world: World, compute: Compute
) -> None:
    world.noor.pc4 = None
    session.add(world.noor)
    for location in session.exec(select(Location).where(Location.organisation_id == world.school.id)):
        session.delete(location)

    run = compute(ask(session, world))

    assert run.status is RunStatus.FAILED
    assert run.log[1:] == [f"{world.noor.id} pc4 impossible"]


def test_a_run_of_a_dead_worker_is_taken_up_again(
    session: Session, world: World, compute: Compute, morning: time_machine.Traveller, begin: Begin
) -> None:
    run = ask(session, world)
    run.status, run.attempts = RunStatus.RUNNING, 1
    run.due_at = begin.lease_end()
    session.add(run)
    assert compute_run(begin) is False, "its lease has not ended"

    morning.shift(timedelta(seconds=begin.settings.lease_seconds + 1))

    assert compute(run).status is RunStatus.DONE
    assert run.attempts == 2


def test_a_run_that_kills_every_worker_has_failed(session: Session, world: World, compute: Compute) -> None:
    asked = make.make_school_request(session, world.programme, world.school_class)
    run = actions.ask_request_run(session, world.coordinator, asked.id)
    run.attempts = MOST_ATTEMPTS
    session.add(run)

    compute(run)

    assert (run.status, run.due_at, run.log) == (RunStatus.FAILED, None, ["too_many_attempts"])
    assert status_of(session, asked) == SchoolRequestStatus.OPEN


def test_a_worker_that_lost_its_run_writes_nothing(
    session: Session, world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ask(session, world)
    real = engine.suggest

    def slow(*arguments: object) -> object:
        answer = real(*arguments)  # type: ignore[arg-type]
        run.due_at = begin.lease_end() + timedelta(minutes=1)
        session.add(run)
        session.commit()
        return answer

    monkeypatch.setattr(engine, "suggest", slow)

    assert compute_run(begin)

    session.refresh(run)
    assert run.status is RunStatus.RUNNING
    assert proposals(session, run) == set()


def test_progress_is_noted_and_keeps_the_run_ours(
    session: Session, world: World, begin: Begin, morning: time_machine.Traveller
) -> None:
    run = ask(session, world)
    lease = begin.lease_end()
    run.due_at, run.status = lease, RunStatus.RUNNING
    session.add(run)
    watcher = jobs.Watcher(begin, run.id, lease, stopped=False)
    morning.shift(timedelta(seconds=1))

    watcher.progress(3, 10)

    session.refresh(run)
    assert (run.steps_done, run.steps_total, run.due_at) == (3, 10, lease + timedelta(seconds=1))
    assert not watcher.is_stopped()
    actions.stop_run(session, world.coordinator, run.id)
    session.commit()
    watcher.progress(4, 10)
    session.refresh(run)
    assert run.steps_done == 3, "not more often than twice a second"
    morning.shift(timedelta(seconds=1))
    watcher.progress(5, 10)
    assert watcher.is_stopped()
