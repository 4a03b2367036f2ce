"""Asked by itself, each in its time: does this offer hold, is it still you, are the papers there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.core import clock
from service.core.jobs import Begin
from service.core.settings import Settings
from service.mail.models import Mail
from service.mail.rendering import render
from service.offers.models import OfferStatus
from service.organisations.models import ContactPerson, Organisation, OrganisationStatus
from service.placements import actions, links
from service.placements.jobs import ask_questions, open_questions
from service.placements.models import AnswerCode, Placement, PlacementStatus, Question, QuestionKind
from service.placements.readers import address_of
from service.placements.rescue import habits_of
from service.placements.schemas import HostConfirmInput
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.world import World

LONG_AGO = timedelta(days=200)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_working_day() -> Iterator[None]:
    with time_machine.travel(TUESDAY):
        yield


def run_out(begin: Begin) -> None:
    while open_questions(begin):
        pass
    while ask_questions(begin):
        pass


def question_of(session: Session, kind: QuestionKind) -> Question:
    found = session.exec(
        select(Question).where(Question.kind == kind).order_by(col(Question.created_at).desc())
    ).first()
    assert found is not None
    session.refresh(found)
    return found


def link_of(session: Session, settings: Settings, question: Question) -> str:
    secret = settings.secret_key.get_secret_value()
    return links.path_of(secret, question, address_of(session, question))


def templates(session: Session) -> list[str]:
    found = session.exec(select(Mail.template).where(col(Mail.key).startswith("question:")))
    return sorted(template.rpartition("/")[2] for template in found)


def contact_of(session: Session, organisation: Organisation) -> ContactPerson:
    return session.exec(select(ContactPerson).where(ContactPerson.organisation_id == organisation.id)).one()


@pytest.fixture
def stale(session: Session, world: World) -> World:
    """The bakery's offer was confirmed long ago; the garage's was not."""
    world.bakery_offer.confirmed_at = clock.now() - LONG_AGO
    session.add(world.bakery_offer)
    session.commit()
    return world


def test_it_works(session: Session, stale: World, client: Browser, settings: Settings, begin: Begin) -> None:
    run_out(begin)
    assert templates(session) == ["offer_holds"]
    path = link_of(session, settings, question_of(session, QuestionKind.OFFER_HOLDS))
    client.as_guest()
    assert "Does this offer still hold?" in client.get(path).text
    session.refresh(stale.bakery_offer)
    before = stale.bakery_offer.confirmed_at

    client.post(f"{path}/yes")

    session.refresh(stale.bakery_offer)
    assert before is not None
    assert stale.bakery_offer.confirmed_at is not None
    assert stale.bakery_offer.confirmed_at > before
    assert "Youths can count on it" in client.get(path).text
    run_out(begin)
    assert templates(session) == ["offer_holds"]


def test_no_takes_the_offer_out_of_sight(
    session: Session, stale: World, client: Browser, settings: Settings, begin: Begin
) -> None:
    run_out(begin)
    path = link_of(session, settings, question_of(session, QuestionKind.OFFER_HOLDS))

    client.as_guest().post(f"{path}/no")

    session.refresh(stale.bakery_offer)
    assert stale.bakery_offer.status is OfferStatus.PAUSED
    assert question_of(session, QuestionKind.OFFER_HOLDS).answer is AnswerCode.NO


def test_a_host_with_many_offers_is_asked_about_one_at_a_time(
    session: Session, stale: World, begin: Begin
) -> None:
    for _number in range(3):
        make.make_offer(session, stale.bakery, confirmed_at=clock.now() - LONG_AGO)
    session.commit()

    run_out(begin)

    assert templates(session) == ["offer_holds"]


def test_nobody_is_reminded_of_what_is_done(session: Session, stale: World, begin: Begin) -> None:
    run_out(begin)
    stale.bakery_offer.confirmed_at = clock.now()
    session.add(stale.bakery_offer)
    session.commit()

    with time_machine.travel(clock.now() + timedelta(days=14), tick=False):
        while ask_questions(begin):
            pass

    assert templates(session) == ["offer_holds"]
    assert question_of(session, QuestionKind.OFFER_HOLDS).answer is AnswerCode.NOT_NEEDED


def test_who_takes_a_break_is_not_asked(session: Session, stale: World, begin: Begin) -> None:
    stale.bakery.status = OrganisationStatus.PAUSED
    session.add(stale.bakery)
    session.commit()

    run_out(begin)

    assert templates(session) == []


@pytest.fixture
def contact(session: Session, world: World) -> ContactPerson:
    """Els, with an account and a way in, and confirmed more than a year ago."""
    person = contact_of(session, world.bakery)
    person.sqlmodel_update(
        {
            "confirmed_at": clock.now() - timedelta(days=400),
            "account_id": world.accounts["els"].id,
            "email": "els@example.nl",
        }
    )
    session.add(person)
    session.commit()
    return person


def test_is_it_still_you(
    session: Session, client: Browser, settings: Settings, begin: Begin, contact: ContactPerson
) -> None:
    run_out(begin)
    path = link_of(session, settings, question_of(session, QuestionKind.CONTACT_HOLDS))
    assert "Is it still you?" in client.as_guest().get(path).text

    client.post(f"{path}/yes")

    session.refresh(contact)
    assert contact.confirmed_at is not None
    assert contact.confirmed_at > clock.now() - timedelta(minutes=5)
    run_out(begin)
    assert templates(session) == ["contact_holds"]


def test_handing_over_leaves_nothing_behind(
    session: Session,
    world: World,
    client: Browser,
    settings: Settings,
    begin: Begin,
    place: Place,
    contact: ContactPerson,
) -> None:
    run_out(begin)
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    run_out(begin)
    waiting = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    path = link_of(session, settings, question_of(session, QuestionKind.CONTACT_HOLDS))
    client.as_guest()
    own = {"name": "Els", "email": "els@example.nl"}
    assert client.post(f"{path}/hand-over", data=own).status_code == 422
    assert client.post(f"{path}/hand-over", data={"name": "Sam", "email": "sam"}).status_code == 422

    client.post(f"{path}/hand-over", data={"name": "Sam", "email": "sam@example.nl"})

    session.refresh(contact)
    assert (contact.name, contact.email) == ("Sam", "sam@example.nl")
    invitation = session.exec(select(Mail).where(Mail.recipient == "sam@example.nl")).one()
    assert (invitation.context["place"], invitation.context["name"]) == (world.bakery.name, "Sam")
    held = session.exec(
        select(Membership).where(
            Membership.organisation_id == world.bakery.id, Membership.role == Role.CONTACT
        )
    ).all()
    assert [row.account_id for row in held] == [contact.account_id]
    assert client.get(waiting).status_code == 404
    assert client.post(f"{waiting}/yes").status_code == 404
    assert "Your colleague takes over" in client.get(path).text
    run_out(begin)
    asked = session.exec(select(Mail).where(Mail.template == "placements/mails/host_question")).all()
    assert {mail.recipient for mail in asked} == {"els@example.nl", "sam@example.nl"}
    again = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    assert "May this youth come?" in client.get(again).text


def test_a_host_hands_over_what_somebody_else_decides(
    session: Session,
    world: World,
    client: Browser,
    settings: Settings,
    begin: Begin,
    place: Place,
    contact: ContactPerson,
) -> None:
    run_out(begin)
    about_contact = question_of(session, QuestionKind.CONTACT_HOLDS)
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    run_out(begin)
    path = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    client.as_guest()
    assert "Somebody else decides" in client.get(path).text
    own = client.post(f"{path}/hand-over", data={"name": "Els", "email": "Els@example.nl"})
    assert own.status_code == 422
    assert "This is your own address" in own.text

    answer = client.post(f"{path}/hand-over", data={"name": "Sam", "email": "sam@example.nl"})

    assert "Your colleague takes over" in client.get(answer.headers["location"]).text
    run_out(begin)
    asked = session.exec(
        select(Mail)
        .where(Mail.template == "placements/mails/host_question")
        .order_by(col(Mail.created_at).desc())
    ).first()
    assert asked is not None
    assert asked.recipient == "sam@example.nl"
    session.refresh(about_contact)
    assert about_contact.answer is AnswerCode.HANDED_OVER
    again = asked.context["path"]
    assert "May this youth come?" in client.get(again).text
    client.post(f"{path}/yes", data={})
    session.refresh(placement)
    before = placement.status

    client.post(f"{again}/yes", data={"company_supervisor": "Sam"})

    session.refresh(placement)
    assert (before, placement.status) == (PlacementStatus.ACCEPTED, PlacementStatus.CONFIRMED)
    former = client.get(path).text
    assert "Your colleague takes over" in former
    for secret in ("calendar.ics", "Noor", world.bakery_offer.title):
        assert secret not in former
    assert client.get(f"{path}/calendar.ics").status_code == 404
    assert habits_of(session, [world.bakery.id])[world.bakery.id].asked == 1


def test_a_contact_who_was_replaced_holds_dead_links(
    session: Session, world: World, client: Browser, settings: Settings, place: Place, contact: ContactPerson
) -> None:
    """Also when somebody else wrote the new name on the page of the organisation."""
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    path = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    assert client.as_guest().get(path).status_code == 200
    contact.email = "sam@example.nl"
    session.add(contact)
    session.commit()

    assert client.get(path).status_code == 404


def test_who_was_replaced_reads_only_that_it_was_answered(
    session: Session, world: World, client: Browser, settings: Settings, place: Place, contact: ContactPerson
) -> None:
    """Not what, nor the days, nor a file for the calendar: his successor's youths are not his business."""
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    before = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    contact.email = "sam@example.nl"
    session.add(contact)
    session.commit()
    after = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    client.as_guest().post(f"{after}/yes", data={})

    own, former = client.get(after), client.get(before)

    assert (own.status_code, former.status_code) == (200, 200)
    assert world.bakery_offer.title in own.text
    assert "calendar.ics" in own.text
    assert client.get(f"{after}/calendar.ics").status_code == 200
    assert "This was answered already" in former.text
    for secret in (world.bakery_offer.title, world.bakery.name, "calendar.ics", "Noted on"):
        assert secret not in former.text
    assert client.get(f"{before}/calendar.ics").status_code == 404
    assert client.get(client.post(f"{before}/yes", data={}).headers["location"]).text == former.text


