"""Nobody gets the same overview twice: with nothing new, and nothing to do for its reader, none comes."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.core.jobs import Begin, drain
from service.digests import jobs, sections
from service.digests.models import Digest, DigestStatus, Subscription
from service.digests.sections import Section
from service.matchmaking.models import SuggestionStatus
from service.placements.models import PlacementStatus
from service.youth.models import YouthStatus
from tests import factories as make
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY, propose
from tests.world import World

A_WEEK = timedelta(days=7)


@pytest.fixture
def waiting_for_others(session: Session, world: World, subscription: Subscription) -> None:
    """Yassin is away, and for Noor the coordinator has to decide: nothing for the school to do."""
    world.yassin.status = YouthStatus.LEFT
    for offer in (world.bakery_offer, world.garage_offer):
        offer.published_at = None
    session.commit()


def tell(session: Session, begin: Begin, clock_at: time_machine.Traveller, week: int) -> DigestStatus:
    clock_at.move_to(MONDAY + week * A_WEEK)
    assert drain(jobs.JOBS[0], begin) == 1
    return session.exec(select(Digest.status).order_by(col(Digest.until).desc())).first()  # type: ignore[return-value]


@pytest.mark.usefixtures("waiting_for_others")
def test_it_works(
    session: Session, begin: Begin, world: World, clock_at: time_machine.Traveller, client: Browser
) -> None:
    clock_at.shift(timedelta(hours=1))
    propose(session, world)
    told = [tell(session, begin, clock_at, week) for week in range(3)]
    assert told == [DigestStatus.BUILT, DigestStatus.SKIPPED, DigestStatus.SKIPPED]
    page = client.acting_as(world.teacher).get("/digests/preview").text
    assert "Nothing to tell now" in page, "the preview says what will come"
    clock_at.shift(timedelta(hours=1))
    propose(session, world)
    assert tell(session, begin, clock_at, 3) is DigestStatus.BUILT


@pytest.mark.usefixtures("waiting_for_others")
def test_what_starts_is_told_when_it_comes_near_and_not_again(
    session: Session, begin: Begin, world: World, clock_at: time_machine.Traveller
) -> None:
    """Also when one has begun and another comes near: the number is the same, and the news is not."""
    for starts_on in (date(2027, 1, 20), date(2027, 2, 10)):
        suggestion = propose(session, world)
        suggestion.status = SuggestionStatus.APPROVED
        placement = make.make_placement(
            session,
            suggestion,
            world.bakery_offer,
            status=PlacementStatus.CONFIRMED,
            starts_on=starts_on,
            host_answered_at=MONDAY - 3 * A_WEEK,
        )
        placement.created_at = MONDAY - 3 * A_WEEK
    session.commit()
    told = [tell(session, begin, clock_at, week) for week in range(5)]
    assert told == [
        DigestStatus.BUILT,
        DigestStatus.SKIPPED,
        DigestStatus.SKIPPED,
        DigestStatus.BUILT,
        DigestStatus.SKIPPED,
    ]


def test_what_asks_its_reader_comes_again(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    """Two youths with nothing are no news after a week, but still somebody's to help."""
    assert [tell(session, begin, clock_at, week) for week in range(2)] == [DigestStatus.BUILT] * 2


def test_a_gap_is_news_when_it_was_not_told_before() -> None:
    zorg, ict = ({"sector": sector, "number": 3} for sector in ("ZORG", "ICT"))
    before = [Section("gaps", {}, "/", facts=[zorg], is_reason=None).as_json()]
    for facts, is_new in (([zorg], False), ([zorg, ict], True), ([zorg | {"number": 4}], True)):
        assert sections.is_reason(Section("gaps", {}, "/", facts=facts, is_reason=None), before) is is_new
    assert sections.is_reason(Section("coming", {}, "/", facts=[zorg], is_reason=None), before)
