"""A request is filled when everybody it asked for has two yeses, and open again when one falls away."""

from datetime import date

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEntry
from service.placements import actions
from service.placements.models import DeclineCode, PlacementStatus
from service.placements.schemas import HostConfirmInput, YouthDeclineInput
from service.school_requests.models import SchoolRequest, SchoolRequestStatus, SchoolRequestYouth
from tests import factories as make
from tests.service.placements.conftest import Place
from tests.world import World

YES = HostConfirmInput(company_supervisor="Els")


@pytest.fixture
def request_of_school(session: Session, world: World) -> SchoolRequest:
    return make.make_school_request(session, world.programme, world.school_class)


def state_of(session: Session, request: SchoolRequest) -> SchoolRequestStatus:
    session.refresh(request)
    return request.status


def test_it_works(session: Session, world: World, place: Place, request_of_school: SchoolRequest) -> None:
    first, second = (place(PlacementStatus.ACCEPTED, youth=youth) for youth in (world.noor, world.yassin))
    actions.confirm_placement(session, world.baker, first.id, YES)
    assert state_of(session, request_of_school) is SchoolRequestStatus.OPEN

    actions.confirm_placement(session, world.baker, second.id, YES)

    assert state_of(session, request_of_school) is SchoolRequestStatus.FILLED
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "school_request.filled")).one()

    no = YouthDeclineInput(decline_code=DeclineCode.CHANGED_MIND)
    actions.decline_placement(session, world.noor_herself, first.id, no)

    assert state_of(session, request_of_school) is SchoolRequestStatus.OPEN


def test_only_those_who_are_named_count(
    session: Session, world: World, place: Place, request_of_school: SchoolRequest
) -> None:
    session.add(SchoolRequestYouth(school_request_id=request_of_school.id, youth_id=world.noor.id))
    placement = place(PlacementStatus.ACCEPTED)

    actions.confirm_placement(session, world.baker, placement.id, YES)

    session.refresh(request_of_school)
    assert request_of_school.status is SchoolRequestStatus.FILLED


@pytest.mark.parametrize(
    "changes",
    [{"kind": "role_model"}, {"status": SchoolRequestStatus.CLOSED}, {"starts_on": None}],
)
def test_another_request_stays_as_it_is(
    session: Session, world: World, place: Place, changes: dict[str, object]
) -> None:
    """Of another kind, closed, or for days after these."""
    if "starts_on" in changes:
        changes = {"starts_on": date(2027, 4, 1), "ends_on": date(2027, 5, 1)}
    request = make.make_school_request(session, world.programme, world.school_class, **changes)
    session.add(SchoolRequestYouth(school_request_id=request.id, youth_id=world.noor.id))
    before = request.status
    placement = place(PlacementStatus.ACCEPTED)

    actions.confirm_placement(session, world.baker, placement.id, YES)

    session.refresh(request)
    assert request.status is before


def test_a_class_is_one(session: Session, world: World, place: Place) -> None:
    visit = make.make_offer(session, world.bakery, kind="company_visit")
    request = make.make_school_request(session, world.programme, world.school_class, kind="company_visit")
    placement = place(PlacementStatus.ACCEPTED, offer=visit)
    placement.youth_id, placement.class_id = None, world.school_class.id
    session.add(placement)
    session.flush()

    actions.confirm_placement(session, world.baker, placement.id, YES)

    session.refresh(request)
    assert request.status is SchoolRequestStatus.FILLED