def test_a_closed_account_answers_nothing_by_mail(
    session: Session,
    world: World,
    client: Browser,
    settings: Settings,
    begin: Begin,
    place: Place,
    contact: ContactPerson,
) -> None:
    """An administrator closed it: its links stop as its sessions do, and no mail tells it of youths."""
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    path = link_of(session, settings, question_of(session, QuestionKind.HOST_ANSWER))
    assert contact.account_id is not None
    session.get_one(Account, contact.account_id).is_active = False
    session.commit()

    assert client.as_guest().get(path).status_code == 404
    assert client.post(f"{path}/yes", data={}).status_code == 404
    run_out(begin)
    assert templates(session) == []
    session.refresh(placement)
    assert placement.status is PlacementStatus.ACCEPTED


@pytest.fixture
def soon(session: Session, world: World, place: Place) -> Placement:
    first = clock.today() + timedelta(days=10)
    return place(PlacementStatus.CONFIRMED, starts_on=first, ends_on=first)


def test_a_school_hears_once_of_all_papers(
    session: Session,
    world: World,
    client: Browser,
    settings: Settings,
    begin: Begin,
    place: Place,
    soon: Placement,
) -> None:
    place(PlacementStatus.CONFIRMED, youth=world.yassin, starts_on=soon.starts_on, ends_on=soon.ends_on)
    session.commit()
    run_out(begin)
    assert templates(session) == ["school_papers"]
    path = link_of(session, settings, question_of(session, QuestionKind.SCHOOL_PAPERS))
    shown = client.as_guest().get(path).text
    assert "2 placements start within three weeks" in shown
    assert "Noor" not in shown

    client.post(f"{path}/done")

    assert question_of(session, QuestionKind.SCHOOL_PAPERS).answer is AnswerCode.YES
    run_out(begin)
    assert templates(session) == ["school_papers"]


