"""An invented region on real postcodes, deterministic by seed: something on every page and in every state.

`python -m seeds demo` fills an empty database (the reference data must be there: `podium migrate`), runs the
matching, takes decisions, and prints one sign-in link per role. A filled database is left as it is.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from seeds.demo_answers import make_answers
from seeds.demo_content import (
    AROUND,
    CREBOS,
    DREAMS,
    FIRST_NAMES,
    HOSTS,
    PARTNERS,
    POSTCODES,
    PRACTICAL,
    PROFILES,
    SCHOOLS,
    SMALL_PROGRAMMES,
    SURNAMES,
    TL_PROFILES,
    TRACKS,
    WANTED,
    Host,
    SmallHost,
    SmallProgramme,
)
from service.accounts.actions import make_printed_link
from service.accounts.models import Account, Membership, Role
from service.calendars.models import FreePeriod
from service.core import clock
from service.core.actor import Actor
from service.core.clock import AMSTERDAM
from service.core.db import Table, make_engine, transaction
from service.core.errors import Conflict
from service.core.jobs import Begin
from service.core.settings import Settings
from service.core.tokens import CODE_LETTERS
from service.digests.actions import build_digests
from service.digests.jobs import subscribe_member
from service.digests.models import Subscription
from service.digests.moments import Plan, latest_moment
from service.insights.jobs import compute_analysis
from service.mail.models import Mail
from service.matchmaking.actions import ask_programme_run, ask_request_run, refuse_suggestion
from service.matchmaking.jobs import compute_run
from service.matchmaking.models import CODES_FOR_PEOPLE, Suggestion, SuggestionStatus
from service.matchmaking.queries import get_proposal
from service.matchmaking.schemas import RefusalInput
from service.offers.models import Offer, OfferStatus
from service.organisations.models import (
    ContactPerson,
    HolidayRegion,
    Location,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
)
from service.placements import actions as placing
from service.placements.lifecycle import OVER, SETTLED
from service.placements.models import DeclineCode, Placement, PlacementStatus
from service.placements.schemas import (
    ApprovalInput,
    HostConfirmInput,
    HostDeclineInput,
    YouthDeclineInput,
)
from service.programmes.models import Programme, ProgrammeSchool, ProgrammeStatus
from service.reference.catalogue import catalogue
from service.school_requests.models import SchoolRequest, SchoolRequestYouth
from service.tables import METADATA
from service.youth.codes import personal_code
from service.youth.models import SchoolClass, Youth, YouthStatus

SEED = 2027
COMPANIES = 111
OFFERS = 180
CLASS_SIZE = 24
TOLD_FOR_WEEKS, FREE_WEEKS_AGO = 3, 2
A_WEEK = timedelta(days=7)
CLASSES_PER_SCHOOL = (4, 4, 4, 4, 4, 5)
NEIGHBOURHOODS = ("", " Slotermeer", " Geuzenveld", " Osdorp", " De Aker", " Bos en Lommer")
STREETS = ("Vaartstraat", "Tuinlaan", "Ringweg", "Meerkade", "Molenpad")
HAZARDS = tuple(f"Z-{number}" for number in range(1, 18))
KINDS_TOO = (
    "flash_visit", "company_visit", "guest_lesson", "hands_on_day", "role_model", "coach", "peer_lesson",
    "prevocational_placement", "community_placement", "work_learn_track", "bpv",
)  # fmt: skip
TITLES = {
    "flash_visit": "Bliksemstage bij {name}",
    "company_visit": "Bedrijfsbezoek bij {name}",
    "guest_lesson": "Gastles van {name}",
    "hands_on_day": "Doe-dag bij {name}",
    "role_model": "Een dag mee met een vakmens van {name}",
    "coach": "Een coach van {name}",
    "peer_lesson": "Leerlingen geven les met {name}",
    "prevocational_placement": "Stage leerjaar 3 en 4 bij {name}",
    "community_placement": "Maatschappelijke stage bij {name}",
    "work_learn_track": "Leerwerktraject bij {name}",
    "bpv": "Bpv-plek bij {name}",
}
GROUP_KINDS = {"flash_visit", "company_visit", "guest_lesson", "peer_lesson"}
Row = TypeVar("Row", bound=Table)


@dataclass
class Region:
    """What is made, while it is made; ids come from the seeded generator, so that two regions are equal."""

    session: Session
    today: date
    chance: random.Random
    schools: list[Organisation] = field(default_factory=list)
    companies: list[Organisation] = field(default_factory=list)
    hosts: dict[UUID, Host] = field(default_factory=dict)
    classes: list[SchoolClass] = field(default_factory=list)
    youths: list[Youth] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)

    def new(self, table: type[Row], **values: Any) -> Row:
        row = table(id=UUID(int=self.chance.getrandbits(128), version=4), **values)
        self.session.add(row)
        return row

    def person(self) -> str:
        return f"{self.chance.choice(FIRST_NAMES)} {self.chance.choice(SURNAMES)}"

    @property
    def school_year(self) -> str:
        first = self.today.year if self.today.month >= 8 else self.today.year - 1
        return f"{first}-{first + 1}"

    @property
    def season_starts_on(self) -> date:
        return date(int(self.school_year[:4]), 8, 1)

    @property
    def season_ends_on(self) -> date:
        return date(int(self.school_year[5:]), 7, 31)


def build(session: Session, today: date, seed: int = SEED) -> Region:
    region = Region(session, today, random.Random(seed))
    _make_schools(region)
    _make_programmes(region)
    _make_companies(region)
    session.flush()
    _make_offers(region)
    _make_classes(region)
    for small in SMALL_PROGRAMMES:
        _make_small_programme(region, small)
    session.flush()
    _make_people(region)
    session.flush()
    _make_requests(region)
    session.flush()
    return region


def _make_organisation(
    region: Region, kind: OrganisationKind, name: str, pc4: str, **values: Any
) -> Organisation:
    chance = region.chance
    row = region.new(Organisation, kind=kind, name=name, **values)
    street = f"{chance.choice(STREETS)} {chance.randint(1, 240)}"
    region.session.flush()
    region.new(
        Location, organisation_id=row.id, pc4=pc4, place=catalogue().postcodes[pc4].place, street=street
    )
    for is_deputy in (False, True) if chance.random() < 0.6 else (False,):
        region.new(
            ContactPerson,
            organisation_id=row.id,
            is_deputy=is_deputy,
            name=region.person(),
            email=f"contact-{row.id.hex[:8]}{'-2' if is_deputy else ''}@podium.example",
            phone=f"020 {chance.randint(100, 999)} {chance.randint(1000, 9999)}",
            confirmed_at=row.confirmed_at,
        )
    return row


def _make_schools(region: Region) -> None:
    for number, (name, pc4, _kind) in enumerate(SCHOOLS):
        region.schools.append(
            _make_organisation(
                region,
                OrganisationKind.SCHOOL,
                name,
                pc4,
                brin=f"{10 + number}XY",
                holiday_region=HolidayRegion.NORTH,
                confirmed_at=clock.now() - timedelta(days=20),
            )
        )


def _make_programmes(region: Region) -> None:
    season = {"starts_on": region.season_starts_on, "ends_on": region.season_ends_on}
    vmbo = region.new(
        Programme,
        slug="on-stage-nieuw-west",
        name=f"On Stage Nieuw-West {region.season_ends_on.year}",
        region="Amsterdam Nieuw-West",
        school_year=region.school_year,
        status=ProgrammeStatus.OPEN,
        kinds=["orientation_placement", *(kind for kind in KINDS_TOO if kind != "bpv")],
        wishes_close_on=region.today + timedelta(days=21),
        highest_age=18,
        lottery_seed=region.season_ends_on.year,
        **season,
    )
    mbo = region.new(
        Programme,
        slug="praktijk-west",
        name=f"Praktijk West {region.season_ends_on.year}",
        region="Amsterdam West",
        school_year=region.school_year,
        status=ProgrammeStatus.OPEN,
        kinds=["bpv", "orientation_placement", "role_model", "company_visit"],
        lowest_age=15,
        sector_weight=0.5,
        location_weight=0.2,
        talent_weight=0.3,
        lottery_seed=region.season_ends_on.year + 1,
        **season,
    )
    region.programmes = [vmbo, mbo]
    region.session.flush()
    for school, (_name, _pc4, kind) in zip(region.schools, SCHOOLS, strict=True):
        region.new(ProgrammeSchool, programme_id=(vmbo if kind == "vmbo" else mbo).id, school_id=school.id)


def _make_companies(region: Region) -> None:
    chance = region.chance
    names = _host_names()
    weights = [host.weight for host, _name in names]
    taken: set[str] = set()
    while len(region.companies) < COMPANIES:
        host, base = chance.choices(names, weights)[0]
        name = next((base + where for where in NEIGHBOURHOODS if base + where not in taken), None)
        if name is None:
            continue
        taken.add(name)
        asked_long_ago = chance.random() < 0.15
        row = _make_organisation(
            region,
            OrganisationKind.COMPANY,
            name,
            chance.choices((*POSTCODES, *AROUND), (*(4,) * len(POSTCODES), *(1,) * len(AROUND)))[0],
            kvk=str(chance.randint(10_000_000, 99_999_999)) if chance.random() < 0.8 else None,
            monthly_cap=chance.choice((None, None, 4, 8)),
            status=chance.choices(
                (OrganisationStatus.ACTIVE, OrganisationStatus.INVITED, OrganisationStatus.PAUSED), (30, 2, 1)
            )[0],
            confirmed_at=clock.now() - timedelta(days=420 if asked_long_ago else chance.randint(5, 200)),
        )
        region.companies.append(row)
        region.hosts[row.id] = host
    for name, kind in PARTNERS:
        _make_organisation(
            region, OrganisationKind(kind), name, chance.choice(POSTCODES), confirmed_at=clock.now()
        )


def _host_names() -> list[tuple[Host, str]]:
    return [(host, name) for host in HOSTS for name in host.names]


def _make_offers(region: Region) -> None:
    places = {row.organisation_id: row for row in region.session.exec(select(Location))}
    active = [row for row in region.companies if row.status is OrganisationStatus.ACTIVE]
    plans: list[tuple[Organisation, str]] = [(company, "orientation_placement") for company in active]
    others = _cycle(KINDS_TOO)
    while len(plans) < OFFERS:
        plans.append((region.chance.choice(active), next(others)))
    for number, (company, kind) in enumerate(plans):
        region.offers.append(_make_offer(region, company, kind, number, places[company.id]))


def _cycle(values: Sequence[str]) -> Iterator[str]:
    while True:
        yield from values


def _make_offer(region: Region, company: Organisation, kind: str, number: int, place: Location) -> Offer:
    chance = region.chance
    host = region.hosts[company.id]
    title, text, words = chance.choice(host.offers)
    starts_on = region.today + timedelta(days=chance.randint(25, 140))
    starts_on += timedelta(days=-starts_on.weekday())
    is_group = kind in GROUP_KINDS
    length = {"orientation_placement": chance.choice((0, 2, 4)), "bpv": 120, "work_learn_track": 110}.get(
        kind, 0
    )
    if kind in {"prevocational_placement", "coach", "community_placement"}:
        length = 40
    status = OfferStatus.PUBLISHED
    if number % 23 == 5:
        status = chance.choice((OfferStatus.DRAFT, OfferStatus.PAUSED, OfferStatus.CLOSED))
    hazards = {code: code in host.hazards for code in HAZARDS}
    if status is OfferStatus.DRAFT or number % 29 == 11:
        hazards.pop("Z-8")
    published = status is not OfferStatus.DRAFT
    return region.new(
        Offer,
        organisation_id=company.id,
        location_id=place.id,
        pc4=place.pc4,
        kind=kind,
        title=title if kind not in TITLES else TITLES[kind].format(name=company.name),
        text=text,
        sectors=[host.sector],
        tags=words.split() if chance.random() < 0.92 else [],
        positions=chance.choice((24, 28, 30))
        if is_group
        else chance.choices((1, 2, 3, 4, 8), (30, 35, 20, 10, 5))[0],
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=length),
        weekdays=[1, 2] if length > 6 else [],
        hours_per_day=3.0 if is_group else 6.0,
        starts_at=time(9, 30),
        ends_at=time(12, 30) if is_group else time(16, 0),
        tracks=[] if chance.random() < 0.8 or kind == "bpv" else ["BB", "KB"],
        levels=[2, 3] if kind == "bpv" else [],
        crebos=list(CREBOS[:3]) if kind == "bpv" else [],
        hazards=hazards,
        supervised=chance.random() < 0.9,
        supervisor_name=region.person(),
        on_school_ground=kind in {"guest_lesson", "peer_lesson"},
        practical=chance.choice(PRACTICAL),
        accessibility=["step_free"] if chance.random() < 0.4 else [],
        status=status,
        published_at=clock.now() - timedelta(days=chance.randint(1, 60)) if published else None,
        confirmed_at=clock.now() - timedelta(days=chance.randint(1, 200)) if published else None,
    )


def _make_classes(region: Region) -> None:
    for school, (_name, pc4, kind), count in zip(region.schools, SCHOOLS, CLASSES_PER_SCHOOL, strict=True):
        programme = region.programmes[0 if kind == "vmbo" else 1]
        for number in range(count):
            name = f"{2 + number // 2}{'AB'[number % 2]}" if kind == "vmbo" else f"MZ{number + 1}"
            row = region.new(
                SchoolClass,
                school_id=school.id,
                programme_id=programme.id,
                name=name,
                school_year=region.school_year,
                code="".join(region.chance.choice(CODE_LETTERS) for _letter in range(6)),
            )
            region.classes.append(row)
            region.session.flush()
            for place in range(CLASS_SIZE):
                year = 2 + number // 2 if kind == "vmbo" else 1 + number % 3
                region.youths.append(
                    _make_youth(region, row, f"{len(region.classes):02}{place:02}", kind, year, pc4)
                )


def _make_youth(
    region: Region, school_class: SchoolClass, number: str, kind: str, year: int, pc4: str
) -> Youth:
    chance = region.chance
    is_mbo = kind == "mbo"
    track = None if is_mbo else chance.choices(TRACKS, (30, 35, 15, 20))[0]
    profile = None
    if not is_mbo and year >= 3:
        profile = chance.choice(TL_PROFILES if track == "TL" else PROFILES)
    is_done = chance.random() < 0.94
    age = (16 if is_mbo else 11) + year + (1 if chance.random() < 0.3 else 0)
    modes = [mode for mode, likely in (("bike", 0.8), ("ov", 0.6), ("walk", 0.4)) if chance.random() < likely]
    return region.new(
        Youth,
        school_id=school_class.school_id,
        class_id=school_class.id,
        external_id=f"P{number}",
        first_name=chance.choice(FIRST_NAMES),
        birth_year=region.season_starts_on.year - age,
        birth_month=chance.randint(1, 12),
        status=YouthStatus.ACTIVE if is_done else YouthStatus.INVITED,
        pc4=(chance.choice((pc4, *POSTCODES)) if chance.random() < 0.97 else None) if is_done else None,
        track=track,
        profile=profile,
        level=chance.choice((2, 3)) if is_mbo else None,
        crebo=chance.choice(CREBOS) if is_mbo else None,
        year=year,
        modes=modes if is_done else [],
        max_minutes=chance.choice((None, None, 20, 30, 45)) if is_done else None,
        wishes=_wishes(chance) if is_done and chance.random() < 0.88 else [],
        dream_job=chance.choice(DREAMS) if is_done else "",
        tags=_talents(chance) if is_done and chance.random() < 0.85 else [],
        kinds=[],
        weekdays=[],
        profile_done_at=clock.now() - timedelta(days=chance.randint(1, 40)) if is_done else None,
    )


def _make_small_programme(region: Region, small: SmallProgramme) -> None:
    """One school, one class, a few hosts: its bottleneck, or that there is none, can be counted by hand."""
    school = _make_organisation(
        region,
        OrganisationKind.SCHOOL,
        small.school,
        small.pc4,
        brin=f"{10 + len(region.schools)}XY",
        holiday_region=HolidayRegion.NORTH,
        confirmed_at=clock.now() - timedelta(days=20),
    )
    programme = region.new(
        Programme,
        slug=small.slug,
        name=f"{small.name} {region.season_ends_on.year}",
        region=small.region,
        school_year=region.school_year,
        status=ProgrammeStatus.OPEN,
        kinds=["orientation_placement"],
        wishes_close_on=region.today + timedelta(days=21),
        highest_age=18,
        lottery_seed=region.season_ends_on.year + len(region.programmes),
        starts_on=region.season_starts_on,
        ends_on=region.season_ends_on,
    )
    region.session.flush()
    region.new(ProgrammeSchool, programme_id=programme.id, school_id=school.id)
    school_class = region.new(
        SchoolClass,
        school_id=school.id,
        programme_id=programme.id,
        name="3A",
        school_year=region.school_year,
        code="".join(region.chance.choice(CODE_LETTERS) for _letter in range(6)),
    )
    region.schools.append(school)
    region.programmes.append(programme)
    region.classes.append(school_class)
    region.session.flush()
    for host in small.hosts:
        _make_small_offer(region, small, host)
    firsts = [sector for sector, many in small.wishes for _youth in range(many)]
    for place, first in enumerate(firsts):
        number = f"{len(region.classes):02}{place:02}"
        youth = _make_youth(region, school_class, number, "vmbo", 3, small.pc4)
        youth.status = YouthStatus.ACTIVE
        youth.pc4 = region.chance.choice(small.homes)
        youth.modes, youth.max_minutes = ["bike"], 30
        youth.wishes = [first]
        youth.profile_done_at = youth.profile_done_at or clock.now() - timedelta(days=3)
        region.youths.append(youth)


def _make_small_offer(region: Region, small: SmallProgramme, host: SmallHost) -> None:
    company = _make_organisation(
        region,
        OrganisationKind.COMPANY,
        host.name,
        small.pc4,
        confirmed_at=clock.now() - timedelta(days=30),
    )
    starts_on = region.today + timedelta(days=70)
    starts_on += timedelta(days=-starts_on.weekday())
    region.offers.append(
        region.new(
            Offer,
            organisation_id=company.id,
            pc4=small.pc4,
            kind="orientation_placement",
            title=host.title,
            text=host.text,
            sectors=[host.sector],
            positions=host.positions,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=4),
            hours_per_day=6.0,
            starts_at=time(9, 30),
            ends_at=time(16, 0),
            hazards=dict.fromkeys(HAZARDS, False),
            supervised=True,
            supervisor_name=region.person(),
            practical=region.chance.choice(PRACTICAL),
            status=OfferStatus.PUBLISHED,
            published_at=clock.now() - timedelta(days=20),
            confirmed_at=clock.now() - timedelta(days=20),
        )
    )


def _wishes(chance: random.Random) -> list[str]:
    """One to four, now a whole sector and now a single word of it."""
    found: list[str] = []
    for sector in chance.choices(list(WANTED), list(WANTED.values()), k=chance.randint(1, 4)):
        words = [tag.code for tag in catalogue().tags.values() if tag.sector == sector]
        wish = sector if chance.random() < 0.5 else chance.choice(words)
        if wish not in found:
            found.append(wish)
    return found


def _talents(chance: random.Random) -> list[str]:
    talents = [tag.code for tag in catalogue().tags.values() if tag.kind == "talent"]
    return sorted(chance.sample(talents, k=chance.randint(2, 6)))


def _make_people(region: Region) -> None:
    """One person per role whom the demo signs in as."""

    def account(role: str, name: str, **values: Any) -> Account:
        row = region.new(Account, email=f"{role}@podium.example", name=name, **values)
        region.accounts[role] = row
        region.session.flush()
        return row

    def member(row: Account, role: Role, **of: UUID) -> None:
        region.new(Membership, account_id=row.id, role=role, **of)

    account("beheer", "Ans Overdiep", is_admin=True)
    coordinator = account("coordinator", "Farida Amrani")
    for programme in region.programmes:
        member(coordinator, Role.COORDINATOR, programme_id=programme.id)
    for number, school in enumerate(region.schools):
        teacher = account("school" if number == 0 else f"school{number + 1}", region.person())
        member(teacher, Role.SCHOOL_STAFF, organisation_id=school.id)
    member(account("mentor", "Bilal Kaptein"), Role.MENTOR, class_id=region.classes[0].id)
    account("bedrijf", "Els Molenkamp")


def _make_requests(region: Region) -> None:
    period = {"starts_on": region.today + timedelta(days=14), "ends_on": region.season_ends_on}
    teacher = region.accounts["school"]
    region.new(
        SchoolRequest,
        programme_id=region.programmes[0].id,
        school_id=region.schools[0].id,
        class_id=region.classes[1].id,
        asked_by=teacher.id,
        kind="company_visit",
        note="Liefst in de ochtend.",
        **period,
    )
    chosen = region.new(
        SchoolRequest,
        programme_id=region.programmes[0].id,
        school_id=region.schools[0].id,
        class_id=region.classes[0].id,
        asked_by=teacher.id,
        kind="role_model",
        **period,
    )
    region.session.flush()
    for youth in region.youths[:6]:
        region.new(SchoolRequestYouth, school_request_id=chosen.id, youth_id=youth.id)


def decide(begin: Begin, region: Region) -> None:
    """A finished run per programme, decisions of every sort, and placements in every state."""
    coordinator = _actor_of(region, "coordinator", programme_ids=[row.id for row in region.programmes])
    for programme in region.programmes:
        with begin() as session:
            ask_programme_run(session, coordinator, programme.id)
    while compute_run(begin):
        pass
    with begin() as session:
        first_request = session.exec(select(SchoolRequest).where(SchoolRequest.kind == "company_visit")).one()
        ask_request_run(session, coordinator, first_request.id)
    while compute_run(begin):
        pass
    placed = _approve_many(begin, region, coordinator)
    _answer(begin, placed)
    _fill_half_of_first_class(begin, region, coordinator)
    _ask_some_of_first_school(begin, region, coordinator)
    _give_host_a_role(begin, region)
    _give_partner_a_role(begin)
    while compute_analysis(begin):
        pass


def _actor_of(region: Region, role: str, programme_ids: list[UUID]) -> Actor:
    return Actor(account_id=region.accounts[role].id, name=role, programme_ids=frozenset(programme_ids))


def _approve_many(begin: Begin, region: Region, coordinator: Actor) -> list[Placement]:
    """About a third of the first choices is decided on; the rest waits at the desk."""
    chance = region.chance
    placed = []
    for suggestion in _first_choices(begin):
        if chance.random() > 0.35:
            continue
        if chance.random() < 0.2:
            refusal = RefusalInput(refusal_code=chance.choice(CODES_FOR_PEOPLE))
            with begin() as session:
                refuse_suggestion(session, coordinator, suggestion.id, refusal)
        else:
            placed += _approve(begin, coordinator, suggestion)
    return placed


def _first_choices(begin: Begin) -> Sequence[Suggestion]:
    with begin(read_only=True) as session:
        return session.exec(
            select(Suggestion)
            .where(Suggestion.rank == 1, Suggestion.status == SuggestionStatus.PROPOSED)
            .order_by(col(Suggestion.youth_id), col(Suggestion.class_id))
        ).all()


def _approve(begin: Begin, coordinator: Actor, suggestion: Suggestion) -> list[Placement]:
    """Nothing when the offer is full by now, or the host asked enough."""
    with begin() as session:
        proposal = get_proposal(session, coordinator, suggestion.id)
        rules = proposal.rules_to_acknowledge
        approval = ApprovalInput(
            seen=proposal.reason_codes,
            acknowledged_rules=rules,
            decision_note="De mentor gaat mee en blijft erbij." if rules else "",
        )
        try:
            return [placing.approve_suggestion(session, coordinator, suggestion.id, approval)]
        except Conflict:
            session.rollback()
            return []


def _fill_half_of_first_class(begin: Begin, region: Region, coordinator: Actor) -> None:
    """The mentor one signs in as has something to celebrate."""
    members = select(Youth.id).where(Youth.class_id == region.classes[0].id)
    with begin(read_only=True) as session:
        placed = set(
            session.exec(
                select(Placement.youth_id).where(
                    col(Placement.youth_id).in_(members), col(Placement.status).in_(SETTLED)
                )
            )
        )
        proposed = session.exec(
            select(Suggestion)
            .where(col(Suggestion.youth_id).in_(members), Suggestion.status == SuggestionStatus.PROPOSED)
            .order_by(col(Suggestion.rank), col(Suggestion.youth_id))
        ).all()
    for suggestion in proposed:
        if len(placed) < CLASS_SIZE // 2 and suggestion.youth_id not in placed:
            for row in _approve(begin, coordinator, suggestion):
                placed.add(row.youth_id)
                with begin() as session:
                    _confirm(session, session.get_one(Placement, row.id))


def _ask_some_of_first_school(begin: Begin, region: Region, coordinator: Actor) -> None:
    """The school one signs in as has slips to hand out."""
    theirs = [one for one in _first_choices(begin) if one.youth_id and one.school_id == region.schools[0].id]
    for suggestion in theirs[:4]:
        _approve(begin, coordinator, suggestion)


def _answer(begin: Begin, placed: list[Placement]) -> None:
    """Youths and hosts answer in turn, so that every state occurs."""
    steps: tuple[Callable[[Session, Placement], None], ...] = (
        _wait,
        _accept,
        _confirm,
        _confirm,
        _decline_by_youth,
        _decline_by_host,
        partial(_confirm_and, status=PlacementStatus.AGREED),
        partial(_confirm_and, status=PlacementStatus.ACTIVE),
        partial(_confirm_and, status=PlacementStatus.COMPLETED),
        partial(_confirm_and, status=PlacementStatus.NO_SHOW),
        partial(_confirm_and, status=PlacementStatus.ENDED_EARLY),
        _withdraw,
        _expire,
    )
    for number, row in enumerate(placed):
        with begin() as session:
            steps[number % len(steps)](session, session.get_one(Placement, row.id))


def _youth_of(row: Placement) -> Actor:
    if row.youth_id is None:
        return Actor(account_id=row.school_id, school_ids=frozenset({row.school_id}))
    return Actor(youth_id=row.youth_id)


def _host_of(row: Placement) -> Actor:
    return Actor(account_id=row.organisation_id, organisation_ids=frozenset({row.organisation_id}))


def _school_of(row: Placement) -> Actor:
    return Actor(account_id=row.school_id, school_ids=frozenset({row.school_id}))


def _give_host_a_role(begin: Begin, region: Region) -> None:
    """The host one signs in as has somebody to answer, and is thanked for who has been there."""
    with begin() as session:
        waiting = session.exec(
            select(Placement)
            .where(Placement.status == PlacementStatus.ACCEPTED, col(Placement.youth_id).is_not(None))
            .order_by(col(Placement.organisation_id))
        ).first()
        organisation_id = waiting.organisation_id if waiting else region.companies[0].id
        been = session.exec(
            select(Placement)
            .where(
                Placement.organisation_id == organisation_id,
                col(Placement.status).in_((*SETTLED, PlacementStatus.ENDED_EARLY, PlacementStatus.NO_SHOW)),
            )
            .order_by(col(Placement.starts_on), col(Placement.id))
        ).first()
        if been is not None:
            _live_through(been, PlacementStatus.COMPLETED)
        _make_contact(session, region.accounts["bedrijf"], organisation_id)


def _give_partner_a_role(begin: Begin) -> None:
    """Who knows people is told what is still looked for."""
    with begin() as session:
        account = Account(email="partner@podium.example", name="Wim Hollander")
        session.add(account)
        session.flush()
        partner = session.exec(
            select(Organisation).where(Organisation.kind == OrganisationKind.PARTNER)
        ).one()
        _make_contact(session, account, partner.id)


def _make_contact(session: Session, account: Account, organisation_id: UUID) -> None:
    """Who signs in is who is asked, so that a question and its answer come to one mailbox."""
    session.add(Membership(account_id=account.id, role=Role.CONTACT, organisation_id=organisation_id))
    contact = session.exec(
        select(ContactPerson).where(
            ContactPerson.organisation_id == organisation_id, ~col(ContactPerson.is_deputy)
        )
    ).one()
    contact.account_id, contact.name, contact.email = account.id, account.name, account.email


def _wait(_session: Session, _row: Placement) -> None:
    """The youth has not answered yet."""


def _accept(session: Session, row: Placement) -> None:
    placing.accept_placement(session, _youth_of(row), row.id)


def _confirm(session: Session, row: Placement) -> None:
    _accept(session, row)
    placing.confirm_placement(session, _host_of(row), row.id, HostConfirmInput())


def _decline_by_youth(session: Session, row: Placement) -> None:
    answer = YouthDeclineInput(decline_code=DeclineCode.DAYS_DO_NOT_FIT)
    placing.decline_placement(session, _youth_of(row), row.id, answer)


def _decline_by_host(session: Session, row: Placement) -> None:
    _accept(session, row)
    answer = HostDeclineInput(decline_code=DeclineCode.TOO_BUSY)
    placing.refuse_placement(session, _host_of(row), row.id, answer)


def _withdraw(session: Session, row: Placement) -> None:
    placing.withdraw_placement(session, _school_of(row), row.id)


def _expire(session: Session, row: Placement) -> None:
    placing.expire_placement(session, Actor(is_system=True), row)


def _confirm_and(session: Session, row: Placement, status: PlacementStatus) -> None:
    _confirm(session, row)
    _live_through(row, status)
    session.add(row)


def _live_through(row: Placement, status: PlacementStatus) -> None:
    """Later states are written as they would have grown: the days move into the past."""
    row.status = status
    row.school_supervisor = "Marieke Ruitenberg"
    if status is not PlacementStatus.AGREED:
        length = (row.ends_on - row.starts_on) if row.ends_on and row.starts_on else timedelta(days=4)
        row.starts_on = clock.today() - timedelta(days=2 if status is PlacementStatus.ACTIVE else 30)
        row.ends_on = row.starts_on + max(length, timedelta(days=4))
    if status in OVER:
        # Noted last week, so that hosts are thanked in an overview that can still be read.
        row.ended_at = clock.now() - timedelta(days=3)


def make_digests(begin: Begin, now: datetime) -> None:
    """Everybody has been told for some weeks as he would have been; in one of them the schools were free."""
    while subscribe_member(begin):
        pass
    with begin() as session:
        free_on = (now - FREE_WEEKS_AGO * A_WEEK).astimezone(AMSTERDAM).date()
        monday = free_on - timedelta(days=free_on.weekday())
        for school_id in session.exec(select(Subscription.school_id).distinct()).all():
            if school_id is not None:
                session.add(
                    FreePeriod(
                        school_id=school_id,
                        name="Projectweek",
                        starts_on=monday - timedelta(days=2),
                        ends_on=monday + timedelta(days=6),
                    )
                )
        for row in session.exec(select(Subscription)):
            row.told_until = now - (TOLD_FOR_WEEKS + 1) * A_WEEK
            session.add(row)
    for weeks_ago in range(TOLD_FOR_WEEKS, 0, -1):
        tell_everybody(begin, latest_moment(now - weeks_ago * A_WEEK, Plan()))
    tell_everybody(begin, now)


def tell_everybody(begin: Begin, moment: datetime) -> None:
    with begin() as session:
        everybody = session.exec(select(Subscription.id)).all()
        for digest in build_digests(session, begin.settings, everybody, moment):
            digest.created_at = moment
            if digest.mail_id is not None:
                session.get_one(Mail, digest.mail_id).created_at = moment


def is_filled(session: Session) -> bool:
    return session.exec(select(Organisation.id).limit(1)).first() is not None


def print_links(session: Session, settings: Settings) -> None:
    """One sign-in link per role, and the codes of one youth; a folder of long ago has not all of them."""
    print("Sign in as (each link works once, for ten minutes; start again for new ones):")
    for role in ("coordinator", "school", "mentor", "bedrijf", "partner", "beheer"):
        account = session.exec(select(Account).where(Account.email == f"{role}@podium.example")).first()
        if account is not None:
            print(f"  {role:<12} {make_printed_link(session, settings, account.id)}")
    found = session.exec(
        select(Youth, SchoolClass)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .join(Placement, col(Placement.youth_id) == col(Youth.id))
        .where(Placement.status == PlacementStatus.OFFERED)
        .order_by(col(SchoolClass.code), col(Youth.external_id))
        .limit(1)
    ).first()
    if found is None:
        return
    youth, school_class = found
    code = personal_code(settings.secret_key.get_secret_value(), youth)
    print(f"  {'youth':<12} {settings.base_url}/code  class code {school_class.code}, own code {code}")


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m seeds demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args(argv)
    assert METADATA.tables, "the schema is complete before the first row"
    settings = Settings()
    engine = make_engine(settings.database_url)
    begin = Begin(engine, settings)
    with transaction(engine, read_only=True) as session:
        filled = is_filled(session)
    if not filled:
        with begin() as session:
            region = build(session, clock.today(), arguments.seed)
        decide(begin, region)
        make_answers(begin, region.chance, region.accounts["coordinator"], region.schools[0])
        make_digests(begin, clock.now())
    with begin() as session:
        print_links(session, settings)
    engine.dispose()
    return 0
