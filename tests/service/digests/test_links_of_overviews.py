"""The link of a section leads to a list of what it counted, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.digests import sections
from service.digests.sections import Section
from service.matchmaking.models import SuggestionStatus
from service.placements import queries
from service.placements.models import Placement, PlacementStatus
from service.placements.waiting import Group
from tests import factories as make
from tests.conftest import Browser
from tests.service.digests.conftest import SUNDAY, propose
from tests.service.digests.test_sections import span_of
from tests.world import World

LONGER = SUNDAY - timedelta(days=8)


def place(session: Session, world: World, status: PlacementStatus, **changes: Any) -> Placement:
    suggestion = propose(session, world)
    suggestion.status = SuggestionStatus.APPROVED
    placement = make.make_placement(session, suggestion, world.bakery_offer, status=status)
    for name, value in changes.items():
        setattr(placement, name, value)
    session.commit()
    return placement


@pytest.fixture
def placements(session: Session, world: World) -> dict[str, Placement]:
    world.bakery_offer.positions = 20
    soon, later = date(2027, 1, 20), date(2027, 3, 1)
    status = PlacementStatus
    return {
        "no_show": place(session, world, status.NO_SHOW, starts_on=date(2026, 10, 12)),
        "late_youth": place(session, world, status.OFFERED, created_at=LONGER, starts_on=later),
        "late_host": place(session, world, status.ACCEPTED, youth_answered_at=LONGER, starts_on=later),
        "other_days": place(
            session,
            world,
            status.ACCEPTED,
            youth_answered_at=LONGER,
            other_starts_on=soon,
            other_ends_on=soon,
            starts_on=later,
        ),
        "fresh": place(session, world, status.OFFERED, starts_on=later),
        "soon": place(session, world, status.AGREED, starts_on=soon),
        "later": place(session, world, status.CONFIRMED, starts_on=later),
    }


@pytest.mark.parametrize(
    ("make_section", "group", "expected"),
    [
        (sections.late, Group.LATE, {"late_youth", "late_host"}),
        (sections.starting_soon, Group.SOON, {"soon"}),
        (sections.answers, Group.WAITING, {"late_youth", "late_host", "other_days", "fresh"}),
    ],
)
def test_it_works(
    client: Browser,
    session: Session,
    world: World,
    placements: dict[str, Placement],
    make_section: sections.Make,
    group: Group,
    expected: set[str],
) -> None:
    section = make_section(session, span_of(world))
    assert section is not None
    assert section.path == f"/placements?status={group}"
    listed = queries.list_placements(session, world.teacher, group=group)
    assert {row.id for row in listed.rows} == {placements[name].id for name in expected}
    page = client.acting_as(world.teacher).get(section.path).text
    for name, placement in placements.items():
        assert (f"/placements/{placement.id}" in page) == (name in expected), name


def test_hosts_that_are_late_are_named_and_youths_are_not(
    session: Session, world: World, placements: dict[str, Placement]
) -> None:
    section = sections.late(session, span_of(world))
    assert isinstance(section, Section)
    assert list(section.facts) == [{"hosts": [world.bakery.name], "more": False}]
    assert section.counts == {"youths": 1, "hosts": 1}
