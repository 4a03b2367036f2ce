"""«Why not this offer?»: a coordinator asks, the worker answers, page and program read the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.core.i18n import speaking
from service.core.jobs import Begin
from service.matchmaking import actions, help_wording, wording
from service.matchmaking.actions import QUESTIONS_AT_ONCE
from service.matchmaking.errors import AskedTooMuchAtOnce
from service.matchmaking.models import PairQuestion, Run, Suggestion, SuggestionStatus
from service.matchmaking.questions import MOST_ATTEMPTS, answer_question
from service.matchmaking.schemas import PairInput
from service.offers.models import Offer, OfferStatus
from service.youth.models import YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

Compute = Callable[[Run], Run]


def ask(session: Session, world: World, offer: Offer, youth_id: UUID | None = None) -> PairQuestion:
    pair = PairInput(youth_id=youth_id or world.noor.id, offer_id=offer.id)
    question = actions.ask_why_not(session, world.coordinator, pair)
    session.commit()
    return question


def answered(session: Session, begin: Begin, question: PairQuestion) -> dict[str, Any]:
    assert answer_question(begin), "nothing was due"
    session.refresh(question)
    assert not question.is_waiting
    return question.answer


def page_of(client: Browser, world: World, question: PairQuestion) -> str:
    client.acting_as(world.coordinator)
    return client.get(f"/explanations/{question.id}").text


def test_it_works(session: Session, world: World, begin: Begin, client: Browser) -> None:
    """A proposed pair: its place, its reasons and its arithmetic."""
    question = ask(session, world, world.bakery_offer)
    assert "We are looking." in page_of(client, world, question)

    answer = answered(session, begin, question)

    assert answer["forbidding"] == []
    assert (answer["ranking"]["rank"], answer["ranking"]["is_proposed"]) == (1, True)
    page = page_of(client, world, question)
    assert "Place 1 of the 2 offers that are possible, with 87.14 points." in page
    assert "So it is among those that a run proposes." in page
    assert "0.8000 × weight 0.6429 = 51.43 points" in page
    assert client.get(f"/api/v1/explanations/{question.id}").json()["text"][0].startswith("Place 1 of the 2")


def test_a_forbidden_pair_names_the_rule_and_its_source(
    session: Session, world: World, begin: Begin, client: Browser
) -> None:
    offer = make.make_offer(session, world.bakery, kind="bpv")
    question = ask(session, world, offer)

    answer = answered(session, begin, question)

    assert [said["rule"] for said in answer["forbidding"]] == ["T-5"]
    assert "A rule forbids it." in page_of(client, world, question)


def test_an_outranked_pair_says_what_it_lacks(
    session: Session, world: World, begin: Begin, client: Browser
) -> None:
    world.programme.suggestions_each = 1
    session.add(world.programme)
    question = ask(session, world, world.garage_offer)

    ranking = answered(session, begin, question)["ranking"]

    assert (ranking["rank"], ranking["above"], ranking["is_proposed"]) == (2, 1, False)
    assert ranking["short_in"] == "sector"
    assert "It loses most on the sector" in page_of(client, world, question)


def test_a_pair_that_others_needed_more_names_the_aim_and_nobody(
    session: Session, world: World, compute: Compute, begin: Begin, client: Browser
) -> None:
    """Noor prefers the baker, and so does Yassin, who has nothing else."""
    world.bakery_offer.positions = 1
    world.yassin.weekdays, world.garage_offer.weekdays, world.bakery_offer.weekdays = [1], [2], [1, 2]
    world.yassin.wishes = ["HORECA"]
    session.add_all([world.bakery_offer, world.garage_offer, world.yassin])
    session.commit()
    compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))
    meant = session.exec(select(Suggestion).where(col(Suggestion.allocated_at).is_not(None))).all()
    assert {(one.youth_id, one.offer_id) for one in meant} == {
        (world.noor.id, world.garage_offer.id),
        (world.yassin.id, world.bakery_offer.id),
    }
    question = ask(session, world, world.bakery_offer)

    withheld = answered(session, begin, question)["withheld"]

    assert (withheld["code"], withheld["in_the_way"]) == ("placed", ["capacity", "wanted"])
    assert (withheld["reached"], withheld["with_pair"], withheld["is_proven"]) == (2, 1, True)
    page = page_of(client, world, question)
    assert "Who has nothing else came first." in page
    assert "Counted: 2 without it, 1 with it." in page
    assert "Yassin" not in page


def test_the_reason_is_true_of_all_that_is_allowed_and_not_only_of_what_was_proposed(
    session: Session, world: World, compute: Compute, begin: Begin
) -> None:
    """Noor was proposed the baker alone, but with Yassin there she would have the garage and not nothing."""
    world.programme.suggestions_each = 1
    world.bakery_offer.positions = 1
    world.noor.wishes, world.yassin.wishes = ["HORECA"], ["HORECA", "MOB"]
    session.add_all([world.programme, world.bakery_offer, world.noor, world.yassin])
    session.commit()
    compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))
    question = ask(session, world, world.bakery_offer, world.yassin.id)

    withheld = answered(session, begin, question)["withheld"]

    assert (withheld["code"], withheld["reached"], withheld["with_pair"]) == ("good", 2, 1)
    assert (withheld["is_proven"], withheld["candidates_each"]) == (True, None)


def test_a_pair_that_was_not_proposed_hears_who_came_first_too(
    session: Session, world: World, compute: Compute, begin: Begin, client: Browser
) -> None:
    """One proposal each; the garage has one position, which is meant for Yassin, who can do nothing else."""
    world.programme.suggestions_each = 1
    world.garage_offer.positions = 1
    world.yassin.weekdays, world.garage_offer.weekdays, world.bakery_offer.weekdays = [2], [2], [1]
    session.add_all([world.programme, world.garage_offer, world.bakery_offer, world.yassin])
    session.commit()
    compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))
    question = ask(session, world, world.garage_offer)

    answer = answered(session, begin, question)

    assert not answer["ranking"]["is_proposed"]
    assert answer["withheld"]["in_the_way"] == ["capacity", "wanted"]
    page = page_of(client, world, question)
    assert "The last offer that is proposed has" in page
    assert "All its positions are meant for others." in page


@pytest.mark.parametrize(("each", "is_proven", "said"), [(None, True, 0), (20, True, 1), (20, False, 0)])
def test_a_proof_about_the_best_of_each_says_so(each: int | None, is_proven: bool, said: int) -> None:
    answer: dict[str, Any] = {
        "outside": [],
        "forbidding": [],
        "score": 41.5,
        "reasons": [],
        "ranking": {"rank": 2, "allowed": 30, "is_proposed": True},
        "withheld": {
            "code": "lottery",
            "in_the_way": [],
            "reached": None,
            "is_proven": is_proven,
            "candidates_each": each,
        },
    }
    with speaking("en"):
        lines = help_wording.explanation_lines(answer)

    assert lines.count("That has been proven among the 20 best possibilities of each youth.") == said


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": OfferStatus.DRAFT}, "offer_not_published"),
        ({"status": OfferStatus.FULL}, "offer_is_full"),
        ({"kind": "coach"}, "kind_not_in_programme"),
    ],
    ids=["draft", "full", "another kind"],
)
def test_what_a_run_does_not_look_at_says_so(
    session: Session, world: World, begin: Begin, client: Browser, changes: dict[str, Any], code: str
) -> None:
    question = ask(session, world, make.make_offer(session, world.bakery, **changes))

    assert answered(session, begin, question)["outside"] == [code]
    assert "A run does not look at this pair at all." in page_of(client, world, question)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": OfferStatus.FULL, "positions": 2, "positions_taken": 2}, "offer_is_full"),
        ({"status": OfferStatus.DRAFT}, "offer_not_published"),
        ({"kind": "coach"}, "kind_not_in_programme"),
    ],
    ids=["full", "draft", "another kind"],
)
def test_its_score_and_reasons_are_told_all_the_same(
    session: Session, world: World, begin: Begin, client: Browser, changes: dict[str, Any], code: str
) -> None:
    question = ask(session, world, make.make_offer(session, world.bakery, **changes))

    answer = answered(session, begin, question)

    assert (answer["outside"], answer["forbidding"], answer["ranking"]) == ([code], [], None)
    assert [part["name"] for part in answer["parts"]] == ["sector", "location", "talent"]
    assert answer["score"] == pytest.approx(sum(part["points"] for part in answer["parts"]))
    page = page_of(client, world, question)
    assert "No other rule forbids it." in page
    assert "× weight" in page
    text = client.get(f"/api/v1/explanations/{question.id}").json()["text"]
    with speaking("en"):
        assert text[0] == str(help_wording.OUTSIDE[code])
        assert wording.reason_sentence(answer["reasons"][0]) in text


def test_of_a_host_who_was_asked_enough_too(session: Session, world: World, begin: Begin) -> None:
    world.bakery.monthly_cap = 0
    session.add(world.bakery)
    session.commit()
    question = ask(session, world, world.bakery_offer)

    answer = answered(session, begin, question)

    assert (answer["outside"], answer["forbidding"]) == (["host_asked_enough"], [])
    assert answer["parts"]


def test_a_full_offer_that_is_forbidden_too_says_both(
    session: Session, world: World, begin: Begin, client: Browser
) -> None:
    full = make.make_offer(session, world.bakery, kind="bpv", status=OfferStatus.FULL)
    question = ask(session, world, full)

    answer = answered(session, begin, question)

    assert [said["rule"] for said in answer["forbidding"]] == ["T-5"]
    page = page_of(client, world, question)
    assert "The offer is full." in page
    assert "It is a placement for MBO only." in page
    assert "No other rule forbids it." not in page


def test_of_a_youth_who_left_nothing_more_is_told(session: Session, world: World, begin: Begin) -> None:
    question = ask(session, world, world.bakery_offer)
    world.noor.status = YouthStatus.LEFT
    session.add(world.noor)
    session.commit()

    assert answered(session, begin, question) == {
        "outside": ["youth_has_left"],
        "forbidding": [],
        "parts": [],
    }


def test_a_pair_that_is_meant_for_the_youth_says_so(
    session: Session, world: World, compute: Compute, begin: Begin, client: Browser
) -> None:
    compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))
    meant = session.exec(
        select(Suggestion).where(
            Suggestion.youth_id == world.noor.id, col(Suggestion.allocated_at).is_not(None)
        )
    ).one()
    question = ask(session, world, session.get_one(Offer, meant.offer_id))

    assert answered(session, begin, question)["is_meant"]
    assert "The last run means this position for this youth." in page_of(client, world, question)


def test_who_has_a_position_is_not_told_of_another_that_a_run_would_propose_it(
    session: Session, world: World, compute: Compute, begin: Begin, client: Browser
) -> None:
    """A run leaves out who has something approved, so nothing is proposed to him."""
    compute(actions.ask_programme_run(session, world.coordinator, world.programme.id))
    approved = session.exec(
        select(Suggestion).where(
            Suggestion.youth_id == world.noor.id, Suggestion.offer_id == world.bakery_offer.id
        )
    ).one()
    approved.status = SuggestionStatus.APPROVED
    session.add(approved)
    session.commit()
    other, same = ask(session, world, world.garage_offer), ask(session, world, world.bakery_offer)

    assert {answer_question(begin), answer_question(begin)} == {True}
    session.refresh(other)
    session.refresh(same)

    assert other.answer["outside"] == ["youth_has_position"]
    assert same.answer["outside"] == ["pair_is_approved"]
    assert "The youth has a position that was approved." in page_of(client, world, other)
    assert "It was approved for this youth." in page_of(client, world, same)


def test_several_rules_that_forbid_are_announced_as_several(
    session: Session, world: World, begin: Begin, client: Browser
) -> None:
    offer = make.make_offer(session, world.bakery, hazards={"Z-6": True}, pc4="9711")
    question = ask(session, world, offer)

    assert len(answered(session, begin, question)["forbidding"]) > 1
    assert "These rules forbid it." in page_of(client, world, question)


def test_what_stands_in_the_way_comes_before_what_speaks_for_it() -> None:
    answer: dict[str, Any] = {
        "outside": [],
        "forbidding": [],
        "score": 41.5,
        "reasons": [{"code": "no_wish_fits", "facts": {}}],
        "ranking": {"rank": 2, "allowed": 3, "is_proposed": True},
        "withheld": {"code": "lottery", "in_the_way": ["capacity"], "reached": None, "is_proven": True},
    }
    with speaking("en"):
        lines = help_wording.explanation_lines(answer)
        in_the_way = str(help_wording.IN_THE_WAY["capacity"])
        speaks_for_it = wording.reason_sentence(answer["reasons"][0])

    assert lines.index(in_the_way) < lines.index(speaks_for_it)


# Finding and asking


def test_a_youth_and_an_offer_are_found_by_a_part_of_their_name(
    session: Session, world: World, client: Browser
) -> None:
    client.acting_as(world.coordinator)

    page = client.get("/explanations?youth=noo&offer=zonnebl").text
    assert "Noor, 3B" in page
    assert "Meelopen in de bakkerij, Bakkerij Zonnebloem" in page
    pair = {"youth_id": str(world.noor.id), "offer_id": str(world.bakery_offer.id)}
    asked = client.post("/explanations", data=pair)
    assert asked.status_code == 303
    assert client.get(asked.headers["location"]).status_code == 200
    nothing = client.get("/explanations?youth=zzz&offer=zzz").text
    assert "No youth of your programmes" in nothing
    assert "No offer has this" in nothing
    assert "Daan" not in client.get("/explanations?youth=daan&offer=bak").text


def test_it_can_be_asked_by_a_program(world: World, client: Browser) -> None:
    client.acting_as(world.coordinator)
    pair = {"youth_id": str(world.noor.id), "offer_id": str(world.bakery_offer.id)}

    asked = client.post("/api/v1/explanations", json=pair)

    assert asked.status_code == 201
    assert (asked.json()["is_waiting"], asked.json()["answer"], asked.json()["text"]) == (True, {}, [])


def test_only_so_much_is_asked_at_once(session: Session, world: World) -> None:
    for _number in range(QUESTIONS_AT_ONCE):
        ask(session, world, world.bakery_offer)

    with pytest.raises(AskedTooMuchAtOnce):
        ask(session, world, world.bakery_offer)


# The worker


def test_a_question_of_a_dead_worker_is_taken_up_again(
    session: Session, world: World, begin: Begin, morning: time_machine.Traveller
) -> None:
    question = ask(session, world, world.bakery_offer)
    question.due_at = begin.lease_end()
    session.add(question)
    session.commit()
    assert not answer_question(begin)

    morning.shift(timedelta(seconds=begin.settings.lease_seconds + 1))

    assert answered(session, begin, question)["ranking"]["rank"] == 1


def test_a_question_that_kills_every_worker_ends_without_an_answer(
    session: Session, world: World, begin: Begin, client: Browser
) -> None:
    question = ask(session, world, world.bakery_offer)
    question.attempts = MOST_ATTEMPTS
    session.add(question)
    session.commit()

    assert answered(session, begin, question) == {}
    assert "This could not be found out." in page_of(client, world, question)


def test_what_the_engine_refuses_ends_without_an_answer(session: Session, world: World, begin: Begin) -> None:
    world.bakery_offer.tags = ["a word nobody knows"]
    session.add(world.bakery_offer)
    question = ask(session, world, world.bakery_offer)

    assert answered(session, begin, question) == {}


# Who may not


@pytest.mark.parametrize(
    ("name", "status"),
    [("teacher", 403), ("mentor", 403), ("noor_herself", 403), ("other_coordinator", 404), ("baker", 404)],
)
def test_only_who_decides_may_ask(world: World, client: Browser, name: str, status: int) -> None:
    client.acting_as(world.everybody[name])
    pair = {"youth_id": str(world.noor.id), "offer_id": str(world.bakery_offer.id)}

    assert client.post("/api/v1/explanations", json=pair).status_code == status


@pytest.mark.parametrize("name", ["other_coordinator", "teacher", "noor_herself", "baker", "admin"])
def test_to_others_the_answer_does_not_exist(
    session: Session, world: World, client: Browser, name: str
) -> None:
    question = ask(session, world, world.bakery_offer)
    client.acting_as(world.everybody[name])

    assert client.get(f"/explanations/{question.id}").status_code == 404
