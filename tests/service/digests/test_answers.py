"""A host answers straight from its overview: the links of the questions stand in the mail, and only there."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.core import clock
from service.core.jobs import Begin, drain
from service.digests import actions, jobs
from service.digests.models import Audience, Digest, SkipReason, Subscription
from service.mail.models import Mail, MailStatus
from service.mail.reading import Letter, read_as_sent
from service.mail.retention import forget_texts
from service.matchmaking.models import SuggestionStatus
from service.organisations.models import ContactPerson
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.placements.questions import ask
from tests import factories as make
from tests.conftest import Browser
from tests.service.digests.conftest import SUNDAY, propose
from tests.world import World

LINK = re.compile(r"(/answer/(host|offer)/\S+)")


@pytest.fixture
def els_reads(session: Session, world: World) -> Subscription:
    """The baker, who is the contact person too, so that questions go to her."""
    contact = session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == world.bakery.id)
    ).one()
    contact.email = "Els@example.nl"
    els = world.accounts["els"]
    row = actions.create_default_subscription(session, els.id, world.bakery.id, Audience.HOST)
    session.commit()
    return row


def place(session: Session, world: World, status: PlacementStatus, **changes: Any) -> Placement:
    suggestion = propose(session, world)
    suggestion.status = SuggestionStatus.APPROVED
    placement = make.make_placement(session, suggestion, world.bakery_offer, status=status, **changes)
    if status is PlacementStatus.ACCEPTED:
        ask(session, placement)
    session.commit()
    return placement


def ask_whether_it_holds(session: Session, world: World) -> Question:
    world.bakery_offer.confirmed_at = SUNDAY - timedelta(days=300)
    question = Question(
        kind=QuestionKind.OFFER_HOLDS,
        organisation_id=world.bakery.id,
        offer_id=world.bakery_offer.id,
        asked_at=SUNDAY - timedelta(days=1),
    )
    session.add(question)
    session.commit()
    return question


def told(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> Letter | None:
    assert subscription.due_at is not None
    clock_at.move_to(subscription.due_at)
    drain(jobs.JOBS[0], begin)
    session.refresh(subscription)
    mail = session.exec(select(Mail).order_by(col(Mail.created_at).desc())).first()
    return read_as_sent(begin.settings, mail) if mail is not None else None


def test_it_works(
    client: Browser,
    session: Session,
    begin: Begin,
    world: World,
    els_reads: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    first = place(session, world, PlacementStatus.ACCEPTED, starts_on=date(2027, 2, 2))
    second = place(session, world, PlacementStatus.ACCEPTED)
    letter = told(session, begin, els_reads, clock_at)
    assert letter is not None
    assert f"{world.bakery_offer.title}, Sloterwaard College, dinsdag 2 februari 2027" in letter.text
    paths = [path for path, _kind in LINK.findall(letter.text)]
    assert len(paths) == 2
    client.as_guest()
    assert "Noor" in client.get(paths[0]).text, "behind the link it says who comes, as behind the question's"
    session.refresh(first)
    assert first.status is PlacementStatus.ACCEPTED, "looking changes nothing"
    (path_of_first,) = [path for path in paths if "Tuesday" in client.get(path).text]
    client.post(f"{path_of_first}/yes")
    session.refresh(first)
    session.refresh(second)
    assert (first.status, second.status) == (PlacementStatus.CONFIRMED, PlacementStatus.ACCEPTED)
    assert "/placements?status=accepted" not in letter.text, "everything can be answered without signing in"


def test_an_offer_is_confirmed_from_it(
    client: Browser,
    session: Session,
    begin: Begin,
    world: World,
    els_reads: Subscription,
    clock_at: time_machine.Traveller,
) -> None:
    ask_whether_it_holds(session, world)
    place(session, world, PlacementStatus.CONFIRMED, starts_on=date(2027, 1, 20))
    letter = told(session, begin, els_reads, clock_at)
    assert letter is not None
    ((path, kind),) = LINK.findall(letter.text)
    assert kind == "offer"
    assert letter.text.splitlines()[0] == "Zeg of je aanbod nog klopt."
    client.as_guest().post(f"{path}/yes")
    session.refresh(world.bakery_offer)
    assert world.bakery_offer.confirmed_at == clock.now()


def test_a_question_with_its_own_reminders_is_no_reason_for_one_more_mail(
    session: Session, begin: Begin, world: World, els_reads: Subscription, clock_at: time_machine.Traveller
) -> None:
    ask_whether_it_holds(session, world)
    assert told(session, begin, els_reads, clock_at) is None
    assert session.exec(select(Digest)).one().skip_reason is SkipReason.NOTHING_TO_TELL


def test_what_a_colleague_is_asked_is_his_to_answer(
    session: Session, begin: Begin, world: World, els_reads: Subscription, clock_at: time_machine.Traveller
) -> None:
    contact = session.exec(
        select(ContactPerson).where(ContactPerson.organisation_id == world.bakery.id)
    ).one()
    contact.email = "karim@example.nl"
    place(session, world, PlacementStatus.ACCEPTED)
    letter = told(session, begin, els_reads, clock_at)
    assert letter is not None
    assert "/answer/" not in letter.text
    assert "/placements?status=accepted" in letter.text


def test_who_proposed_other_days_is_not_asked_again(
    session: Session, begin: Begin, world: World, els_reads: Subscription, clock_at: time_machine.Traveller
) -> None:
    other = {"other_starts_on": date(2027, 3, 1), "other_ends_on": date(2027, 3, 2)}
    place(session, world, PlacementStatus.ACCEPTED, **other)
    assert told(session, begin, els_reads, clock_at) is None


def test_a_link_is_kept_no_longer_than_the_text_of_mail(
    session: Session, begin: Begin, world: World, els_reads: Subscription, clock_at: time_machine.Traveller
) -> None:
    place(session, world, PlacementStatus.ACCEPTED)
    told(session, begin, els_reads, clock_at)
    (mail,) = session.exec(select(Mail)).all()
    assert "/answer/host/" in str(mail.context)
    assert "/answer/" not in str(session.exec(select(Digest)).one().content)
    mail.status = MailStatus.SENT
    session.commit()
    assert forget_texts(session, clock.now() + timedelta(days=31)) == 1
    session.refresh(mail)
    assert mail.context == {}


SIGN_IN = "Hiervoor log je in: zonder wachtwoord, met een link die je per mail krijgt."


def test_a_link_that_needs_a_sign_in_says_so_once(
    session: Session, begin: Begin, world: World, els_reads: Subscription, clock_at: time_machine.Traveller
) -> None:
    soon = clock.today() + timedelta(days=9)
    place(session, world, PlacementStatus.CONFIRMED, starts_on=soon, host_answered_at=clock.now())
    place(session, world, PlacementStatus.COMPLETED, ended_at=clock.now() + timedelta(minutes=1))
    letter = told(session, begin, els_reads, clock_at)
    assert letter is not None
    link, _path, after = letter.text.partition("/placements?status=soon\r\n")
    assert link
    assert after.startswith(SIGN_IN)
    assert "/placements?status=completed" in after
    assert letter.text.count(SIGN_IN) == 1


def test_what_is_answered_by_a_link_needs_none(
    session: Session, begin: Begin, world: World, els_reads: Subscription, clock_at: time_machine.Traveller
) -> None:
    place(session, world, PlacementStatus.ACCEPTED)
    letter = told(session, begin, els_reads, clock_at)
    assert letter is not None
    assert SIGN_IN not in letter.text
