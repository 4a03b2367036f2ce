"""The audit of a run: outcomes and decisions counted by hand, and nothing about a few."""

from typing import Any

import pytest
from sqlmodel import Session

from service.insights.fairness import standing_of
from service.matchmaking.models import RefusalCode
from service.youth.models import Youth
from tests import factories as make
from tests.conftest import Browser
from tests.service.insights.conftest import Work
from tests.world import World


def crowd(session: Session, world: World, many: int, **changes: Any) -> list[Youth]:
    return [make.make_youth(session, world.school_class, **changes) for _number in range(many)]


def test_it_works(client: Browser, session: Session, world: World, work_out: Work) -> None:
    """Twelve bakers for three positions, and one mechanic."""
    crowd(session, world, 11, track="KB")

    work_out()

    found = client.acting_as(world.coordinator).get(f"/api/v1/programmes/{world.programme.id}/audit").json()
    overall = found["overall"]
    assert (overall["youths"], found["good"]) == (13, 0.6)
    # Four positions for thirteen: the garage has one, the bakery three.
    assert overall["placed_share"] == pytest.approx(4 / 13)
    assert (overall["minimum"], overall["p10"]) == (0.0, 0.0)
    assert found["groups"]["track"] == {"KB": overall}
    assert found["groups"]["school"] == {str(world.school.id): overall}
    assert found["decisions"] == {}


def test_the_page_words_every_number(client: Browser, session: Session, world: World, work_out: Work) -> None:
    crowd(session, world, 11)
    crowd(session, world, 3, pc4="1067")
    work_out()

    page = client.acting_as(world.coordinator).get(f"/fairness/{world.programme.id}").text

    assert "All 16 youths" in page
    assert "Nine in ten youths have this value or more." in page
    assert "0 means that everybody has the same" in page
    assert "Sloterwaard College" in page
    # Three at 1067; without the thirteen at 1068 nobody can subtract them.
    assert page.count("not shown: too few youths") == 2
    assert "Nobody has decided on a proposal yet." in page


def test_a_programme_of_a_few_shows_nothing(client: Browser, world: World, work_out: Work) -> None:
    work_out()
    page = client.acting_as(world.coordinator).get(f"/fairness/{world.programme.id}").text
    assert "Fewer than 10 youths took part" in page
    assert "All 2 youths" not in page


def test_who_has_something_counts_for_what_it_is_worth(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer, score=80.0)
    make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2, score=40.0, status="approved")

    standing = standing_of(session, world.programme.id, run.id)

    assert standing.outcomes == {world.noor.id: 0.5}


def test_what_the_run_means_for_somebody_counts_until_it_is_decided(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    now = run.finished_at
    make.make_suggestion(session, run, world.noor, world.bakery_offer, score=80.0)
    make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2, score=60.0, allocated_at=now)
    make.make_suggestion(session, run, world.yassin, world.bakery_offer, score=70.0)

    standing = standing_of(session, world.programme.id, run.id)

    # Yassin is proposed something too, but it is not meant for him.
    assert standing.outcomes == {world.noor.id: 0.75, world.yassin.id: 0.0}


def test_what_was_approved_in_an_earlier_run_counts_too(session: Session, world: World) -> None:
    earlier, newest = (make.make_run(session, world.programme) for _run in range(2))
    make.make_suggestion(session, earlier, world.noor, world.bakery_offer, status="approved")
    make.make_suggestion(session, newest, world.yassin, world.garage_offer, allocated_at=newest.finished_at)

    standing = standing_of(session, world.programme.id, newest.id)

    assert standing.has == {world.noor.id: 1.0}
    assert standing.meant == {world.yassin.id: 1.0}


def test_who_has_only_refusals_has_nothing(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(
        session, run, world.noor, world.bakery_offer, status="refused", refusal_code=RefusalCode.TOO_FAR
    )

    standing = standing_of(session, world.programme.id, run.id)

    assert standing.nothing == {world.noor.id}


def test_decisions_against_the_proposal_are_counted(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(
        session, run, world.noor, world.bakery_offer, status="refused", refusal_code=RefusalCode.TOO_FAR
    )
    chosen = make.make_suggestion(session, run, world.yassin, world.bakery_offer, rank=2, status="approved")
    make.make_suggestion(
        session, run, world.yassin, world.garage_offer, status="replaced", replaced_by=chosen.id
    )
    third = make.make_youth(session, world.school_class)
    make.make_suggestion(
        session,
        run,
        third,
        world.bakery_offer,
        status="refused",
        refusal_code=RefusalCode.DECLINED_BY_HOST,
    )

    standing = standing_of(session, world.programme.id, run.id)

    assert standing.decisions == {"replaced": 1, "too_far": 1, "declined_by_host": 1}
    # The host's no came after the coordinator's yes.
    assert standing.overruled == {world.noor.id: True, world.yassin.id: True, third.id: False}


def test_other_programmes_do_not_count(session: Session, world: World) -> None:
    other = make.make_run(session, world.other_programme)
    make.make_suggestion(session, other, world.other_youth, world.bakery_offer, status="approved")
    run = make.make_run(session, world.programme)

    assert standing_of(session, world.programme.id, run.id).youths == set()
