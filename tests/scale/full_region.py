"""A database as a busy year leaves it: 10,000 youths, 2,500 offers, a finished run, what people decided."""

from itertools import cycle

from sqlmodel import Session

from service.accounts.models import Role
from service.matchmaking.models import Run, RunGap, Suggestion
from service.offers.models import Offer
from service.organisations.models import Organisation
from service.programmes.models import ProgrammeSchool
from service.reference.catalogue import catalogue
from service.youth.models import Youth
from tests import factories as make
from tests.world import World, build_world

YOUTHS, OFFERS = 10_000, 2_500
SCHOOLS, CLASSES_PER_SCHOOL, CLASS_SIZE = 20, 20, 25
OFFERS_PER_HOST = 5
SUGGESTIONS_PER_YOUTH = 3
ONE_IN_TWENTY, ONE_IN_FOUR = 20, 4
NEAR = {"code": "near", "facts": {"minutes": 10, "mode": "bike", "limit": 45}}
CAUSE = {"code": "R-1", "offers": 3, "alone": 1}
NUMBERS = {"seekers": YOUTHS, "seekers_with_suggestion": 9_500, "suggestions": 28_500, "offers": OFFERS}


def fill(session: Session) -> tuple[World, Run]:
    """The cast in the middle of the crowd: their school and programme are the full ones."""
    world = build_world(session)
    youths = _youths(session, world)
    offers = _offers(session, world)
    run = make.make_run(session, world.programme, numbers=NUMBERS)
    everywhere = cycle(offers)
    for number, youth in enumerate(youths):
        if number % ONE_IN_TWENTY:
            _matches(session, run, youth, [next(everywhere) for _ in range(SUGGESTIONS_PER_YOUTH)], number)
        else:
            session.add(RunGap(run_id=run.id, school_id=youth.school_id, youth_id=youth.id, causes=[CAUSE]))
    for _earlier in range(50):
        make.make_run(session, world.programme, numbers=NUMBERS)
    session.commit()
    return world, run


def _youths(session: Session, world: World) -> list[Youth]:
    schools = [world.school, *(make.make_school(session) for _ in range(SCHOOLS - 1))]
    for school in schools[1:]:
        session.add(ProgrammeSchool(programme_id=world.programme.id, school_id=school.id))
    places = cycle(_places())
    sectors = cycle(catalogue().sectors)
    youths = []
    for school in schools:
        staff = make.make_account(session)
        make.make_membership(session, staff, Role.SCHOOL_STAFF, organisation_id=school.id)
        for _number in range(CLASSES_PER_SCHOOL):
            school_class = make.make_class(session, school, programme_id=world.programme.id)
            make.make_school_request(session, world.programme, school_class)
            youths += [
                make.make_youth(session, school_class, pc4=next(places), wishes=[next(sectors)])
                for _ in range(CLASS_SIZE)
            ]
    assert len(youths) == YOUTHS
    return youths


def _offers(session: Session, world: World) -> list[Offer]:
    hosts: list[Organisation] = [
        world.bakery,
        *(make.make_organisation(session) for _ in range(OFFERS // OFFERS_PER_HOST - 1)),
    ]
    places, sectors = cycle(_places()), cycle(catalogue().sectors)
    return [
        make.make_offer(
            session, host, pc4=next(places), sectors=[next(sectors)], title=f"Aanbod {number}", positions=9
        )
        for number in range(OFFERS_PER_HOST)
        for host in hosts
    ]


def _matches(session: Session, run: Run, youth: Youth, offers: list[Offer], number: int) -> None:
    """One in four has a placement, as many are decided on otherwise, and half is still open."""
    for rank, offer in enumerate(offers, start=1):
        status = "proposed"
        if rank == 1:
            status = ("approved", "refused", "proposed", "proposed")[number % ONE_IN_FOUR]
        suggestion: Suggestion = make.make_suggestion(
            session, run, youth, offer, rank=rank, status=status, reasons=[NEAR]
        )
        if status == "approved":
            make.make_placement(session, suggestion, offer, status="accepted")


def _places() -> list[str]:
    return [place.pc4 for place in catalogue().postcodes.values() if place.municipality == "Amsterdam"]
