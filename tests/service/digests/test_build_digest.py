"""A digest: once per school and week, in one transaction, and none when there is nothing to tell."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.accounts.models import Membership, Role
from service.audit.models import AuditEntry
from service.core.jobs import Begin, claim, drain
from service.digests import actions, jobs
from service.digests.models import Audience, Digest, DigestStatus, SkipReason, Subscription, Topic
from service.digests.schemas import PlaceInput
from service.digests.sections import SECTIONS, Section
from service.mail.jobs import send_mail
from service.mail.models import Mail, MailStatus, Stream
from service.mail.outbox import letter
from service.mail.reading import read_as_sent, read_letter
from service.mail.rendering import render
from tests import factories as make
from tests.service.digests.conftest import MONDAY, leave_nothing_to_tell, propose
from tests.world import World

BUILD, NOTE = jobs.JOBS[:2]


def digests(session: Session) -> list[Digest]:
    return list(session.exec(select(Digest).order_by(col(Digest.until))))


def mails(session: Session) -> list[Mail]:
    return list(session.exec(select(Mail).order_by(col(Mail.created_at))))


def test_it_works(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    since = subscription.told_until
    clock_at.shift(timedelta(hours=1))
    propose(session, world)
    clock_at.move_to(MONDAY - timedelta(seconds=1))
    assert jobs.build_digests(begin) is False, "not before its moment"
    clock_at.move_to(MONDAY)
    assert drain(BUILD, begin) == 1
    (digest,) = digests(session)
    assert digest.key == f"school-{world.school.id}:{world.accounts['marieke'].id}:2027-W02"
    assert (digest.period, digest.status, digest.skip_reason) == ("2027-W02", DigestStatus.BUILT, None)
    assert digest.since == since
    assert [section["code"] for section in digest.content["sections"]] == [
        "nothing_yet",
        "proposals",
    ]
    (mail,) = mails(session)
    assert (mail.id, mail.recipient, mail.stream) == (digest.mail_id, "marieke@example.nl", Stream.DIGEST)
    session.refresh(subscription)
    assert subscription.due_at == MONDAY + timedelta(days=7)
    assert subscription.told_until == digest.until


def test_it_arrives_and_that_is_noted(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    propose(session, world)
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    assert drain(NOTE, begin) == 0
    send_mail(begin)
    assert drain(NOTE, begin) == 1
    (digest,) = digests(session)
    assert digest.status is DigestStatus.SENT
    (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "digest.sent")).all()
    assert (entry.object_id, entry.is_system, entry.facts) == (digest.id, True, {"period": "2027-W02"})
    arrived = read_letter(begin.settings, mails(session)[0])
    assert arrived is not None
    assert arrived.subject == "1 leerling heeft nog niets (Sloterwaard College)"
    assert arrived.text.splitlines()[:3] == [
        "Kijk wie nog niets heeft en bedenk een volgende stap.",
        "",
        "Overzicht van week 2 van 2027 voor Sloterwaard College",
    ]
    assert "- Voor 1 leerling wacht een voorstel op de coördinator." in arrived.text
    assert "- 1 leerling heeft nog niets." in arrived.text
    assert f"{begin.settings.base_url}/digests/{digest.id}" in arrived.text
    assert f"Bekijk wie dat zijn: {begin.settings.base_url}/youths-with-nothing" in arrived.text


def test_nobody_is_named(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    propose(session, world)
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    send_mail(begin)
    arrived = read_letter(begin.settings, mails(session)[0])
    assert arrived is not None
    parts = message_from_bytes(arrived.content, policy=default).walk()
    said = " ".join(part.get_content() for part in parts if part.get_content_maintype() == "text")
    # Links hold signed text of which any two letters may be somebody's class.
    said = re.sub(r"https://\S+", "", said)
    for private in (
        *("Noor", "Yassin", "Zonnebloem", world.bakery_offer.title, "L0", "3B"),
        str(world.noor.id),
        str(world.school_class.id),
    ):
        assert private not in said


def test_nothing_to_tell_is_no_mail_but_is_remembered(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    leave_nothing_to_tell(session, world)
    clock_at.move_to(MONDAY)
    assert drain(BUILD, begin) == 1
    (digest,) = digests(session)
    assert (digest.status, digest.skip_reason) == (DigestStatus.SKIPPED, SkipReason.NOTHING_TO_TELL)
    assert mails(session) == []
    session.refresh(subscription)
    assert subscription.due_at == MONDAY + timedelta(days=7)


def test_each_week_is_told_once(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    for week in range(3):
        clock_at.move_to(MONDAY + timedelta(days=7 * week))
        assert drain(BUILD, begin) == 1
    assert [row.period for row in digests(session)] == ["2027-W02", "2027-W03", "2027-W04"]
    assert len({mail.message_id for mail in mails(session)}) == 3


def test_weeks_without_a_worker_are_told_together(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    subscribed_at = subscription.told_until
    propose(session, world)
    wednesday = MONDAY + timedelta(days=16)
    clock_at.move_to(wednesday)
    assert drain(BUILD, begin) == 1
    (digest,) = digests(session)
    assert (digest.period, digest.since) == ("2027-W04", subscribed_at)
    session.refresh(subscription)
    assert subscription.due_at == MONDAY + timedelta(days=21)


def test_what_was_told_is_not_new_again(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    clock_at.shift(timedelta(hours=1))
    propose(session, world)
    for week in range(2):
        clock_at.move_to(MONDAY + timedelta(days=7 * week))
        drain(BUILD, begin)
    first, second = (row.content["sections"][1]["counts"] for row in digests(session))
    assert (first, second) == ({"youths": 1, "new": 1}, {"youths": 1})


def test_what_commits_late_is_told_next_time(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    """Its moment lies just before the digest's, but it was not there yet when the digest was counted."""
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    clock_at.move_to(MONDAY - timedelta(seconds=1))
    propose(session, world)
    clock_at.move_to(MONDAY + timedelta(days=7))
    drain(BUILD, begin)
    assert digests(session)[1].content["sections"][1]["counts"] == {"youths": 1, "new": 1}


