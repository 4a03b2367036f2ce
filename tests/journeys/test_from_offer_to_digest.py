"""The whole way: a company offers, a youth tells, a school asks, a coordinator decides, the school hears.

Everybody sits at a browser of their own and gets in as people do: by a mailed link, or by codes on a card.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser
from sqlmodel import select

from service.accounts.models import Role
from service.core import clock
from service.digests.models import Audience, Subscription
from service.offers.models import Offer
from service.organisations.models import Organisation
from service.placements.models import Placement, PlacementStatus
from tests import factories as make
from tests.browser import DESK, PHONE
from tests.installation import Installation
from tests.journeys.visitor import Visitor, link_in, visitor

pytestmark = pytest.mark.browser

TEACHER = "marieke@sloterwaard.example"
COORDINATOR = "farida@onstage.example"
BAKER = "els@zonnebloem.example"
NAMES = ("Noor", "Yassin", "Mila")
HAZARDS = range(1, 18)
FEW_PAGES = 30


@dataclass
class People:
    """Each with a browser."""

    company: Visitor
    school: Visitor
    youth: Visitor
    coordinator: Visitor


@dataclass
class Card:
    """What the school prints for a youth."""

    class_code: str
    personal_code: str


@pytest.fixture
def people(request: pytest.FixtureRequest, browser: Browser, installed: Installation) -> Iterator[People]:
    width, has_script, language = request.param
    with ExitStack() as stack:
        yield People(
            *(
                stack.enter_context(
                    visitor(browser, installed, width=width, has_script=has_script, language=language)
                )
                for _role in range(4)
            )
        )


def lay_ready(at: Installation) -> None:
    """What is there before the season: a programme, its coordinator, a school with one teacher."""
    today = clock.today()
    with at.begin() as session:
        school = make.make_school(session, name="Sloterwaard College")
        programme = make.make_programme(
            session,
            school,
            name="On Stage Nieuw-West",
            starts_on=today - timedelta(days=60),
            ends_on=today + timedelta(days=240),
        )
        farida = make.make_account(session, email=COORDINATOR, name="Farida")
        make.make_membership(session, farida, Role.COORDINATOR, programme_id=programme.id)
        marieke = make.make_account(session, email=TEACHER, name="Marieke")
        make.make_membership(session, marieke, Role.SCHOOL_STAFF, organisation_id=school.id)


def first_day() -> date:
    """A Monday about two months from now, so that no weekend stands in the way."""
    day = clock.today() + timedelta(days=60)
    return day - timedelta(days=day.weekday())


def register_company(company: Visitor) -> None:
    company.go("/")
    company.press("a[href='/organisations/new']")
    company.fill(name="Bakkerij Zonnebloem", postcode="1068 ab", contact_name="Els", contact_email="els")
    company.send("/organisations/new", status=422)
    # What was typed is still there; only the address was wrong.
    assert company.page.input_value("[name=postcode]") == "1068 ab"
    company.fill(contact_email=BAKER)
    company.send("/organisations/new")
    company.open_mailed_link(company.wait_for_mail(BAKER))


def publish_offer(company: Visitor) -> None:
    """One subject a page; what was filled in is kept from page to page."""
    company.press("main a[href^='/offers/new']")
    company.tick("kind", "orientation_placement")
    company.fill(title="Meelopen in de bakkerij", text="Je helpt met brood en koekjes.")
    company.send("/offers/new")
    company.tick("sectors", "HORECA")
    if company.has_script:
        company.page.fill("#field-words", "brood bakken")
        company.page.keyboard.press("Enter")
    else:
        company.fill(words="brood bakken, koken")
    go_on(company)
    company.fill(positions="2", starts_on=first_day().isoformat())
    company.fill(ends_on=(first_day() + timedelta(days=4)).isoformat(), hours_per_day="6")
    company.tick("weekdays", *"12345")
    go_on(company)
    answer_safety_questions(company)
    go_on(company)
    go_on(company)
    company.press("form[action$='/publish'] button")
    assert company.page.locator("form[action$='/pause']").count() == 1


def go_on(company: Visitor) -> None:
    company.press("#offer .button-row button")


def answer_safety_questions(company: Visitor) -> None:
    company.fill(observe_only="no", supervised="yes", supervisor_name="Els de Bakker")
    if not company.has_script:
        for number in HAZARDS:
            company.fill(**{f"z_{number}": "no"})
        return
    company.find("[data-answer-no]").click()
    # The law speaks while one types: what is said to those who let 14-year-olds come is there, or is not.
    said = company.page.locator("#law .note .small")
    said.wait_for()
    company.fill(z_5="yes")
    said.wait_for(state="detached")
    company.fill(z_5="no")
    said.wait_for()


def add_class(school: Visitor) -> Card:
    school.sign_in(TEACHER)
    school.press("main a[href='/classes/new']")
    school.fill(name="3B", school_year="2026-2027")
    school.page.select_option("select[name=programme_id]", index=1)
    school.press("main form[method=post] button")
    birth = f"{clock.today().year - 15}-04"
    rows = [f"{1000 + number}\t{name}\t3B\tKB\t3\t{birth}" for number, name in enumerate(NAMES)]
    header = "external_id\tfirst_name\tclass\ttrack_or_crebo\tyear_or_level\tbirth_year_month"
    school.press("main a[href$='/import']")
    school.page.fill("#field-rows", "\n".join([header, *rows, "1009\tZonder\t3B\tXX\t3\t2011-13"]))
    school.press("form:has(#field-rows) button")
    school.press("form[action$='/import/confirm'] button")
    school.press("main a[href$='/codes']")
    cards = school.page.locator("article.card")
    assert cards.count() == len(NAMES)
    mine = cards.filter(has_text=NAMES[0]).locator(".code").all_inner_texts()
    return Card(*mine)


def fill_in_profile(youth: Visitor, card: Card) -> None:
    youth.go("/code")
    youth.fill(class_code=card.class_code, personal_code="NIETGOED")
    youth.send("/code", status=422)
    youth.fill(class_code=card.class_code.lower(), personal_code=card.personal_code.lower())
    youth.send("/code")
    youth.press("main a[href='/profile/wishes']")
    youth.tick("wishes", "HORECA", "ZORG")
    youth.send("/profile/wishes")
    youth.fill(dream_job="ik wil bakker worden")
    youth.send("/profile/words")
    youth.send("/profile/meant")
    youth.press("main a[href='/profile/talents']")
    youth.tick("tags", "home_cooking")
    youth.send("/profile/talents")
    youth.fill(pc4="1068")
    youth.send("/profile/place")
    youth.tick("modes", "bike")
    youth.tick("max_minutes", "30")
    youth.send("/profile/travel")
    # "Weet ik nog niet" is an answer everywhere.
    youth.press("main a[href='/profile/check']")
    youth.send("/profile/check")


def ask_for_matches(school: Visitor) -> str:
    school.go("/classes")
    school.press("main tbody th a")
    school.press("main a[href^='/school-requests/new']")
    school.fill(kind="orientation_placement", starts_on=clock.today().isoformat())
    school.fill(ends_on=(clock.today() + timedelta(days=120)).isoformat(), note="Liefst dichtbij.")
    school.send("/school-requests/new")
    return school.path


def admit_company(coordinator: Visitor) -> None:
    """Who registered itself is looked at by a person first."""
    coordinator.sign_in(COORDINATOR)
    coordinator.press("main a[href='/organisations?waits=yes']")
    coordinator.press("main tbody th a")
    coordinator.press("form[action$='/admit'] button")


def decide(coordinator: Visitor, request_path: str) -> None:
    coordinator.go(request_path)
    coordinator.send(f"{request_path}/runs")
    # The page moves on by itself, with scripts by a stream and without by asking again.
    coordinator.page.wait_for_selector(".stats")
    coordinator.look()
    coordinator.press("main a[href='/desk']")
    for _proposal in NAMES:
        if NAMES[0] in coordinator.page.inner_text("main"):
            break
        coordinator.press("a[href^='/desk?after=']")
    assert NAMES[0] in coordinator.page.inner_text("main")
    assert "Meelopen in de bakkerij" in coordinator.page.inner_text("h1")
    if coordinator.has_script:
        coordinator.press_key("a")
        coordinator.look()
    else:
        coordinator.press("form[action$='/approve'] button")
    assert coordinator.path.startswith(("/suggestions/", "/desk"))


def say_yes(youth: Visitor, company: Visitor) -> None:
    company.go("/placements")
    assert NAMES[0] not in company.text
    youth.go("/")
    youth.press("main a[href^='/placements/']")
    youth.press("form[action$='/accept'] button")
    company.go("/")
    company.go("/placements")
    company.press("main tbody th a")
    assert NAMES[0] in company.text
    company.fill(company_supervisor="Els de Bakker")
    company.press("form[action$='/confirm'] button")


def hear_of_it(school: Visitor, at: Installation) -> None:
    """The week passes; the mail comes, without names, and its link leads on after signing in."""
    school.go("/digests/subscription")
    school.fill(weekday="2", at="08:15")
    school.send("/digests/subscription")
    come = len(at.inbox.messages)
    with at.begin() as session:
        subscription = session.exec(
            select(Subscription).where(Subscription.audience == Audience.SCHOOL)
        ).one()
        subscription.due_at = clock.now() - timedelta(seconds=1)
        subscription.told_until = clock.now() - timedelta(days=7)
        session.add(subscription)
    mail = school.wait_for_mail(TEACHER, after=come)
    assert not [name for name in NAMES if name in mail.as_string()]
    school.sign_out()
    link = link_in(mail, f"{at.url}/digests/")
    school.go(link)
    assert school.path.startswith("/sign-in?next=")
    before = len(at.inbox.messages)
    school.fill(email=TEACHER)
    school.send("/sign-in")
    school.open_mailed_link(school.wait_for_mail(TEACHER, after=before))
    assert school.path == link.removeprefix(at.url)
    stop_digest(mail["List-Unsubscribe"].partition("<")[2].partition(">")[0])
    school.go("/digests/subscription")
    assert school.page.locator("form[action='/digests/subscription/resume']").count() == 1


def stop_digest(address: str) -> None:
    """As the button of a mail program does it: one request, without cookie."""
    data = b"List-Unsubscribe=One-Click"
    with urlopen(Request(address, data=data), timeout=10) as answer:  # noqa: S310 our own address
        assert answer.status == 200


@pytest.mark.parametrize(
    ("backend", "people"),
    [
        pytest.param("sqlite", (DESK, True, "en"), id="desk-with-scripts"),
        pytest.param("sqlite", (PHONE, False, "nl"), id="phone-without-scripts"),
        pytest.param("postgresql", (PHONE, True, "nl"), id="phone-with-scripts-on-postgresql"),
    ],
    indirect=True,
)
def test_from_offer_to_digest(people: People, installed: Installation) -> None:
    lay_ready(installed)
    register_company(people.company)
    publish_offer(people.company)
    card = add_class(people.school)
    fill_in_profile(people.youth, card)
    admit_company(people.coordinator)
    decide(people.coordinator, ask_for_matches(people.school))
    say_yes(people.youth, people.company)
    hear_of_it(people.school, installed)
    with installed.begin() as session:
        placement = session.exec(select(Placement)).one()
        assert placement.status is PlacementStatus.CONFIRMED
        assert placement.company_supervisor == "Els de Bakker"
        assert session.get_one(Offer, placement.offer_id).positions_taken == 1
        company = session.get_one(Organisation, placement.organisation_id)
        assert company.name == "Bakkerij Zonnebloem"
    everybody = (people.company, people.school, people.youth, people.coordinator)
    assert len({page for person in everybody for page in person.looked_at}) >= FEW_PAGES
