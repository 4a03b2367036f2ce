"""The desk and the list of proposals: the order, the page of one, refusing, and who may not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.core.errors import Forbidden
from service.matchmaking import actions, queries
from service.matchmaking.errors import AlreadyDecided
from service.matchmaking.models import CODES_FOR_PEOPLE, RefusalCode, Run, Suggestion, SuggestionStatus
from service.matchmaking.schemas import RefusalInput
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

WISH = {
    "code": "wish_sector",
    "facts": {"wish": "HORECA", "wish_rank": 1, "likeness": 0.8, "sector": "HORECA", "points": 36.0},
}
NEAR = {"code": "near", "facts": {"minutes": 10, "mode": "bike", "limit": 45, "points": 25.0}}
ACK = {"code": "needs_school_ack", "facts": {"rule": "K-11", "source": "policy", "age": 15, "kind": "coach"}}
TOO_FAR = RefusalInput(refusal_code=RefusalCode.TOO_FAR)
OUTSIDERS = ("other_coordinator", "other_teacher", "baker", "mechanic", "yassin_himself", "admin")


@pytest.fixture
def run(session: Session, world: World) -> Run:
    numbers = {"seekers": 2, "seekers_with_suggestion": 2, "suggestions": 2, "offers": 2}
    return make.make_run(session, world.programme, numbers=numbers)


@pytest.fixture
def suggestion(session: Session, world: World, run: Run) -> Suggestion:
    return make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[WISH, NEAR])


def queue(session: Session, world: World) -> list[Suggestion]:
    """Everything at the desk in its order, as somebody finds it who puts each aside."""
    found: list[Suggestion] = []
    while following := queries.next_at_desk(session, world.coordinator, found[-1].id if found else None):
        found.append(following)
    return found


def test_it_works(world: World, client: Browser, suggestion: Suggestion) -> None:
    client.acting_as(world.coordinator)

    answer = client.get("/desk")
    page = client.get(answer.headers["location"]).text

    assert answer.headers["location"] == f"/suggestions/{suggestion.id}"
    assert "Meelopen in de bakkerij" in page
    assert "Score 82.50 of 100" in page
    assert "0.8000 × weight 0.4500 = 36.00 points" in page
    assert "Close by: about 10 minutes by bike." in page
    assert "1 waits for you" in page
    assert '<input type="hidden" name="seen" value="wish_sector">' in page
    assert 'data-key="a"' in page
    assert f'action="/suggestions/{suggestion.id}/refuse"' in page


# The order of the desk


def test_what_meets_a_wish_comes_first_and_then_who_has_least(
    session: Session, world: World, run: Run
) -> None:
    other = make.make_youth(session, world.school_class, first_name="Sam")
    last = make.make_suggestion(
        session, run, world.noor, world.bakery_offer, meets_wish=False, alternatives=0, score=99
    )
    second = make.make_suggestion(session, run, world.yassin, world.bakery_offer, alternatives=3, score=90)
    first = make.make_suggestion(session, run, other, world.bakery_offer, alternatives=1, score=50)

    assert queue(session, world) == [first, second, last]


def test_equals_come_by_score(session: Session, world: World, run: Run) -> None:
    second = make.make_suggestion(session, run, world.noor, world.bakery_offer, score=70)
    first = make.make_suggestion(session, run, world.yassin, world.bakery_offer, score=80)

    assert queue(session, world) == [first, second]


def test_only_the_best_of_each(session: Session, world: World, run: Run, suggestion: Suggestion) -> None:
    second = make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2)
    assert queue(session, world) == [suggestion]
    assert queries.count_to_decide(session, world.coordinator) == 1

    actions.refuse_suggestion(session, world.coordinator, suggestion.id, TOO_FAR)
    assert queue(session, world) == [second]

    second.status = SuggestionStatus.APPROVED
    session.add(second)
    make.make_suggestion(session, run, world.noor, make.make_offer(session, world.garage), rank=3)
    assert queue(session, world) == []
    assert queries.count_to_decide(session, world.coordinator) == 0


def test_everybody_comes_by_once_also_when_all_are_equal(session: Session, world: World, run: Run) -> None:
    youths = [make.make_youth(session, world.school_class) for _ in range(7)]
    made = [make.make_suggestion(session, run, youth, world.bakery_offer) for youth in youths]

    found = queue(session, world)

    assert len(found) == len(made)
    assert {one.id for one in found} == {one.id for one in made}


def test_an_empty_desk_says_what_to_do(world: World, client: Browser) -> None:
    page = client.acting_as(world.coordinator).get("/desk").text

    assert "Nothing waits for you" in page
    assert 'href="/runs"' in page


def test_who_put_all_aside_may_begin_again(world: World, client: Browser, suggestion: Suggestion) -> None:
    page = client.acting_as(world.coordinator).get(f"/desk?after={suggestion.id}").text

    assert "You have seen them all" in page


# Refusing


def test_refusing_on_the_page(
    session: Session, world: World, client: Browser, suggestion: Suggestion
) -> None:
    client.acting_as(world.coordinator)

    answer = client.post(f"/suggestions/{suggestion.id}/refuse", data={"refusal_code": "wrong_days"})

    assert answer.headers["location"] == "/desk"
    session.refresh(suggestion)
    assert (suggestion.status, suggestion.refusal_code) == (
        SuggestionStatus.REFUSED,
        RefusalCode.WRONG_DAYS,
    )
    assert suggestion.decided_by == world.accounts["farida"].id
    assert suggestion.decided_at is not None
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "suggestion.refused")).one()
    assert "Noor" not in str(entry.model_dump())
    page = client.get(f"/suggestions/{suggestion.id}").text
    assert "The days do not fit" in page
    assert "/refuse" not in page


def test_refusing_in_json(session: Session, world: World, client: Browser, suggestion: Suggestion) -> None:
    client.acting_as(world.coordinator)

    answer = client.post(f"/api/v1/suggestions/{suggestion.id}/refuse", json={"refusal_code": "too_far"})

    assert (answer.status_code, answer.json()["status"]) == (200, "refused")
    again = client.post(f"/api/v1/suggestions/{suggestion.id}/refuse", json={"refusal_code": "too_far"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:podium:problem:already_decided")


@pytest.mark.parametrize("code", ["", "declined_by_youth", "no_answer", "because"])
def test_a_reason_is_chosen_from_the_list(
    session: Session, world: World, client: Browser, suggestion: Suggestion, code: str
) -> None:
    answer = client.acting_as(world.coordinator).post(
        f"/suggestions/{suggestion.id}/refuse", data={"refusal_code": code}
    )

    assert answer.status_code == 422
    assert "Meelopen in de bakkerij" in answer.text
    session.refresh(suggestion)
    assert suggestion.status is SuggestionStatus.PROPOSED


def test_a_note_holds_nothing_private(world: World, client: Browser, suggestion: Suggestion) -> None:
    body = {"refusal_code": "other", "decision_note": "bel 06 12345678"}

    answer = client.acting_as(world.coordinator).post(
        f"/api/v1/suggestions/{suggestion.id}/refuse", json=body
    )

    assert answer.status_code == 422


def test_a_second_refusal_is_too_late(session: Session, world: World, suggestion: Suggestion) -> None:
    actions.refuse_suggestion(session, world.coordinator, suggestion.id, TOO_FAR)

    with pytest.raises(AlreadyDecided):
        actions.refuse_suggestion(session, world.coordinator, suggestion.id, TOO_FAR)


def test_the_codes_of_people_are_offered(world: World, client: Browser, suggestion: Suggestion) -> None:
    page = client.acting_as(world.coordinator).get(f"/suggestions/{suggestion.id}").text

    for code in RefusalCode:
        assert (f'value="{code.value}"' in page) is (code in CODES_FOR_PEOPLE)


# What stands on the page


def test_alternatives_stand_beside(session: Session, world: World, client: Browser, run: Run) -> None:
    first = make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[WISH], alternatives=1)
    other = make.make_suggestion(
        session, run, world.noor, world.garage_offer, reasons=[NEAR], rank=2, score=61.5
    )

    page = client.acting_as(world.coordinator).get(f"/suggestions/{first.id}").text

    assert f'action="/suggestions/{first.id}/replace"' in page
    assert f'name="replacement_id" value="{other.id}"' in page
    assert "61.50 of 100" in page
    assert 'data-key="1"' in page
    assert "a number chooses another" in page


def test_every_key_beside_an_alternative_is_one_digit(
    session: Session, world: World, client: Browser, run: Run
) -> None:
    first = make.make_suggestion(session, run, world.noor, world.bakery_offer)
    for number in range(10):
        offer = make.make_offer(session, world.garage, title=f"Lassen {number}")
        make.make_suggestion(session, run, world.noor, offer, rank=number + 2)

    page = client.acting_as(world.coordinator).get(f"/suggestions/{first.id}").text

    assert page.count('name="replacement_id"') == 10
    assert re.findall(r'data-key="(\d+)"', page) == list("123456789")


def test_what_the_law_asks_is_a_box_to_tick(
    session: Session, world: World, client: Browser, run: Run
) -> None:
    asked = make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[WISH, ACK])

    page = client.acting_as(world.coordinator).get(f"/suggestions/{asked.id}").text

    assert 'name="acknowledged_rules" value="K-11"' in page
    assert (
        "Meeting an adult one on one: under 18 only if the school agrees. (agreement within Podium)" in page
    )
    assert 'name="decision_note"' in page


def test_others_for_the_same_offer_are_counted(
    session: Session, world: World, client: Browser, run: Run, suggestion: Suggestion
) -> None:
    make.make_suggestion(session, run, world.yassin, world.bakery_offer)

    assert queries.count_rivals(session, suggestion) == 1


def test_the_list_filters_and_sorts(session: Session, world: World, client: Browser, run: Run) -> None:
    make.make_suggestion(session, run, world.noor, world.bakery_offer, score=50)
    make.make_suggestion(session, run, world.yassin, world.garage_offer, score=90)
    make.make_suggestion(
        session, run, world.yassin, world.bakery_offer, score=10, status=SuggestionStatus.EXPIRED
    )
    client.acting_as(world.coordinator)

    page = client.get("/suggestions?status=proposed&sort=score").text

    assert page.index("Yassin") < page.index("Noor")
    assert "10.00" not in page
    assert '<option value="proposed" selected>' in page
    assert "10.00" in client.get("/suggestions?status=expired").text
    assert "No proposals here" in client.get("/suggestions?status=approved").text
    assert client.get("/suggestions?status=nonsense").status_code == 200


def test_the_list_asks_no_more_with_more_rows(
    session: Session, world: World, client: Browser, run: Run, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.coordinator)

    def asked(address: str) -> int:
        with count_queries() as counted:
            assert client.get(address).status_code in {200, 303}
        return int(counted.number)

    one = make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[WISH])
    make.make_suggestion(session, run, world.noor, world.garage_offer, reasons=[WISH], rank=2)
    addresses = ("/suggestions", f"/suggestions/{one.id}", f"/runs/{run.id}", "/api/v1/suggestions", "/desk")
    few = [asked(address) for address in addresses]
    for number in range(15):
        youth = make.make_youth(session, world.school_class)
        offer = make.make_offer(session, world.garage, title=f"Aanbod {number}")
        make.make_suggestion(session, run, youth, offer, reasons=[WISH])
        make.make_suggestion(session, run, world.noor, offer, reasons=[WISH], rank=number + 3)

    assert [asked(address) for address in addresses] == few


# Who may not


@pytest.mark.parametrize("name", OUTSIDERS)
def test_to_others_a_proposal_does_not_exist(
    world: World, client: Browser, suggestion: Suggestion, name: str
) -> None:
    client.acting_as(world.everybody[name])

    assert client.get(f"/api/v1/suggestions/{suggestion.id}").status_code == 404
    assert client.get(f"/suggestions/{suggestion.id}").status_code in {403, 404}
    assert (
        client.post(f"/suggestions/{suggestion.id}/refuse", data={"refusal_code": "too_far"}).status_code
        == 404
    )
    body = {"refusal_code": "too_far"}
    assert client.post(f"/api/v1/suggestions/{suggestion.id}/refuse", json=body).status_code == 404
    assert client.get("/api/v1/suggestions").json()["items"] == []


@pytest.mark.parametrize("name", ["teacher", "mentor"])
def test_the_school_looks_and_does_not_decide(
    session: Session, world: World, client: Browser, suggestion: Suggestion, name: str
) -> None:
    actor = world.everybody[name]
    client.acting_as(actor)

    page = client.get(f"/suggestions/{suggestion.id}").text

    assert "Why this fits" in page
    assert "/refuse" not in page
    assert "/approve" not in page
    assert client.get("/desk").status_code == 403
    assert (
        client.post(f"/suggestions/{suggestion.id}/refuse", data={"refusal_code": "other"}).status_code == 403
    )
    with pytest.raises(Forbidden):
        actions.refuse_suggestion(session, actor, suggestion.id, TOO_FAR)


def test_a_youth_sees_no_score(world: World, client: Browser, suggestion: Suggestion) -> None:
    client.acting_as(world.noor_herself)

    assert client.get(f"/suggestions/{suggestion.id}").status_code == 403
    assert client.get("/suggestions").status_code == 403
    assert client.get("/desk").status_code == 403
