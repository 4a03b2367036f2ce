"""Who is meant to get which position: in a run, at the desk, and when one falls free."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.audit.models import AuditEntry
from service.core.jobs import Begin
from service.matchmaking import actions, engine, queries
from service.matchmaking.models import RefusalCode, Run, Suggestion, SuggestionStatus
from service.matchmaking.schemas import RefusalInput
from service.matchmaking.succession import move_up
from service.offers.models import Offer
from service.placements.actions import approve_suggestion, decline_placement
from service.placements.models import DeclineCode, Placement
from service.placements.schemas import ApprovalInput, YouthDeclineInput
from service.school_requests.models import SchoolRequestYouth
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

Compute = Callable[[Run], Run]
TOO_FAR = RefusalInput(refusal_code=RefusalCode.TOO_FAR)


def ask(session: Session, world: World) -> Run:
    return actions.ask_programme_run(session, world.coordinator, world.programme.id)


@pytest.fixture
def scarce(session: Session, world: World) -> World:
    """One position at the baker, one at the garage; Noor and Yassin both want the baker, Noor most."""
    world.bakery_offer.positions = 1
    world.yassin.wishes = ["HORECA", "MOB"]
    world.noor.wishes = ["HORECA"]
    session.add_all([world.bakery_offer, world.yassin, world.noor])
    session.commit()
    return world


def given(session: Session, run: Run) -> set[tuple[str, str]]:
    """Who is meant to get what, by name."""
    rows = session.exec(
        select(Suggestion).where(Suggestion.run_id == run.id, col(Suggestion.allocated_at).is_not(None))
    )
    found = queries.proposals_of(session, rows.all())
    return {(one.youth.first_name, one.organisation.name) for one in found if one.youth}


def proposal(session: Session, run: Run, youth_id: object, offer_id: object) -> Suggestion:
    return session.exec(
        select(Suggestion).where(
            Suggestion.run_id == run.id, Suggestion.youth_id == youth_id, Suggestion.offer_id == offer_id
        )
    ).one()


def stored(session: Session, run: Run) -> list[Suggestion]:
    return list(session.exec(select(Suggestion).where(Suggestion.run_id == run.id)))


def approve(session: Session, world: World, suggestion: Suggestion) -> Placement:
    seen = [reason["code"] for reason in suggestion.reasons]
    return approve_suggestion(session, world.coordinator, suggestion.id, ApprovalInput(seen=seen))


def test_it_works(session: Session, scarce: World, compute: Compute) -> None:
    """Yassin has a second wish that can be met, Noor has not: so everybody gets something good."""
    run = compute(ask(session, scarce))

    assert given(session, run) == {("Noor", "Bakkerij Zonnebloem"), ("Yassin", "Garage De Ring")}
    numbers = run.numbers["allocation"]
    assert (numbers["placed"], numbers["left_out"], numbers["filled"], numbers["positions"]) == (2, 0, 2, 2)
    assert (numbers["is_optimal"], numbers["is_out_of_time"], numbers["is_rerun"]) == (True, False, False)
    placed = next(one for one in numbers["reached"] if one["aim"] == "placed")
    assert (placed["reached"], placed["best"]) == (2, 2)


def test_positions_of_a_visit_are_not_counted_among_those_for_one_youth(
    session: Session, scarce: World, compute: Compute
) -> None:
    make.make_offer(session, scarce.bakery, kind="company_visit", positions=30)
    session.commit()

    run = compute(ask(session, scarce))

    assert run.numbers["offers"] == 3
    assert run.numbers["allocation"]["positions"] == 2


def test_the_desk_shows_first_what_is_meant_for_each(
    session: Session, scarce: World, compute: Compute
) -> None:
    run = compute(ask(session, scarce))
    yassins = proposal(session, run, scarce.yassin.id, scarce.garage_offer.id)
    best = proposal(session, run, scarce.yassin.id, scarce.bakery_offer.id)
    assert best.rank < yassins.rank

    first = queries.next_at_desk(session, scarce.coordinator)
    assert first is not None
    second = queries.next_at_desk(session, scarce.coordinator, first.id)
    assert second is not None

    assert {first.id, second.id} == {
        yassins.id,
        proposal(session, run, scarce.noor.id, scarce.bakery_offer.id).id,
    }
    assert queries.next_at_desk(session, scarce.coordinator, second.id) is None
    assert queries.count_to_decide(session, scarce.coordinator) == 2


def test_who_is_left_out_comes_last_at_the_desk(session: Session, scarce: World, compute: Compute) -> None:
    scarce.garage_offer.pc4 = "9711"
    session.add(scarce.garage_offer)
    run = compute(ask(session, scarce))

    ((name, _host),) = given(session, run)
    waiting = [queries.next_at_desk(session, scarce.coordinator)]
    assert waiting[0] is not None
    waiting.append(queries.next_at_desk(session, scarce.coordinator, waiting[0].id))
    cards = queries.proposals_of(session, [one for one in waiting if one])

    assert [(card.youth.first_name == name, card.is_allocated) for card in cards if card.youth] == [
        (True, True),
        (False, False),
    ]
    assert run.numbers["allocation"]["left_out"] == 1


def test_the_pages_say_who_gets_what(
    session: Session, scarce: World, compute: Compute, client: Browser
) -> None:
    run = compute(ask(session, scarce))
    client.acting_as(scarce.coordinator)

    page = client.get(f"/runs/{run.id}").text
    assert "Nobody can get something better without somebody else losing by it." in page
    assert "2 / 2" in page
    assert "youths with a position that fits them well" in page
    meant = proposal(session, run, scarce.yassin.id, scarce.garage_offer.id)
    other = proposal(session, run, scarce.yassin.id, scarce.bakery_offer.id)
    assert "Meant for this youth by the fair division" in client.get(f"/suggestions/{meant.id}").text
    offer = session.get_one(Offer, meant.offer_id)
    offer.positions_taken = offer.positions
    session.add(offer)
    session.commit()
    full = client.get(f"/suggestions/{meant.id}").text
    assert "This offer is full now." in full
    assert "Meant for this youth" not in full
    assert "means this position for somebody else" in client.get(f"/suggestions/{other.id}").text
    shown = client.get(f"/api/v1/suggestions/{meant.id}").json()
    assert shown["allocated_at"] is not None
    assert client.get(f"/api/v1/suggestions/{other.id}").json()["allocated_at"] is None


def test_a_division_that_ran_out_of_time_says_so(session: Session, world: World, client: Browser) -> None:
    allocation = {
        "seekers": 2, "placed": 1, "with_good": 1, "positions": 4, "filled": 1, "kept": 0, "changed": 0,
        "left_out": 1, "is_rerun": False, "solver": "network", "is_optimal": False,
        "is_out_of_time": True, "limit_seconds": 20.0,
        "reached": [{"aim": "good", "position": 1, "from_value": 0.0, "reached": 1, "best": None}],
    }  # fmt: skip
    numbers = {"seekers": 2, "seekers_with_suggestion": 2, "suggestions": 2, "offers": 2}
    run = make.make_run(session, world.programme, numbers=numbers | {"allocation": allocation})
    client.acting_as(world.coordinator)

    page = client.get(f"/runs/{run.id}").text

    assert "There were 20 seconds to divide the positions." in page
    assert "not known" in page
    assert "3 positions stay empty. That nobody who is left could have one was not proven." in page


def test_why_positions_stay_empty_beside_youths_who_are_left_out(
    session: Session, scarce: World, compute: Compute, client: Browser
) -> None:
    """The garage opens on Fridays, and nobody can come then; one of the two has the only other position."""
    scarce.garage_offer.weekdays = [5]
    scarce.noor.weekdays = scarce.yassin.weekdays = [1]
    session.add_all([scarce.garage_offer, scarce.noor, scarce.yassin])
    session.commit()
    run = compute(ask(session, scarce))

    page = client.acting_as(scarce.coordinator).get(f"/runs/{run.id}").text

    numbers = run.numbers["allocation"]
    assert (numbers["left_out"], numbers["positions"] - numbers["filled"]) == (1, 1)
    assert "1 position stays empty: nobody who is left may have it or can get there" in page
    assert f'href="/bottlenecks/{scarce.programme.id}"' in page


def test_with_nobody_left_out_empty_positions_need_no_reason(
    session: Session, world: World, compute: Compute, client: Browser
) -> None:
    run = compute(ask(session, world))

    assert run.numbers["allocation"]["positions"] > run.numbers["allocation"]["filled"]
    assert "empty" not in client.acting_as(world.coordinator).get(f"/runs/{run.id}").text


def test_a_class_and_who_asks_for_himself_are_given_nothing(
    session: Session, world: World, compute: Compute
) -> None:
    own = compute(actions.ask_own_run(session, world.noor_herself))
    visit = make.make_offer(session, world.bakery, kind="company_visit", positions=30)
    asked = make.make_school_request(session, world.programme, world.school_class, kind="company_visit")
    of_class = compute(actions.ask_request_run(session, world.coordinator, asked.id))

    assert "allocation" not in own.numbers
    assert "allocation" not in of_class.numbers
    (suggestion,) = session.exec(select(Suggestion).where(Suggestion.offer_id == visit.id)).all()
    assert queries.proposals_of(session, [suggestion])[0].is_allocated


def test_nobody_is_left_out_while_there_is_room_further_down(
    session: Session, scarce: World, compute: Compute
) -> None:
    """One proposal each, and both want the baker; the garage has room, so it is meant for one of them."""
    scarce.programme.suggestions_each = 1
    session.add(scarce.programme)

    run = compute(ask(session, scarce))

    assert given(session, run) == {("Noor", "Bakkerij Zonnebloem"), ("Yassin", "Garage De Ring")}
    further = proposal(session, run, scarce.yassin.id, scarce.garage_offer.id)
    assert (further.rank, further.alternatives) == (2, 1)
    assert further.reasons
    assert run.numbers["suggestions"] == 3
    assert (run.numbers["allocation"]["left_out"], run.numbers["seekers_with_suggestion"]) == (0, 2)


@pytest.fixture
def long_lists(session: Session, world: World) -> World:
    """More at the baker than is looked at of too many pairs, and he may take one; the garage has room."""
    for _number in range(engine.FEWEST_EACH):
        make.make_offer(session, world.bakery, sectors=["HORECA"], positions=1)
    world.programme.cap_per_host = 1
    world.noor.wishes = world.yassin.wishes = ["HORECA"]
    session.add_all([world.programme, world.noor, world.yassin])
    session.commit()
    return world


def test_all_that_is_allowed_is_given_out(
    session: Session, long_lists: World, compute: Compute, client: Browser
) -> None:
    """The garage comes last on both lists, after everything at the baker's."""
    run = compute(ask(session, long_lists))

    assert {host for _name, host in given(session, run)} == {"Bakkerij Zonnebloem", "Garage De Ring"}
    numbers = run.numbers["allocation"]
    assert (numbers["placed"], numbers["left_out"], numbers["candidates_each"]) == (2, 0, None)
    (last,) = [one for one in stored(session, run) if one.offer_id == long_lists.garage_offer.id]
    assert last.rank == engine.FEWEST_EACH + 2
    assert len(stored(session, run)) == 2 * long_lists.programme.suggestions_each + 1
    page = client.acting_as(long_lists.coordinator).get(f"/runs/{run.id}").text
    assert "losing by it. That has been proven.</p>" in page