def test_two_workers_build_it_once(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    clock_at.move_to(MONDAY)
    session.refresh(subscription)
    stale = Subscription(**subscription.model_dump())
    drain(BUILD, begin)
    with begin() as other:
        assert not claim(other, Subscription, stale, MONDAY + timedelta(days=7))
    assert len(digests(session)) == 1


def test_a_week_is_told_once_even_when_its_moment_comes_again(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    """As after a restored backup, or a hand in the database."""
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    subscription.due_at = MONDAY
    session.commit()
    assert drain(BUILD, begin) == 1
    assert len(digests(session)) == len(mails(session)) == 1


def test_who_left_the_school_is_not_told(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    account = world.accounts["marieke"]
    session.delete(session.exec(select(Membership).where(Membership.account_id == account.id)).one())
    session.commit()
    clock_at.move_to(MONDAY)
    assert drain(BUILD, begin) == 1
    assert digests(session) == []
    assert mails(session) == []
    session.refresh(subscription)
    assert (subscription.is_active, subscription.due_at) == (False, None)


def test_who_is_disabled_is_not_told(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    world.accounts["marieke"].is_active = False
    session.commit()
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    assert digests(session) == []
    assert mails(session) == []


def test_who_paused_is_not_told(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    actions.pause_subscription(session, world.teacher, PlaceInput(place_id=world.school.id))
    session.commit()
    clock_at.move_to(MONDAY)
    assert drain(BUILD, begin) == 0


def test_a_digest_that_never_arrives_is_not_called_sent(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    (mail,) = mails(session)
    mail.status = MailStatus.FAILED
    session.commit()
    assert drain(NOTE, begin) == 0
    assert digests(session)[0].status is DigestStatus.BUILT


def test_old_digests_are_forgotten_after_the_school_year(
    session: Session, begin: Begin, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    clock_at.shift(timedelta(days=399))
    assert jobs.forget_digests(begin) is False
    clock_at.shift(timedelta(days=2))
    assert jobs.forget_digests(begin) is True
    assert digests(session) == []


def test_colleagues_are_told_from_one_count(
    session: Session,
    begin: Begin,
    world: World,
    subscription: Subscription,
    clock_at: time_machine.Traveller,
    count_queries: Callable[[], Any],
) -> None:
    """Three more readers of the same school cost less than one of another place."""
    propose(session, world)
    for _number in range(3):
        account = make.make_account(session)
        make.make_membership(session, account, Role.SCHOOL_STAFF, organisation_id=world.school.id)
        actions.create_default_subscription(session, account.id, world.school.id)
    colleagues = [subscription.id, *session.exec(select(Subscription.id)).all()]
    session.commit()
    clock_at.move_to(MONDAY)
    counted: actions.Counted = {}
    asked = []
    for subscription_id in dict.fromkeys(colleagues):
        with begin() as building, count_queries() as queries:
            actions.build_digests(building, begin.settings, [subscription_id], MONDAY, counted)
            building.commit()
        asked.append(queries.number)
    assert len({str(row.content) for row in digests(session)}) == 1
    assert len(digests(session)) == 4
    assert max(asked[1:]) <= asked[0] - len(SECTIONS[Audience.SCHOOL])


def test_who_reads_less_is_not_told_what_a_colleague_is(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    propose(session, world)
    account = make.make_account(session)
    make.make_membership(session, account, Role.SCHOOL_STAFF, organisation_id=world.school.id)
    other = actions.create_default_subscription(session, account.id, world.school.id)
    other.muted = [Topic.NEWS]
    session.commit()
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    told = {
        row.subscription_id: [section["code"] for section in row.content["sections"]]
        for row in digests(session)
    }
    assert told == {subscription.id: ["nothing_yet", "proposals"], other.id: ["nothing_yet"]}


def test_what_was_queued_before_an_upgrade_still_goes(begin: Begin) -> None:
    """Its context has no point, no question and no links per section."""
    part = {"heading": "Voorstellen", "lines": ["3 voorstellen wachten."], "invite": ""}
    mail = letter(
        "digests/mails/overview",
        to="marieke@example.nl",
        key="of-before",
        stream=Stream.DIGEST,
        context={
            "place": "Sloterwaard College",
            "period": "week 2 van 2027",
            "since": None,
            "missed": "",
            "parts": [part],
            "because": "Je krijgt deze mail omdat je bij Sloterwaard College werkt.",
            "path": "/digests",
        },
    )
    told = read_as_sent(begin.settings, mail)
    assert told.subject == "Overzicht van week 2 van 2027 voor Sloterwaard College"
    assert told.text.splitlines()[0] == told.subject
    assert "- 3 voorstellen wachten." in told.text


def test_the_button_is_what_the_first_line_asks(
    session: Session,
    begin: Begin,
    world: World,
    clock_at: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also under something to celebrate, which stands above; with nothing to ask it is what stands first."""
    milestone, nothing = (
        Section("milestone", {"half": 12}, "/classes"),
        Section("nothing_yet", {"youths": 3}, "/desk"),
    )
    told = {world.school_class.id: [milestone, nothing], world.school.id: [milestone]}
    monkeypatch.setattr(actions, "sections_of", lambda _session, span, _muted: told[span.place_id])
    buttons = []
    for name, place, audience in (
        ("bilal", world.school_class, Audience.CLASS),
        ("marieke", world.school, Audience.SCHOOL),
    ):
        actions.create_default_subscription(session, world.accounts[name].id, place.id, audience)
    session.commit()
    clock_at.move_to(MONDAY)
    drain(BUILD, begin)
    for mail in session.exec(select(Mail).order_by(col(Mail.recipient))):
        html = render(mail, begin.settings).get_body(("html",))
        assert html is not None
        buttons.append(re.findall(r'<a class="button" href="([^"]+)"', html.get_content()))
    base = begin.settings.base_url.rstrip("/")
    assert buttons == [[f"{base}/desk"], [f"{base}/classes"]]