def test_a_school_hands_over_to_its_own(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, soon: Placement
) -> None:
    session.commit()
    run_out(begin)
    path = link_of(session, settings, question_of(session, QuestionKind.SCHOOL_PAPERS))
    client.as_guest()
    assert "Marieke" in client.get(path).text
    stranger = {"account_id": str(world.accounts["ans"].id)}
    assert client.post(f"{path}/hand-over", data=stranger).status_code == 422

    answer = client.post(f"{path}/hand-over", data={"account_id": str(world.accounts["marieke"].id)})

    said = client.get(answer.headers["location"])
    assert (said.status_code, "Your colleague gets a mail" in said.text) == (200, True)
    assert client.get(path).status_code == 404
    run_out(begin)
    last = session.exec(
        select(Mail).where(Mail.template == "placements/mails/school_papers").order_by(col(Mail.key).desc())
    ).first()
    assert last is not None
    assert last.recipient == "marieke@example.nl"


def test_who_takes_over_has_the_same_time_before_a_reminder(
    session: Session, world: World, client: Browser, settings: Settings, begin: Begin, soon: Placement
) -> None:
    """Counted from when he was asked himself, not from when his colleague was."""
    session.commit()
    run_out(begin)
    first = question_of(session, QuestionKind.SCHOOL_PAPERS)
    with time_machine.travel(first.due_at or clock.now(), tick=False):
        run_out(begin)
    session.refresh(first)
    assert first.asked_at is not None
    with time_machine.travel(first.asked_at + timedelta(days=7), tick=False):
        path = link_of(session, settings, question_of(session, QuestionKind.SCHOOL_PAPERS))
        client.as_guest().post(f"{path}/hand-over", data={"account_id": str(world.accounts["marieke"].id)})
        run_out(begin)
        question = question_of(session, QuestionKind.SCHOOL_PAPERS)
        assert question.due_at is not None
        assert question.due_at - clock.now() > timedelta(days=2)


