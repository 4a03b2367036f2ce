"""Days that a host proposed wait for the school: it is told, and so is the coordinator."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from service.core.i18n import speaking
from service.digests import wording
from service.digests.models import Audience, Topic
from service.digests.sections import Section, Span, sections_of
from service.placements.models import PlacementStatus
from tests.conftest import Browser
from tests.service.digests.conftest import SUNDAY
from tests.service.digests.test_sections import WEEK_AGO, place
from tests.world import World

WEEK = {"other_starts_on": date(2027, 3, 22), "other_ends_on": date(2027, 3, 26)}
LATER = SUNDAY + timedelta(days=10)


def told(session: Session, world: World, audience: Audience) -> dict[str, Section]:
    ids = {
        Audience.SCHOOL: world.school.id,
        Audience.CLASS: world.school_class.id,
        Audience.PROGRAMME: world.programme.id,
        Audience.HOST: world.bakery.id,
    }
    span = Span(audience, ids[audience], WEEK_AGO, SUNDAY, SUNDAY.date())
    return {section.code: section for section in sections_of(session, span)}


@pytest.mark.parametrize("audience", [Audience.SCHOOL, Audience.CLASS, Audience.PROGRAMME])
def test_it_works(session: Session, world: World, audience: Audience) -> None:
    place(session, world, PlacementStatus.ACCEPTED, due_at=LATER, **WEEK)
    found = told(session, world, audience)["other_days"]
    assert (found.counts, found.path) == ({"waiting": 1}, "/placements?status=other_days")
    with speaking("nl"):
        assert wording.sentences(found.as_json()) == ["Bij 1 stage stelt het bedrijf andere dagen voor."]


def test_the_host_has_answered(session: Session, world: World) -> None:
    place(session, world, PlacementStatus.ACCEPTED, due_at=LATER, **WEEK)
    assert told(session, world, Audience.HOST) == {}
    assert "answers" not in told(session, world, Audience.SCHOOL)


def test_it_is_late_when_its_time_is_nearly_over(session: Session, world: World) -> None:
    place(session, world, PlacementStatus.ACCEPTED, due_at=LATER, **WEEK)
    place(session, world, PlacementStatus.ACCEPTED, due_at=SUNDAY + timedelta(days=2), **WEEK)
    found = told(session, world, Audience.SCHOOL)["other_days"]
    assert found.counts == {"waiting": 2, "late": 1}


def test_what_was_settled_since_does_not_wait(session: Session, world: World) -> None:
    place(session, world, PlacementStatus.WITHDRAWN, due_at=LATER, **WEEK)
    place(session, world, PlacementStatus.ACCEPTED, due_at=LATER)
    assert "other_days" not in told(session, world, Audience.SCHOOL)


def test_it_is_what_the_reader_can_do(session: Session, world: World) -> None:
    place(session, world, PlacementStatus.ACCEPTED, due_at=LATER, **WEEK)
    span = Span(Audience.SCHOOL, world.school.id, WEEK_AGO, SUNDAY, SUNDAY.date())
    assert sections_of(session, span)[0].code == "other_days"
    assert sections_of(session, span)[0].is_reason is True
    assert "other_days" not in {one.code for one in sections_of(session, span, {Topic.ASKS})}


def test_its_link_shows_these_and_no_others(client: Browser, session: Session, world: World) -> None:
    asked = place(session, world, PlacementStatus.ACCEPTED, due_at=LATER, **WEEK)
    other = place(session, world, PlacementStatus.ACCEPTED, due_at=LATER)
    page = client.acting_as(world.teacher).get(told(session, world, Audience.SCHOOL)["other_days"].path).text
    assert f"/placements/{asked.id}" in page
    assert f"/placements/{other.id}" not in page