def test_of_too_many_pairs_the_best_of_each_are_given_out_and_the_proof_says_so(
    session: Session, long_lists: World, compute: Compute, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_PAIRS", 2 * engine.FEWEST_EACH + 1)

    run = compute(ask(session, long_lists))

    numbers = run.numbers["allocation"]
    assert (numbers["placed"], numbers["left_out"], numbers["candidates_each"]) == (1, 1, 20)
    client.acting_as(long_lists.coordinator)
    page = client.get(f"/runs/{run.id}").text
    assert "That has been proven among the 20 best possibilities of each youth." in page
    assert "they are not among the best possibilities of the youths who are left" in page
    told = client.get(f"/api/v1/runs/{run.id}").json()["numbers"]["allocation"]
    assert told["candidates_each"] == 20


def test_where_nobody_has_more_possibilities_the_proof_is_of_all(
    session: Session, scarce: World, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_PAIRS", 1)

    assert compute(ask(session, scarce)).numbers["allocation"]["candidates_each"] is None


def test_a_run_of_before_this_was_told_proves_for_the_best_twenty(
    session: Session, scarce: World, compute: Compute, client: Browser
) -> None:
    run = compute(ask(session, scarce))
    allocation = {
        name: value for name, value in run.numbers["allocation"].items() if name != "candidates_each"
    }
    run.numbers = run.numbers | {"allocation": allocation}
    session.add(run)
    session.commit()

    page = client.acting_as(scarce.coordinator).get(f"/runs/{run.id}").text

    assert "proven among the 20 best possibilities of each youth." in page


# What is spoken for


def test_what_is_meant_for_somebody_else_is_not_given_again(
    session: Session, scarce: World, compute: Compute
) -> None:
    """A school's request comes after the run of the programme: the baker's position is Noor's."""
    compute(ask(session, scarce))
    sam = make.make_youth(session, scarce.school_class, first_name="Sam")
    asked = make.make_school_request(session, scarce.programme, scarce.school_class)
    session.add(SchoolRequestYouth(school_request_id=asked.id, youth_id=sam.id))

    run = compute(actions.ask_request_run(session, scarce.coordinator, asked.id))

    assert given(session, run) == set()
    assert run.numbers["allocation"]["positions"] == 0


def test_a_host_gets_no_more_than_the_programme_allows(
    session: Session, world: World, compute: Compute
) -> None:
    world.programme.cap_per_host = 1
    world.garage_offer.pc4 = "9711"
    session.add_all([world.programme, world.garage_offer])

    run = compute(ask(session, world))

    assert len(given(session, run)) == 1
    earlier = make.make_run(session, world.programme)
    other = make.make_youth(session, world.school_class)
    make.make_suggestion(session, earlier, other, world.bakery_offer, status=SuggestionStatus.APPROVED)
    assert given(session, compute(ask(session, world))) == set()


def test_a_second_run_changes_as_little_as_possible(
    session: Session, scarce: World, compute: Compute
) -> None:
    first = compute(ask(session, scarce))
    scarce.noor.wishes, scarce.yassin.wishes = ["MOB", "HORECA"], ["HORECA", "MOB"]
    session.add_all([scarce.noor, scarce.yassin])

    second = compute(ask(session, scarce))

    assert given(session, second) == given(session, first)
    numbers = second.numbers["allocation"]
    assert (numbers["is_rerun"], numbers["kept"], numbers["changed"]) == (True, 2, 0)


def test_who_was_left_out_on_an_earlier_day_goes_first(
    session: Session,
    scarce: World,
    compute: Compute,
    morning: time_machine.Traveller,
) -> None:
    """All else equal: once each, whatever the lottery says; what was given is no longer there to keep."""
    scarce.garage_offer.pc4 = "9711"
    scarce.yassin.profile, scarce.yassin.wishes = scarce.noor.profile, scarce.noor.wishes
    session.add_all([scarce.garage_offer, scarce.yassin])
    first = compute(ask(session, scarce))
    ((winner, _host),) = given(session, first)
    morning.shift(timedelta(days=1))
    for one in session.exec(select(Suggestion).where(Suggestion.run_id == first.id)):
        if one.allocated_at is not None:
            one.status = SuggestionStatus.REPLACED
            one.decided_at = one.allocated_at
            session.add(one)
    session.commit()

    second = compute(ask(session, scarce))

    ((next_winner, _host),) = given(session, second)
    assert next_winner != winner


# A position that falls free


def test_the_next_in_line_moves_up(
    session: Session, scarce: World, compute: Compute, begin: Begin, client: Browser
) -> None:
    """Noor says no to the baker; Yassin, who wants it most, leaves the garage for it."""
    run = compute(ask(session, scarce))
    noors = proposal(session, run, scarce.noor.id, scarce.bakery_offer.id)
    actions.refuse_suggestion(session, scarce.coordinator, noors.id, TOO_FAR)
    session.commit()

    assert move_up(begin)
    assert not move_up(begin), "a position falls free once"

    session.expire_all()
    assert given(session, run) == {("Yassin", "Bakkerij Zonnebloem")}
    following = queries.next_at_desk(session, scarce.coordinator)
    assert following is not None
    assert (following.youth_id, following.offer_id) == (scarce.yassin.id, scarce.bakery_offer.id)
    assert "suggestion.moved_up" in session.exec(select(AuditEntry.action)).all()


def test_a_place_that_is_turned_down_goes_to_the_next(
    session: Session, scarce: World, compute: Compute, begin: Begin
) -> None:
    scarce.garage_offer.pc4 = "9711"
    session.add(scarce.garage_offer)
    run = compute(ask(session, scarce))
    ((name, _host),) = given(session, run)
    youth = scarce.noor if name == "Noor" else scarce.yassin
    himself = scarce.noor_herself if name == "Noor" else scarce.yassin_himself
    placement = approve(session, scarce, proposal(session, run, youth.id, scarce.bakery_offer.id))
    answer = YouthDeclineInput(decline_code=DeclineCode.TOO_FAR)
    decline_placement(session, himself, placement.id, answer)
    session.commit()

    assert move_up(begin)

    session.expire_all()
    other = "Yassin" if name == "Noor" else "Noor"
    assert given(session, run) == {(other, "Bakkerij Zonnebloem")}


def test_who_has_something_approved_does_not_move(
    session: Session, scarce: World, compute: Compute, begin: Begin
) -> None:
    run = compute(ask(session, scarce))
    approve(session, scarce, proposal(session, run, scarce.yassin.id, scarce.garage_offer.id))
    noors = proposal(session, run, scarce.noor.id, scarce.bakery_offer.id)
    actions.refuse_suggestion(session, scarce.coordinator, noors.id, TOO_FAR)
    session.commit()

    assert move_up(begin)

    session.expire_all()
    assert given(session, run) == {("Yassin", "Garage De Ring")}


def test_who_decides_meanwhile_is_not_overruled(
    session: Session, scarce: World, compute: Compute, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = compute(ask(session, scarce))
    noors = proposal(session, run, scarce.noor.id, scarce.bakery_offer.id)
    actions.refuse_suggestion(session, scarce.coordinator, noors.id, TOO_FAR)
    session.commit()
    real = engine.successors

    def slow(*arguments: object) -> object:
        moves = real(*arguments)  # type: ignore[arg-type]
        best = proposal(session, run, scarce.yassin.id, scarce.bakery_offer.id)
        actions.refuse_suggestion(session, scarce.coordinator, best.id, TOO_FAR)
        session.commit()
        return moves

    monkeypatch.setattr(engine, "successors", slow)

    assert move_up(begin)

    session.expire_all()
    assert given(session, run) == {("Yassin", "Garage De Ring")}


def test_nothing_fell_free_is_no_work(begin: Begin) -> None:
    assert not move_up(begin)