def test_a_school_is_reminded_later(
    session: Session, client: Browser, settings: Settings, begin: Begin, soon: Placement
) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=UTC), tick=False):
        soon.starts_on = soon.ends_on = date(2026, 12, 7)
        session.add(soon)
        session.commit()
        run_out(begin)
        path = link_of(session, settings, question_of(session, QuestionKind.SCHOOL_PAPERS))
        client.as_guest().post(f"{path}/later")
        due = question_of(session, QuestionKind.SCHOOL_PAPERS).due_at
        assert due is not None
        assert due.date() == date(2026, 11, 25)


def test_what_starts_much_later_is_not_asked_yet(session: Session, begin: Begin, place: Place) -> None:
    first = clock.today() + timedelta(days=40)
    place(PlacementStatus.CONFIRMED, starts_on=first, ends_on=first)
    session.commit()

    run_out(begin)

    assert templates(session) == []


def test_one_question_about_details_at_a_time(
    session: Session, stale: World, client: Browser, settings: Settings, begin: Begin, contact: ContactPerson
) -> None:
    """Offer and contact person are both due: the second is asked when the first is answered."""
    run_out(begin)
    assert templates(session) == ["contact_holds"]
    path = link_of(session, settings, question_of(session, QuestionKind.CONTACT_HOLDS))
    client.as_guest().post(f"{path}/yes")

    run_out(begin)

    assert templates(session) == ["contact_holds", "offer_holds"]


def test_one_person_of_two_hosts_is_one_reader(
    session: Session, stale: World, begin: Begin, contact: ContactPerson
) -> None:
    garage = make.make_organisation(session)
    make.make_offer(session, garage, confirmed_at=clock.now() - LONG_AGO)
    for person in session.exec(select(ContactPerson).where(ContactPerson.organisation_id == garage.id)):
        person.email = contact.email.upper()
        session.add(person)
    session.commit()

    run_out(begin)

    assert templates(session) == ["contact_holds"]


def test_a_question_nobody_answers_does_not_hold_the_next_for_ever(
    session: Session, stale: World, begin: Begin, contact: ContactPerson
) -> None:
    run_out(begin)
    with time_machine.travel(clock.now() + timedelta(days=35), tick=False):
        run_out(begin)

    assert set(templates(session)) == {"contact_holds", "offer_holds"}


def test_nothing_about_details_while_a_youth_waits(
    session: Session, stale: World, begin: Begin, place: Place
) -> None:
    placement = place()
    actions.accept_placement(session, stale.noor_herself, placement.id)
    session.commit()
    run_out(begin)
    assert templates(session) == ["host_question"]

    actions.confirm_placement(session, stale.baker, placement.id, HostConfirmInput())
    session.commit()
    run_out(begin)

    assert templates(session) == ["host_question", "offer_holds"]


def test_a_reminder_about_details_waits_for_the_youth_too(
    session: Session, stale: World, begin: Begin, place: Place
) -> None:
    run_out(begin)
    placement = place()
    actions.accept_placement(session, stale.noor_herself, placement.id)
    session.commit()
    reminder = question_of(session, QuestionKind.OFFER_HOLDS).due_at
    assert reminder is not None
    with time_machine.travel(reminder, tick=False):
        run_out(begin)
        assert templates(session).count("offer_holds") == 1
        put_off = question_of(session, QuestionKind.OFFER_HOLDS).due_at
        assert put_off is not None
        assert put_off > reminder


def test_a_reminder_reads_as_one(
    session: Session, stale: World, settings: Settings, begin: Begin, contact: ContactPerson
) -> None:
    run_out(begin)
    due = question_of(session, QuestionKind.CONTACT_HOLDS).due_at
    with time_machine.travel(due or clock.now(), tick=False):
        run_out(begin)
    first, again = (
        render(mail, settings)
        for mail in session.exec(
            select(Mail).where(Mail.template == "placements/mails/contact_holds").order_by(col(Mail.key))
        )
    )

    assert again["subject"].startswith("Herinnering: ")
    assert first["subject"] != again["subject"]
    for kind in ("plain", "html"):
        texts = [part.get_content() for part in (one.get_body((kind,)) for one in (first, again)) if part]
        assert ["We vroegen dit eerder" in text for text in texts] == [False, True]


def test_papers_that_are_there_are_not_asked_for(
    session: Session, client: Browser, settings: Settings, begin: Begin, soon: Placement
) -> None:
    session.commit()
    run_out(begin)
    mail = session.exec(select(Mail).where(Mail.template == "placements/mails/school_papers")).one()
    body = render(mail, settings).get_body(("plain",))
    assert body is not None
    assert ".Zeg dat" not in body.get_content()
    path = link_of(session, settings, question_of(session, QuestionKind.SCHOOL_PAPERS))
    assert f'action="{path}/done"' in client.as_guest().get(path).text
    soon.status = PlacementStatus.AGREED
    session.add(soon)
    session.commit()

    shown = client.get(path).text

    assert "lacks a paper any more" in shown
    assert '<form method="post" action="/answer' not in shown
