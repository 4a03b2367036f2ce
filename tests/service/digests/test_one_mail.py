"""Who is told of several places at one moment gets one mail, and each place is still told once per period."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlmodel import Session, col, select

from service.accounts.models import Role
from service.audit.models import AuditEntry
from service.calendars.models import FreePeriod
from service.core.actor import Actor
from service.core.jobs import Begin, drain
from service.core.tokens import sign
from service.digests import actions, jobs
from service.digests.models import Audience, Digest, DigestStatus, Rhythm, Subscription
from service.digests.schemas import SubscriptionInput
from service.digests.sections import INVITE, Section, Span
from service.mail.models import Mail, MailStatus
from service.mail.reading import read_as_sent
from service.programmes.models import Programme
from tests import factories as make
from tests.conftest import Browser
from tests.service.digests.conftest import MONDAY, propose
from tests.world import World

BUILD = jobs.JOBS[0]
LONGEST_TOKEN = 200
A_WEEK = timedelta(days=7)


@pytest.fixture
def programmes(session: Session, world: World) -> Sequence[Programme]:
    """Four seasons of Farida, each with a request that nobody has taken up; subscribed as everybody is."""
    others = [make.make_programme(session, name=f"Regio {letter}") for letter in "ABC"]
    for programme in others:
        make.make_membership(session, world.accounts["farida"], Role.COORDINATOR, programme_id=programme.id)
    programmes = [world.programme, *others]
    for programme in programmes:
        make.make_school_request(session, programme, world.school_class)
        actions.create_default_subscription(
            session, world.accounts["farida"].id, programme.id, Audience.PROGRAMME
        )
    session.commit()
    return programmes


@pytest.fixture
def farida(world: World, programmes: Sequence[Programme]) -> Actor:
    return replace(world.coordinator, programme_ids=frozenset(one.id for one in programmes))


def subscriptions(session: Session) -> Sequence[Subscription]:
    """By the name of the programme."""
    return session.exec(select(Subscription).join(Programme).order_by(col(Programme.name))).all()


def mails(session: Session) -> Sequence[Mail]:
    return session.exec(select(Mail).order_by(col(Mail.created_at))).all()


def tell(begin: Begin, clock_at: time_machine.Traveller, week: int = 0) -> None:
    clock_at.move_to(MONDAY + week * A_WEEK)
    drain(BUILD, begin)


@pytest.mark.usefixtures("programmes")
def test_it_works(session: Session, begin: Begin, world: World, clock_at: time_machine.Traveller) -> None:
    tell(begin, clock_at)
    (mail,) = mails(session)
    digests = session.exec(select(Digest)).all()
    assert len({row.key for row in digests}) == len(digests) == 4
    assert {row.mail_id for row in digests} == {mail.id}
    letter = read_as_sent(begin.settings, mail)
    assert letter.subject == "1 aanvraag staat open (On Stage Nieuw-West, en nog 3 overzichten)"
    lines = letter.text.splitlines()
    for name in ("On Stage Nieuw-West", "Regio A", "Regio B", "Regio C"):
        assert lines.count(f"Over {name}:") == 1, name
    assert letter.text.count("- 1 aanvraag staat open.") == 4
    assert "On Stage Nieuw-West, Regio A, Regio B en Regio C coördineert." in letter.text
    assert letter.text.count("Dit is nieuw sinds zondag 10 januari 2027, en dit wacht nog.") == 1


@pytest.mark.usefixtures("programmes")
def test_each_says_since_when_it_tells_unless_all_do(
    session: Session, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    subscriptions(session)[1].told_until = MONDAY - 2 * A_WEEK
    session.commit()
    tell(begin, clock_at)
    text = read_as_sent(begin.settings, mails(session)[0]).text
    assert text.count("Dit is nieuw sinds zondag 10 januari 2027, en dit wacht nog.") == 3
    assert text.count("Dit is nieuw sinds maandag 28 december 2026, en dit wacht nog.") == 1


def test_where_most_waits_comes_first_and_an_address_to_send_on_once(
    session: Session,
    begin: Begin,
    world: World,
    programmes: Sequence[Programme],
    clock_at: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = {programmes[1].id: 11, programmes[2].id: 389, programmes[3].id: 24}
    missing = Section("recruits", {"positions": 500}, "/bottlenecks", INVITE)

    def told(_session: Session, span: Span, _muted: object) -> list[Section]:
        if span.place_id not in waiting:
            return [Section("decisions", {"approved": 700}, "/placements")]
        return [Section("to_decide", {"youths": waiting[span.place_id]}, "/desk"), missing]

    monkeypatch.setattr(actions, "sections_of", told)
    tell(begin, clock_at)
    letter = read_as_sent(begin.settings, mails(session)[0])
    assert letter.subject == ("Voor 389 leerlingen wacht een voorstel op jou (Regio B, en nog 3 overzichten)")
    order = [line[5:-1] for line in letter.text.splitlines() if line.startswith("Over ")]
    assert order == ["Regio B", "Regio C", "Regio A", "On Stage Nieuw-West"]
    assert letter.text.count(INVITE) == 1


@pytest.mark.usefixtures("programmes")
def test_each_week_each_place_is_told_once(
    session: Session, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    for week in range(3):
        tell(begin, clock_at, week)
        drain(BUILD, begin)
        jobs.build_digests(begin)
    told = session.exec(select(Digest.subscription_id, Digest.period)).all()
    assert len(set(told)) == len(told) == 12
    assert len(mails(session)) == 3


@pytest.mark.usefixtures("programmes")
def test_another_moment_or_rhythm_has_a_mail_of_its_own(
    session: Session, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    first, second, *_others = subscriptions(session)
    first.rhythm = Rhythm.MONTHLY
    first.due_at = MONDAY
    second.due_at = MONDAY + timedelta(hours=1)
    session.commit()
    tell(begin, clock_at)
    assert len(mails(session)) == 2
    clock_at.move_to(MONDAY + timedelta(hours=1))
    drain(BUILD, begin)
    assert len(mails(session)) == 3


@pytest.mark.usefixtures("programmes")
def test_what_has_nothing_to_tell_is_not_in_it(
    session: Session, begin: Begin, clock_at: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = subscriptions(session)[1].programme_id
    section = Section("requests", {"requests": 1}, "/school-requests")
    monkeypatch.setattr(
        actions, "sections_of", lambda _session, span, _muted: [section] if span.place_id == only else []
    )
    tell(begin, clock_at)
    (mail,) = mails(session)
    assert read_as_sent(begin.settings, mail).subject == "1 aanvraag staat open (Regio A)"
    statuses = [row.status for row in session.exec(select(Digest))]
    assert sorted(statuses) == [DigestStatus.BUILT, *[DigestStatus.SKIPPED] * 3]


def test_a_mail_tells_of_at_most_five_places(
    session: Session,
    begin: Begin,
    world: World,
    programmes: Sequence[Programme],
    clock_at: time_machine.Traveller,
) -> None:
    """And who has more subscriptions than a worker takes at a time gets no mail of his own for each."""
    for number in range(26):
        programme = make.make_programme(session, name=f"Zomer {number:02}")
        make.make_membership(session, world.accounts["farida"], Role.COORDINATOR, programme_id=programme.id)
        make.make_school_request(session, programme, world.school_class)
        actions.create_default_subscription(
            session, world.accounts["farida"].id, programme.id, Audience.PROGRAMME
        )
    session.commit()
    tell(begin, clock_at)
    assert len(session.exec(select(Digest)).all()) == 30
    assert len(mails(session)) == 6


def test_of_a_school_and_a_programme_the_free_day_counts_apart(
    session: Session, begin: Begin, world: World, subscription: Subscription, clock_at: time_machine.Traveller
) -> None:
    """Marieke coordinates too: her school is closed on Monday, the programme is not."""
    make.make_membership(
        session, world.accounts["marieke"], Role.COORDINATOR, programme_id=world.programme.id
    )
    actions.create_default_subscription(
        session, world.accounts["marieke"].id, world.programme.id, Audience.PROGRAMME
    )
    monday = date(2027, 1, 11)
    session.add(FreePeriod(school_id=world.school.id, name="Studiedag", starts_on=monday, ends_on=monday))
    propose(session, world)
    tell(begin, clock_at)
    assert len(mails(session)) == 1
    clock_at.move_to(MONDAY + timedelta(days=1))
    drain(BUILD, begin)
    assert len(mails(session)) == 2
    tell(begin, clock_at, 1)
    assert len(mails(session)) == 3, "the week after both come in one"


def test_one_fault_does_not_keep_the_others(
    session: Session,
    begin: Begin,
    programmes: Sequence[Programme],
    clock_at: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails_for_one(_session: Session, span: Span, _muted: object) -> list[Section]:
        if span.place_id == programmes[2].id:
            raise RuntimeError
        return [Section("requests", {"requests": 1}, "/school-requests")]

    monkeypatch.setattr(actions, "sections_of", fails_for_one)
    tell(begin, clock_at)
    assert len(session.exec(select(Digest)).all()) == len(mails(session)) == 3


@pytest.mark.usefixtures("programmes")
def test_one_click_stops_what_the_mail_told_of(
    client: Browser, session: Session, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    subscriptions(session)[3].due_at = MONDAY + timedelta(hours=1)
    session.commit()
    tell(begin, clock_at)
    (mail,) = mails(session)
    address = f"/unsubscribe/{mail.unsubscribe_token}"
    page = client.as_guest().get(address).text
    assert page.count("Choose for this one only") == 3
    assert {row.is_active for row in subscriptions(session)} == {True}, "looking changes nothing"
    client.post(f"{address}/rhythm", data={"rhythm": "monthly"})
    session.expire_all()
    assert [row.rhythm for row in subscriptions(session)] == [Rhythm.MONTHLY] * 3 + [Rhythm.WEEKLY]
    client.post(address, data={"List-Unsubscribe": "One-Click"})
    session.expire_all()
    assert [row.is_active for row in subscriptions(session)] == [False, False, False, True]
    assert "Start it again" in client.get(address).text
    client.post(f"{address}/back")
    session.expire_all()
    assert {row.is_active for row in subscriptions(session)} == {True}


@pytest.mark.usefixtures("programmes")
def test_from_its_page_one_of_them_stops(
    client: Browser, session: Session, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    tell(begin, clock_at)
    (mail,) = mails(session)
    secret = begin.settings.secret_key.get_secret_value()
    one = subscriptions(session)[1]
    alone = f"/unsubscribe/{actions.unsubscribe_token(secret, one.id)}"
    client.as_guest().post(alone)
    session.expire_all()
    assert [row.is_active for row in subscriptions(session)] == [True, False, True, True]
    page = client.get(f"/unsubscribe/{mail.unsubscribe_token}").text
    assert "Stopped" in page
    assert "Stop the overviews" in page


def test_a_token_of_five_fits_and_one_of_before_still_works(
    session: Session, begin: Begin, subscription: Subscription
) -> None:
    secret = begin.settings.secret_key.get_secret_value()
    numbers = random.Random(5)
    for _try in range(50):
        ids = [UUID(int=numbers.getrandbits(128), version=4) for _number in range(actions.MOST_IN_ONE)]
        assert len(actions.unsubscribe_token(secret, *ids)) <= LONGEST_TOKEN
    of_before = sign(secret, actions.UNSUBSCRIBE, subscription.id.hex)
    assert actions.list_by_token(session, secret, of_before) == [subscription]
    with_one_gone = actions.unsubscribe_token(secret, uuid4(), subscription.id)
    assert actions.list_by_token(session, secret, with_one_gone) == [subscription]


def test_the_preview_and_one_by_hand_are_the_same_mail(
    client: Browser, session: Session, begin: Begin, farida: Actor, programmes: Sequence[Programme]
) -> None:
    subscriptions(session)[3].due_at = MONDAY + timedelta(hours=1)
    session.commit()
    place = f"programme:{programmes[1].id}"
    page = client.acting_as(farida).get(f"/digests/preview?of={place}").text
    assert "It comes in one mail with the overview about On Stage Nieuw-West and Regio B." in page
    assert "Regio C" not in page
    of = {"audience": "programme", "place_id": str(programmes[1].id)}
    assert client.post("/digests/extra", data=of).status_code == 303
    (mail,) = mails(session)
    letter = read_as_sent(begin.settings, mail)
    assert letter.subject in page
    assert all(line[2:] in page for line in letter.text.splitlines() if line.startswith("- "))
    digests = session.exec(select(Digest)).all()
    assert [row.is_extra for row in digests] == [True] * 3
    assert {row.mail_id for row in digests} == {mail.id}
    noted = session.exec(select(AuditEntry).where(AuditEntry.action == "digest.sent_by_hand")).all()
    assert len(noted) == 3
    assert client.post("/digests/extra", data=of).status_code == 429


@pytest.mark.usefixtures("programmes")
def test_when_it_has_left_each_of_them_is_sent(
    session: Session, begin: Begin, clock_at: time_machine.Traveller
) -> None:
    tell(begin, clock_at)
    (mail,) = mails(session)
    mail.status = MailStatus.SENT
    session.commit()
    jobs.note_sent_digests(begin)
    session.expire_all()
    assert {row.status for row in session.exec(select(Digest))} == {DigestStatus.SENT}


def test_the_page_of_one_says_what_comes_with_it(
    client: Browser, session: Session, world: World, farida: Actor
) -> None:
    """It said that each had a mail of its own."""
    browser = client.acting_as(farida)
    first, *others = [
        actions.create_default_subscription(
            session, world.accounts["farida"].id, programme_id, Audience.PROGRAMME
        )
        for programme_id in sorted(farida.programme_ids)
    ]
    alone = SubscriptionInput(audience=Audience.PROGRAMME, place_id=others[0].place_id, weekday=3)
    actions.change_subscription(session, farida, alone)
    session.commit()

    def lead(row: Subscription) -> str:
        page = browser.get(f"/digests/subscription?of=programme:{row.place_id}").text
        return page.partition('<p class="lead">')[2].partition("</p>")[0]

    names = {row.id: session.get_one(Programme, row.programme_id).name for row in (first, *others)}
    told = lead(first)
    assert "in one mail with the overview about" in told
    assert [names[row.id] in told for row in others] == [False, True, True]
    assert lead(others[0]).startswith(f"You get one mail at a time about {names[others[0].id]}.")
