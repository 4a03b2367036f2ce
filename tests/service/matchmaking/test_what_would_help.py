"""What would help: found by the run, told to the youth, to who decides and to the host, each in his words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, select

from service.core import clock
from service.core.jobs import Begin
from service.matchmaking import actions, queries, wording
from service.matchmaking.jobs import forget_old_proposals
from service.matchmaking.models import (
    PairQuestion,
    RefusalCode,
    Run,
    RunGap,
    RunHelp,
    RunStatus,
    Suggestion,
    SuggestionStatus,
)
from service.offers.models import Offer, OfferStatus
from service.programmes.models import Programme
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
    assert "No run has looked for this youth yet" in client.get(f"/youths/{world.noor.id}/help").text


def test_who_has_plenty_reads_that(session: Session, world: World, client: Browser) -> None:
    make.make_suggestion(session, make.make_run(session, world.programme), world.noor, world.bakery_offer)

    page = client.acting_as(world.coordinator).get(f"/youths/{world.noor.id}/help").text

    assert "The last run found enough" in page
    assert "Why there is nothing now" not in page


# What was proposed and fell away


@pytest.fixture
def fallen(session: Session, world: World) -> World:
    """The baker is full by now, and the garage was refused to Noor."""
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer)
    world.bakery_offer.status, world.bakery_offer.positions_taken = OfferStatus.FULL, 3
    session.add(world.bakery_offer)
    refused = {"status": SuggestionStatus.REFUSED, "refusal_code": RefusalCode.NEEDS_OTHER_GUIDANCE}
    make.make_suggestion(session, run, world.noor, world.garage_offer, **refused)
    return world


def test_who_lost_what_was_proposed_reads_how(session: Session, fallen: World, client: Browser) -> None:
    page = client.acting_as(fallen.coordinator).get(f"/youths/{fallen.noor.id}/help").text

    assert "It was proposed and is full now. (1 offer)" in page
    assert "It was refused: the youth needs other guidance. (1 offer)" in page
    assert "A new run looks for other offers" in page
    assert f'action="/programmes/{fallen.programme.id}/runs"' in page
    assert "Nothing to tell" not in page
    told = client.get(f"/api/v1/youths/{fallen.noor.id}/help").json()
    run = session.exec(select(Run)).one()
    assert (told["run_id"], told["in_reach"]) == (str(run.id), None)
    assert {cause["code"] for cause in told["causes"]} == {"offer_full", "refused_needs_other_guidance"}


def test_a_school_asks_for_the_run(fallen: World, client: Browser) -> None:
    page = client.acting_as(fallen.teacher).get(f"/youths/{fallen.noor.id}/help").text

    assert "It was proposed and is full now." in page
    assert "Ask the coordinator to start a run." in page
    assert '/runs"' not in page.partition("<main")[2]


def test_he_himself_reads_what_is_in_words_for_him(fallen: World, client: Browser) -> None:
    client.acting_as(fallen.noor_herself)

    page = client.get("/my-suggestions").text

    assert "Meelopen in de bakkerij" not in page
    assert "Why is there nothing?" in page
    assert "1 place is full." in page
    assert "guidance" not in page
    codes = [cause["code"] for cause in client.get(f"/api/v1/youths/{fallen.noor.id}/help").json()["causes"]]
    assert codes == ["offer_full"]


def test_with_something_open_or_approved_nothing_fell_away(
    session: Session, fallen: World, client: Browser
) -> None:
    client.acting_as(fallen.coordinator)
    other = make.make_suggestion(
        session,
        make.make_run(session, fallen.programme),
        fallen.noor,
        make.make_offer(session, fallen.garage),
    )
    assert client.get(f"/api/v1/youths/{fallen.noor.id}/help").json()["causes"] == []

    other.status = SuggestionStatus.APPROVED
    session.add(other)
    session.commit()

    assert client.get(f"/api/v1/youths/{fallen.noor.id}/help").json()["causes"] == []
    assert "A position has been approved" in client.get(f"/youths/{fallen.noor.id}/help").text


def test_a_run_tells_more_than_what_fell_away(
    session: Session,
    fallen: World,
    compute: Compute,
    client: Browser,
    morning: time_machine.Traveller,
) -> None:
    morning.shift(timedelta(hours=1))
    run = compute(ask(session, fallen))

    told = client.acting_as(fallen.coordinator).get(f"/api/v1/youths/{fallen.noor.id}/help").json()

    assert told["run_id"] == str(run.id)
    assert [cause["code"] for cause in told["causes"]] == ["P-1"]
    assert "A new run looks" not in client.get(f"/youths/{fallen.noor.id}/help").text


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_has_words(code: RefusalCode) -> None:
    assert f"refused_{code}" in wording.CAUSES


# Which cause comes first


def test_what_alone_keeps_offers_away_is_never_cut_off(
    session: Session, world: World, client: Browser
) -> None:
    run = make.make_run(session, world.programme, youth_id=world.noor.id, status=RunStatus.DONE)
    run.numbers = {"seekers": 1, "seekers_with_suggestion": 0, "suggestions": 0, "offers": 90}
    codes = ("T-1", "T-2", "D-2", "D-3", "C-1")
    causes = [{"code": code, "offers": 20 - place, "alone": 0} for place, code in enumerate(codes)]
    causes.append({"code": "R-1", "offers": 2, "alone": 2})
    gap = RunGap(run_id=run.id, school_id=world.school.id, youth_id=world.noor.id, causes=causes)
    session.add_all([run, gap])
    session.commit()

    client.acting_as(world.coordinator)
    for address in (f"/youths/{world.noor.id}/help", f"/runs/{run.id}"):
        page = client.get(address).text
        assert page.index("It is too far away. (2 offers)") < page.index(
            "It is for another track. (20 offers)"
        )
    own = client.acting_as(world.noor_herself).get("/my-suggestions").text
    assert "2 places are too far away for you." in own


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


def test_what_the_division_adds_to_a_list_is_proposed_too(
    session: Session, world: World, compute: Compute, client: Browser
) -> None:
    """One proposal each and one position at the baker: the garage is proposed from further down the list."""
    world.programme.suggestions_each = 1
    world.bakery_offer.positions = 1
    world.noor.wishes = world.yassin.wishes = ["HORECA"]
    session.add_all([world.programme, world.bakery_offer, world.noor, world.yassin])
    session.commit()

    compute(ask(session, world))

    proposed = {one.offer_id: one.rank for one in session.exec(select(Suggestion))}
    assert proposed[world.garage_offer.id] == 2
    assert help_of(session, offer_id=world.garage_offer.id) == []


def help_found(session: Session, run: Run, offer: Offer, in_reach: int) -> RunHelp:
    found = RunHelp(run_id=run.id, offer_id=offer.id, in_reach=in_reach, changes=[])
    session.add(found)
    session.commit()
    return found


def done(session: Session, programme: Programme, **changes: Any) -> Run:
    return make.make_run(
        session, programme, **({"status": RunStatus.DONE, "finished_at": clock.now()} | changes)
    )


def test_each_programme_tells_its_own_count(session: Session, world: World, client: Browser) -> None:
    offer = world.bakery_offer
    help_found(session, done(session, world.programme), offer, 12)
    help_found(session, done(session, world.other_programme), offer, 7)

    page = client.acting_as(world.baker).get(f"/offers/{offer.id}/help").text

    assert "At the last run this offer was proposed to nobody." in page
    for programme, count in ((world.programme, 12), (world.other_programme, 7)):
        assert f"<h2>{programme.name}</h2>\n<p>Youths for whom it is possible: {count}.</p>" in page


@pytest.mark.parametrize(
    "status", [SuggestionStatus.PROPOSED, SuggestionStatus.APPROVED, SuggestionStatus.REFUSED]
)
def test_what_another_programme_proposed_was_not_proposed_to_nobody(
    session: Session, world: World, client: Browser, status: SuggestionStatus
) -> None:
    offer = world.bakery_offer
    make.make_suggestion(session, done(session, world.programme), world.noor, offer, status=status)
    help_found(session, done(session, world.other_programme), offer, 7)

    page = client.acting_as(world.baker).get(f"/offers/{offer.id}/help").text

    assert "proposed to nobody" not in page
    assert "The last run proposed this offer" in page


def test_what_an_earlier_run_proposed_does_not_count(
    session: Session, world: World, client: Browser, morning: time_machine.Traveller
) -> None:
    offer = world.bakery_offer
    refused = SuggestionStatus.REFUSED
    make.make_suggestion(session, done(session, world.programme), world.noor, offer, status=refused)
    morning.shift(timedelta(days=1))
    help_found(session, done(session, world.programme), offer, 7)

    assert "proposed to nobody" in client.acting_as(world.baker).get(f"/offers/{offer.id}/help").text


def test_a_request_for_some_does_not_unsay_what_all_of_them_say(
    session: Session, world: World, unwanted: Offer, compute: Compute, client: Browser
) -> None:
    whole = compute(ask(session, world))
    asked = make.make_school_request(session, world.programme, world.school_class)
    compute(actions.ask_request_run(session, world.coordinator, asked.id))

    assert whole.id in {one.run_id for one in help_of(session, offer_id=unwanted.id)}
    (told,) = queries.help_for_offer(session, unwanted.id)
    assert (told[0].id, told[1].run_id) == (world.programme.id, whole.id)


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
