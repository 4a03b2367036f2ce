"""make_offer(session, **changes) and its sisters: one valid row each, changed where the test cares."""

from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session

from service.accounts.models import Account, Membership, Role
from service.core import clock
from service.core.db import Table
from service.matchmaking.models import Run, RunStatus, Suggestion
from service.offers.models import Offer, OfferStatus
from service.organisations.models import ContactPerson, Location, Organisation, OrganisationKind
from service.placements.models import Placement
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus
from service.school_requests.models import SchoolRequest
from service.youth.models import SchoolClass, Youth, YouthStatus

ALL_HAZARDS = tuple(f"Z-{number}" for number in range(1, 18))
SCHOOL_YEAR = "2026-2027"
_number = count(1)
Row = TypeVar("Row", bound=Table)


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def make_organisation(session: Session, **changes: Any) -> Organisation:
    values: dict[str, Any] = {
        "kind": OrganisationKind.COMPANY,
        "name": f"Bedrijf {next(_number)}",
        "confirmed_at": clock.now(),
    }
    row = _add(session, Organisation(**values | changes))
    _add(session, Location(organisation_id=row.id, pc4="1068", place="Amsterdam"))
    _add(
        session,
        ContactPerson(
            organisation_id=row.id,
            name="Contact",
            email=f"contact{next(_number)}@example.nl",
            phone="020 123",
        ),
    )
    return row


def make_school(session: Session, **changes: Any) -> Organisation:
    return make_organisation(
        session, **{"kind": OrganisationKind.SCHOOL, "name": f"School {next(_number)}"} | changes
    )


def make_programme(session: Session, *schools: Organisation, **changes: Any) -> Programme:
    number = next(_number)
    values: dict[str, Any] = {
        "slug": f"programme-{number}",
        "name": f"Programma {number}",
        "region": "Amsterdam Nieuw-West",
        "school_year": SCHOOL_YEAR,
        "status": ProgrammeStatus.OPEN,
        "kinds": ["orientation_placement", "flash_visit", "company_visit", "role_model", "bpv"],
        "starts_on": date(2026, 8, 1),
        "ends_on": date(2027, 7, 31),
        "lottery_seed": 2027,
    }
    row = _add(session, Programme(**values | changes))
    for school in schools:
        _add(session, ProgrammeSchool(programme_id=row.id, school_id=school.id))
    return row


def make_class(session: Session, school: Organisation, **changes: Any) -> SchoolClass:
    number = next(_number)
    values: dict[str, Any] = {
        "school_id": school.id,
        "name": f"3B{number}",
        "school_year": SCHOOL_YEAR,
        "code": f"KLAS{number}",
    }
    return _add(session, SchoolClass(**values | changes))


def make_youth(session: Session, school_class: SchoolClass, **changes: Any) -> Youth:
    """A fifteen-year-old who has filled in everything."""
    number = next(_number)
    values: dict[str, Any] = {
        "school_id": school_class.school_id,
        "class_id": school_class.id,
        "external_id": f"L{number:05}",
        "first_name": "Noor",
        "birth_year": 2011,
        "birth_month": 6,
        "status": YouthStatus.ACTIVE,
        "pc4": "1068",
        "track": "KB",
        "profile": "hbr",
        "year": 3,
        "modes": ["bike", "ov"],
        "wishes": ["HORECA", "ZORG"],
        "profile_done_at": clock.now(),
    }
    return _add(session, Youth(**values | changes))


def make_offer(session: Session, organisation: Organisation, **changes: Any) -> Offer:
    """A published orientation placement without hazards, three positions in February."""
    values: dict[str, Any] = {
        "organisation_id": organisation.id,
        "pc4": "1068",
        "kind": "orientation_placement",
        "title": "Een week meelopen",
        "sectors": ["HORECA"],
        "positions": 3,
        "starts_on": date(2027, 2, 8),
        "ends_on": date(2027, 2, 12),
        "hours_per_day": 6.0,
        "hazards": dict.fromkeys(ALL_HAZARDS, False),
        "supervised": True,
        "status": OfferStatus.PUBLISHED,
        "published_at": clock.now(),
        "confirmed_at": clock.now(),
    }
    return _add(session, Offer(**values | changes))


def make_school_request(
    session: Session, programme: Programme, school_class: SchoolClass, **changes: Any
) -> SchoolRequest:
    values: dict[str, Any] = {
        "programme_id": programme.id,
        "school_id": school_class.school_id,
        "class_id": school_class.id,
        "kind": "orientation_placement",
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 3, 31),
    }
    return _add(session, SchoolRequest(**values | changes))


def make_run(session: Session, programme: Programme, **changes: Any) -> Run:
    values: dict[str, Any] = {
        "programme_id": programme.id,
        "status": RunStatus.DONE,
        "due_at": None,
        "finished_at": clock.now(),
        "seed": programme.lottery_seed,
    }
    return _add(session, Run(**values | changes))


def make_suggestion(session: Session, run: Run, youth: Youth, offer: Offer, **changes: Any) -> Suggestion:
    values: dict[str, Any] = {
        "run_id": run.id,
        "programme_id": run.programme_id,
        "school_id": youth.school_id,
        "youth_id": youth.id,
        "offer_id": offer.id,
        "rank": 1,
        "score": 82.5,
        "sector": 0.8,
        "location": 1.0,
        "talent": 0.7,
        "minutes": 10,
        "weights": {"sector": 0.45, "location": 0.25, "talent": 0.30},
    }
    return _add(session, Suggestion(**values | changes))


def make_placement(session: Session, suggestion: Suggestion, offer: Offer, **changes: Any) -> Placement:
    offer.positions_taken += 1
    session.add(offer)
    values: dict[str, Any] = {
        "programme_id": suggestion.programme_id,
        "suggestion_id": suggestion.id,
        "school_id": suggestion.school_id,
        "youth_id": suggestion.youth_id,
        "offer_id": offer.id,
        "organisation_id": offer.organisation_id,
        "starts_on": offer.starts_on,
        "ends_on": offer.ends_on,
    }
    return _add(session, Placement(**values | changes))


def make_account(session: Session, **changes: Any) -> Account:
    values: dict[str, Any] = {"email": f"persoon{next(_number)}@example.nl", "name": "Persoon"}
    return _add(session, Account(**values | changes))


def make_membership(session: Session, account: Account, role: Role, **of: Any) -> Membership:
    return _add(session, Membership(account_id=account.id, role=role, **of))
