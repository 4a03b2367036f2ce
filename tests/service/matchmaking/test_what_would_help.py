"""What would help: found by the run, told to the youth, to who decides and to the host, each in his words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from service.core import clock
from service.core.jobs import Begin
from service.matchmaking import actions
from service.matchmaking.jobs import forget_old_proposals
from service.matchmaking.models import PairQuestion, Run, RunGap, RunHelp, Suggestion, SuggestionStatus
from service.offers.models import Offer
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

Compute = Callable[[Run], Run]


@pytest.fixture
def far(session: Session, world: World) -> World:
    """The baker is on the other side of the town; the garage opens on Fridays, Noor comes on Mondays."""
    world.bakery_offer.pc4 = "1012"
    world.garage_offer.weekdays = [5]
    world.noor.weekdays, world.noor.max_minutes, world.noor.modes = [1], 15, ["bike"]
    session.add_all([world.bakery_offer, world.garage_offer, world.noor])
    session.commit()
    return world


def ask(session: Session, world: World) -> Run:
    return actions.ask_programme_run(session, world.coordinator, world.programme.id)


def help_of(session: Session, **of: Any) -> list[RunHelp]:
    return list(session.exec(select(RunHelp).filter_by(**of)).all())


def test_it_works(session: Session, far: World, compute: Compute) -> None:
    run = compute(ask(session, far))

    (found,) = help_of(session, youth_id=far.noor.id)
    assert (found.run_id, found.in_reach) == (run.id, 0)
    told = {one["code"]: one for one in found.changes}
    assert told["weekday_also"]["facts"]["weekday"] == 5
    assert told["weekday_also"]["best_offer"] == str(far.garage_offer.id)
    assert (told["weekday_also"]["offers"], told["weekday_also"]["positions"]) == (1, 1)
    assert told["travel_longer"]["best_offer"] == str(far.bakery_offer.id)


def test_a_later_run_takes_the_place_of_what_was_found(
    session: Session, far: World, compute: Compute
) -> None:
    compute(ask(session, far))
    far.noor.weekdays = [1, 5]
    session.add(far.noor)

    compute(actions.ask_own_run(session, far.noor_herself))

    (found,) = help_of(session, youth_id=far.noor.id)
    codes = {one["code"] for one in found.changes}
    assert "travel_longer" in codes
    assert "weekday_also" not in codes


def test_who_has_plenty_is_told_nothing(session: Session, world: World, compute: Compute) -> None:
    for number in range(4):
        make.make_offer(session, world.bakery, title=f"Bakken {number}")

    compute(ask(session, world))

    assert help_of(session, youth_id=world.noor.id) == []


def test_the_youth_reads_it_in_easy_words_and_goes_to_the_question(
    session: Session, far: World, compute: Compute, client: Browser
) -> None:
    compute(ask(session, far))
    client.acting_as(far.noor_herself)

    page = client.get("/my-suggestions").text

    assert "If you can also come on Friday: 1 place more in" in page
    assert 'href="/profile/days"' in page
    assert "Nothing changes by itself." in page
    assert "Garage De Ring" not in page
    assert client.get(f"/youths/{far.noor.id}/help").headers["location"] == "/my-suggestions"


@pytest.mark.parametrize("name", ["coordinator", "teacher", "mentor"])
def test_who_helps_reads_why_and_what_would_help(
    session: Session, far: World, compute: Compute, client: Browser, name: str
) -> None:
    compute(ask(session, far))
    client.acting_as(far.everybody[name])

    page = client.get(f"/youths/{far.noor.id}/help").text

    assert "It is too far away. (1 offer)" in page
    assert "Also on Friday: 1 offer more, 1 in Mobil" in page
    assert f"/offers/{far.garage_offer.id}" in page


def test_the_page_of_the_run_has_it_beside_the_causes(
    session: Session, far: World, compute: Compute, client: Browser
) -> None:
    run = compute(ask(session, far))
    client.acting_as(far.coordinator)

    assert "Also on Friday: 1 offer more" in client.get(f"/runs/{run.id}").text


def test_the_desk_tells_who_could_have_more_choice(
    session: Session, world: World, compute: Compute, client: Browser
) -> None:
    world.noor.weekdays, world.garage_offer.weekdays = [1], [5]
    session.add_all([world.noor, world.garage_offer])
    compute(ask(session, world))
    suggestion = session.exec(select(Suggestion).where(Suggestion.youth_id == world.noor.id)).one()
    client.acting_as(world.coordinator)

    page = client.get(f"/suggestions/{suggestion.id}").text

    assert "Also on Friday: 1 offer more" in page
    assert f"/youths/{world.noor.id}/help" in page


def test_it_is_there_for_programs(session: Session, far: World, compute: Compute, client: Browser) -> None:
    run = compute(ask(session, far))
    client.acting_as(far.coordinator)

    told = client.get(f"/api/v1/youths/{far.noor.id}/help").json()

    assert (told["run_id"], told["in_reach"]) == (str(run.id), 0)
    assert {cause["code"] for cause in told["causes"]} == {"R-1", "D-3"}
    assert {change["code"] for change in told["changes"]} >= {"weekday_also", "travel_longer"}
    assert all(change["text"] and "best_offer" not in change for change in told["changes"])
    client.acting_as(far.noor_herself)
    own = client.get(f"/api/v1/youths/{far.noor.id}/help").json()
    assert "If you can also come on Friday" in {one["text"].split(":")[0] for one in own["changes"]}


def test_of_somebody_never_looked_for_there_is_nothing_to_tell(world: World, client: Browser) -> None:
    client.acting_as(world.coordinator)

    assert client.get(f"/api/v1/youths/{world.noor.id}/help").json() == {
        "youth_id": str(world.noor.id),
        "run_id": None,
        "in_reach": None,
        "causes": [],
        "changes": [],
    }
    assert "The last run found enough" in client.get(f"/youths/{world.noor.id}/help").text


# Hosts


@pytest.fixture
def unwanted(session: Session, world: World) -> Offer:
    """Only for TL; Noor and Yassin are of another track."""
    return make.make_offer(session, world.bakery, title="Taarten", tracks=["TL"])


def test_a_host_learns_counts_and_few_of_them_coarsely(
    session: Session, world: World, unwanted: Offer, compute: Compute, client: Browser
) -> None:
    compute(ask(session, world))

    (found,) = help_of(session, offer_id=unwanted.id)
    assert found.changes[0]["code"] == "track_also"
    assert found.changes[0]["youths"] == 2
    client.acting_as(world.baker)
    page = client.get(f"/offers/{unwanted.id}/help").text
    assert "fewer than 5 youths more." in page
    assert "Noor" not in page
    client.acting_as(world.coordinator)
    assert "2 youths more." in client.get(f"/offers/{unwanted.id}/help").text


def test_an_offer_that_was_proposed_needs_no_help(
    session: Session, world: World, compute: Compute, client: Browser
) -> None:
    compute(ask(session, world))
    client.acting_as(world.baker)

    assert help_of(session, offer_id=world.bakery_offer.id) == []
    assert "The last run proposed this offer" in client.get(f"/offers/{world.bakery_offer.id}/help").text


@pytest.mark.parametrize("name", ["mechanic", "teacher", "noor_herself"])
def test_others_do_not_see_what_would_help_an_offer(world: World, client: Browser, name: str) -> None:
    client.acting_as(world.everybody[name])

    assert client.get(f"/offers/{world.bakery_offer.id}/help").status_code in {403, 404}


@pytest.mark.parametrize("name", ["other_coordinator", "other_teacher", "yassin_himself", "baker", "admin"])
def test_to_strangers_the_youth_does_not_exist(world: World, client: Browser, name: str) -> None:
    client.acting_as(world.everybody[name])

    assert client.get(f"/youths/{world.noor.id}/help").status_code == 404
    assert client.get(f"/api/v1/youths/{world.noor.id}/help").status_code == 404


# How long it is kept


def test_what_came_to_nothing_is_forgotten_after_90_days(
    session: Session, far: World, compute: Compute, begin: Begin, morning: time_machine.Traveller
) -> None:
    first = compute(ask(session, far))
    question = PairQuestion(
        programme_id=far.programme.id, youth_id=far.noor.id, offer_id=far.bakery_offer.id, due_at=None
    )
    decided = make.make_run(session, far.programme)
    approved = SuggestionStatus.APPROVED
    kept = make.make_suggestion(session, decided, far.yassin, far.bakery_offer, status=approved)
    session.add(question)
    session.commit()
    assert forget_old_proposals(begin) is False

    morning.shift(timedelta(days=91))
    newest = make.make_suggestion(session, make.make_run(session, far.programme), far.noor, far.garage_offer)
    session.commit()
    assert forget_old_proposals(begin) is True

    session.expire_all()
    assert {one.id for one in session.exec(select(Suggestion))} == {kept.id, newest.id}
    for table in (RunGap, RunHelp, PairQuestion):
        assert session.exec(select(table)).all() == []
    assert forget_old_proposals(begin) is False
    assert clock.now() - first.created_at > timedelta(days=90)
