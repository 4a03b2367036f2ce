"""Who lives in the school year of the journey, what is there before it begins, and what people do in it."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from service.accounts.models import Account, Role
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.offers.models import Offer
from service.organisations.models import ContactPerson, HolidayRegion, Organisation, OrganisationKind
from service.placements import links
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.youth.models import Youth, YouthStatus
from tests import factories as make
from tests.journeys.mail_reader import Letter
from tests.journeys.year import BASE_URL, Arrival, Person, Year, at

YOUTHS = {
    "Noor": "hbr",
    "Yassin": "mt",
    "Daan": "zw",
    "Eva": "zw",
    "Sara": "eo",
    "Lina": "eo",
    "Omar": "dp",
    "Bas": "dp",
    "Mila": "groen",
}
"""With their profiles; for Mila nobody has an offer."""
BAKERY, GARAGE, CARE = "Bakkerij Zonnebloem", "Garage De Ring", "Zorghuis De Linde"
PARTNER, BARBER, PRINTER = "Buurthuis De Brug", "Kapper Knip", "Drukkerij De Ster"
SURGERY = "Huisartsenpost De Kade"
OFFERS = (
    (GARAGE, "Sleutelen in de garage", "mt", 1, date(2027, 3, 15), 5, date(2026, 11, 1)),
    (CARE, "Meelopen in het zorghuis", "zw", 2, date(2027, 5, 31), 5, date(2026, 9, 1)),
    (PARTNER, "Helpen in het buurthuis", "eo", 1, date(2027, 5, 12), 3, date(2026, 12, 1)),
    (BARBER, "Kijken bij de kapper", "dp", 1, date(2027, 4, 12), 5, date(2026, 12, 1)),
    (SURGERY, "Meekijken bij de huisarts", "zw", 1, date(2027, 4, 5), 5, date(2026, 12, 1)),
    (PRINTER, "Meedrukken", "dp", 3, date(2027, 6, 14), 5, date(2026, 10, 19)),
)
"""Host, title, for which profile, positions, first day, number of days, and when it was last confirmed."""
DIGEST, QUESTION, NOTICE = "digest", "question", "notice"
SIGN_IN, AGREEMENT = "sign_in", "agreement"
SCHOOLS_OWN = {
    "Herfstvakantie": (date(2026, 10, 17), date(2026, 10, 25)),
    "Studiedag": (date(2026, 11, 30), date(2026, 11, 30)),
    "Kerstvakantie": (date(2026, 12, 19), date(2027, 1, 3)),
    "Voorjaarsvakantie": (date(2027, 2, 20), date(2027, 2, 28)),
    "Meivakantie": (date(2027, 4, 24), date(2027, 5, 9)),
}
"""Days without education, as the school says itself."""
CLAUSES = ["activities", "place", "period", "times", "guidance", "assessment", "inspectorate", "insurance"]


def mail_address(name: str) -> str:
    return f"{name}@example.nl"


@dataclass
class Story:
    """The year and who lives in it."""

    year: Year
    """Time, pages, worker and mail."""
    programme_id: UUID
    school_id: UUID
    class_id: UUID
    cards: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The two codes on the card of each youth."""
    kept: dict[str, str] = field(default_factory=dict)
    """Links that somebody keeps to try them again later."""

    # ---- People ----

    def person(self, name: str) -> Person:
        return Person(self.year, mail_address(name))

    def signed_in(self, name: str) -> Person:
        return self.person(name).sign_in()

    def youth_signed_in(self, name: str) -> Person:
        """With the card that the school printed."""
        youth = Person(self.year)
        class_code, own_code = self.cards[name]
        youth.send("/code", "/code", class_code=class_code, personal_code=own_code)
        return youth

    def read_cards(self, school: Person) -> None:
        """As printed: a name, the code of the class, a code of one's own."""
        for card in school.get(f"/classes/{self.class_id}/codes").text.split("<article")[1:]:
            found = re.search(r"<h2[^>]*>(\w+)</h2>", card)
            codes = re.findall(r'<span class="code">(\w+)</span>', card)
            assert found
            self.cards[found[1]] = (codes[0], codes[1])

    def account_id(self, name: str) -> UUID:
        with self.year.session() as session:
            return session.exec(select(Account.id).where(Account.email == mail_address(name))).one()

    # ---- Days ----

    def go_to(self, year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        self.year.go_to(at(date(year, month, day), hour, minute))

    # ---- Mail ----

    def link_to(self, name: str, path: str) -> str:
        """In the newest mail to somebody that has one."""
        return self.year.link_to(mail_address(name), path)

    def came(self, name: str, stream: str, day: date) -> Letter:
        (found,) = [one.letter for one in self.all_mail(name, stream) if one.day == day]
        return found

    def all_mail(self, name: str, stream: str) -> list[Arrival]:
        return [
            one for one in self.year.arrived if (one.recipient, one.stream) == (mail_address(name), stream)
        ]

    # ---- Decisions and answers ----

    def placement(self, name: str) -> Placement:
        """The newest of this youth."""
        with self.year.session() as session:
            found = session.exec(
                select(Placement)
                .join(Youth, col(Youth.id) == col(Placement.youth_id))
                .where(Youth.first_name == name)
                .order_by(col(Placement.created_at).desc())
            ).first()
            assert found is not None
            session.expunge(found)
            return found

    def status(self, name: str) -> PlacementStatus:
        return self.placement(name).status

    def approve(self, coordinator: Person, name: str, host: str) -> None:
        """At the desk, with the reasons in view."""
        with self.year.session() as session:
            suggestion_id = session.exec(
                select(Suggestion.id)
                .join(Youth, col(Youth.id) == col(Suggestion.youth_id))
                .join(Offer, col(Offer.id) == col(Suggestion.offer_id))
                .join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
                .where(
                    Youth.first_name == name,
                    Organisation.name == host,
                    Suggestion.status == SuggestionStatus.PROPOSED,
                )
            ).one()
        path = f"/suggestions/{suggestion_id}"
        coordinator.send(path, f"{path}/approve")

    def slip(self, name: str) -> str:
        """The link on the slip that the school printed for a youth."""
        placement = self.placement(name)
        with self.year.session() as session:
            question = session.exec(
                select(Question).where(
                    Question.placement_id == placement.id,
                    Question.kind == QuestionKind.YOUTH_ANSWER,
                    col(Question.answered_at).is_(None),
                )
            ).one()
            secret = self.year.settings.secret_key.get_secret_value()
            return BASE_URL + links.path_of(secret, question)

    def say_yes_by_slip(self, name: str) -> str:
        link = self.slip(name)
        assert "Do you want to go there?" in self.year.look(link)
        self.year.press(link, "yes")
        assert self.status(name) is PlacementStatus.ACCEPTED
        self.year.tick()
        return link

    def note_papers(self, school: Person, name: str, signed: date) -> None:
        path = f"/placements/{self.placement(name).id}"
        school.send(
            f"{path}/agreement",
            f"{path}/agreement",
            clauses=CLAUSES,
            signed_school=signed.isoformat(),
            signed_guardian=signed.isoformat(),
            signed_host=signed.isoformat(),
            guardian_letter_on=signed.isoformat(),
            risk_inventory="yes",
            company_supervisor="Een vakvrouw",
        )
        school.post(f"{path}/agree")


def make_host(session: Session, name: str, contact: str, **changes: object) -> ContactPerson:
    """An organisation that takes part already, with a contact person who has an account."""
    host = make.make_organisation(session, name=name, **changes)
    account = make.make_account(session, name=contact.capitalize(), email=mail_address(contact))
    role = Role.SCHOOL_STAFF if host.kind is OrganisationKind.SCHOOL else Role.CONTACT
    make.make_membership(session, account, role, organisation_id=host.id)
    person = session.exec(select(ContactPerson).where(ContactPerson.organisation_id == host.id)).one()
    person.sqlmodel_update({"name": account.name, "email": account.email, "account_id": account.id})
    session.add(person)
    return person


def lay_ready(session: Session) -> tuple[UUID, UUID, UUID]:
    """What is there on the last day of August; the ids of programme, school and class."""
    marieke = make_host(
        session,
        "Sloterwaard College",
        "marieke",
        kind=OrganisationKind.SCHOOL,
        holiday_region=HolidayRegion.NORTH,
    )
    school = session.get_one(Organisation, marieke.organisation_id)
    programme = make.make_programme(session, school, slug="nieuw-west", name="On Stage Nieuw-West")
    class_3b = make.make_class(session, school, name="3B", code="ZON37", programme_id=programme.id)
    for name, profile in YOUTHS.items():
        make.make_youth(session, class_3b, first_name=name, profile=profile, wishes=["GROEN"])
    noor = session.exec(select(Youth).where(Youth.first_name == "Noor")).one()
    noor.sqlmodel_update({"status": YouthStatus.INVITED, "profile_done_at": None, "pc4": None, "modes": []})
    session.add(noor)
    people = {
        name: make.make_account(session, name=name.capitalize(), email=mail_address(name))
        for name in ("beheer", "farida", "joost", "ans", "bilal")
    }
    people["beheer"].is_admin = True
    people["joost"].language = "en"
    for name in ("farida", "joost"):
        make.make_membership(session, people[name], Role.COORDINATOR, programme_id=programme.id)
    make.make_membership(session, people["ans"], Role.SCHOOL_STAFF, organisation_id=school.id)
    make.make_membership(session, people["bilal"], Role.MENTOR, class_id=class_3b.id)
    make_offers(session)
    return programme.id, school.id, class_3b.id


def make_offers(session: Session) -> None:
    people = {
        GARAGE: make_host(session, GARAGE, "kees"),
        CARE: make_host(session, CARE, "piet"),
        PARTNER: make_host(session, PARTNER, "fatima", kind=OrganisationKind.PARTNER),
        BARBER: make_host(session, BARBER, "wim"),
        PRINTER: make_host(session, PRINTER, "nel"),
        SURGERY: make_host(session, SURGERY, "tom"),
    }
    people[CARE].confirmed_at = at(date(2026, 2, 16), 6)
    people[PRINTER].confirmed_at = at(date(2026, 1, 8), 6)
    session.add_all(people.values())
    for name, title, profile, positions, first, days, confirmed_on in OFFERS:
        make.make_offer(
            session,
            session.get_one(Organisation, people[name].organisation_id),
            title=title,
            profiles=[profile],
            positions=positions,
            starts_on=first,
            ends_on=first + timedelta(days=days - 1),
            confirmed_at=at(confirmed_on, 6),
        )
