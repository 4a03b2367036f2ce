"""A host who has been asked as often this month as he wants is not proposed, and the cause is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from service.core import clock
from service.core.jobs import Begin
from service.insights.blind_spots import question_of
from service.matchmaking import actions
from service.matchmaking.caps import left_this_month
from service.matchmaking.models import RefusalCode, Run, RunGap, RunHelp, Suggestion, SuggestionStatus
from service.matchmaking.questions import answer_question
from service.matchmaking.schemas import PairInput
from service.offers.models import Offer
from service.programmes.models import ProgrammeSchool
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

Compute = Callable[[Run], Run]
APPROVED, REFUSED = SuggestionStatus.APPROVED, SuggestionStatus.REFUSED
LAST_MONTH = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
"""A minute before December in Amsterdam."""


def set_cap(session: Session, world: World, most: int) -> None:
    world.bakery.monthly_cap = most
    session.add(world.bakery)


def ask_the_bakery(session: Session, world: World, **changes: object) -> Suggestion:
    """A coordinator's yes for a youth of another school, in another programme."""
    programme = make.make_programme(session)
    school = make.make_school(session)
    session.add(ProgrammeSchool(programme_id=programme.id, school_id=school.id))
    school_class = make.make_class(session, school, programme_id=programme.id)
    values = {"status": APPROVED, "decided_at": clock.now()} | changes
    offer = make.make_offer(session, world.bakery, kind="bpv")
    youth = make.make_youth(session, school_class)
    suggestion: Suggestion = make.make_suggestion(
        session, make.make_run(session, programme), youth, offer, **values
    )
    return suggestion


def programme_run(session: Session, world: World, compute: Compute) -> Run:
    return compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))


def proposed_at_the_bakery(session: Session, run: Run, world: World) -> list[Suggestion]:
    at_the_bakery = select(Offer.id).where(Offer.organisation_id == world.bakery.id)
    return list(
        session.exec(
            select(Suggestion).where(Suggestion.run_id == run.id, col(Suggestion.offer_id).in_(at_the_bakery))
        )
    )


def test_it_works(session: Session, world: World, compute: Compute) -> None:
    set_cap(session, world, 1)
    assert proposed_at_the_bakery(session, programme_run(session, world, compute), world)

    ask_the_bakery(session, world)

    assert not proposed_at_the_bakery(session, programme_run(session, world, compute), world)


def test_no_more_are_meant_for_it_than_it_may_still_be_asked(
    session: Session, world: World, compute: Compute
) -> None:
    world.bakery_offer.positions = 5
    session.add(world.bakery_offer)
    for _number in range(4):
        make.make_youth(session, world.school_class, wishes=["HORECA"])
    set_cap(session, world, 3)
    ask_the_bakery(session, world)

    proposed = proposed_at_the_bakery(session, programme_run(session, world, compute), world)

    assert len(proposed) > 2
    assert len([one for one in proposed if one.allocated_at is not None]) == 2


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, 1),
        ({"decided_at": LAST_MONTH}, 2),
        ({"decided_at": LAST_MONTH + timedelta(minutes=1)}, 1),
        ({"status": REFUSED, "refusal_code": RefusalCode.DECLINED_BY_HOST}, 1),
        ({"status": REFUSED, "refusal_code": RefusalCode.DECLINED_BY_YOUTH}, 2),
        ({"status": REFUSED, "refusal_code": RefusalCode.TOO_FAR}, 2),
        ({"status": SuggestionStatus.PROPOSED, "decided_at": None}, 2),
    ],
)
def test_what_counts(session: Session, world: World, changes: dict[str, object], left: int) -> None:
    set_cap(session, world, 2)
    ask_the_bakery(session, world, **changes)

    assert left_this_month(session, [world.bakery.id, world.garage.id]) == {world.bakery.id: left}


def test_who_has_nothing_by_it_reads_so(
    session: Session, world: World, compute: Compute, client: Browser
) -> None:
    for offer in session.exec(select(Offer).where(Offer.organisation_id != world.bakery.id)):
        session.delete(offer)
    set_cap(session, world, 0)
    run = programme_run(session, world, compute)

    gap = session.exec(select(RunGap).where(RunGap.run_id == run.id, RunGap.youth_id == world.noor.id)).one()
    assert gap.causes == [{"code": "asked_enough", "offers": 1, "alone": 1}]
    page = client.acting_as(world.coordinator).get(f"/runs/{run.id}").text
    assert "The organisation has been asked as often this month as it wants. (1 offer)" in page
    compute(actions.ask_own_run(session, world.noor_herself))
    own = client.acting_as(world.noor_herself).get("/my-suggestions").text
    assert "A company has enough youths this month. Look again next month." in own
    # Its maker is not told that something is wrong with the offer.
    assert not session.exec(select(RunHelp).where(RunHelp.offer_id == world.bakery_offer.id)).all()


def test_who_decides_reads_it_before_deciding(
    session: Session, world: World, compute: Compute, client: Browser
) -> None:
    proposed, *_others = proposed_at_the_bakery(session, programme_run(session, world, compute), world)
    warning = "This organisation has been asked as often this month as it wants."
    client.acting_as(world.coordinator)
    set_cap(session, world, 1)
    assert warning not in client.get(f"/suggestions/{proposed.id}").text

    ask_the_bakery(session, world)

    assert warning in client.get(f"/suggestions/{proposed.id}").text


def test_a_class_that_is_too_large_reads_that(session: Session, world: World, compute: Compute) -> None:
    small = make.make_offer(session, world.garage, kind="company_visit", positions=1)
    large = make.make_offer(session, world.bakery, kind="company_visit", positions=30)
    set_cap(session, world, 0)
    asked = make.make_school_request(session, world.programme, world.school_class, kind="company_visit")

    def causes() -> list[str]:
        run = compute(actions.ask_request_run(session, world.teacher, asked.id))
        gap = session.exec(select(RunGap).where(RunGap.run_id == run.id)).one()
        return [cause["code"] for cause in gap.causes]

    assert causes() == ["C-1"]
    session.delete(small)
    assert causes() == ["asked_enough"]
    assert large.positions_left == 30


def test_why_not_names_it(session: Session, world: World, begin: Begin, client: Browser) -> None:
    set_cap(session, world, 1)
    ask_the_bakery(session, world)
    pair = PairInput(youth_id=world.noor.id, offer_id=world.bakery_offer.id)
    question = actions.ask_why_not(session, world.coordinator, pair)
    session.commit()

    assert answer_question(begin)

    shown = client.acting_as(world.coordinator).get(f"/explanations/{question.id}").text
    assert "The organisation has been asked as often this month as it wants." in shown


def test_the_gaps_of_a_season_know_no_month(session: Session, world: World) -> None:
    set_cap(session, world, 0)
    run = make.make_run(session, world.programme)

    question = question_of(session, run, clock.today())

    assert question.material.asked_enough == frozenset()
    assert world.bakery.id not in question.terms.caps
