"""One thing of every sort, and requests that leave no trace, for tests that go past everything there is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Connection
from sqlmodel import Session

from service.accounts import magic_link
from service.accounts.models import ApiToken, Role, SignInSession
from service.calendars.models import FreePeriod
from service.core import clock
from service.core.settings import Settings
from service.digests.actions import unsubscribe_token
from service.digests.models import Digest, DigestStatus, Subscription
from service.insights.models import Analysis, AnalysisStatus, Bottleneck, BottleneckYouth, Scope
from service.mail.addresses import leaving_path
from service.mail.models import Mail, MailStatus, Stream, Suppression, SuppressionReason
from service.mail.transport import file_of
from service.matchmaking.models import PairQuestion, SuggestionStatus
from service.offers.models import OfferStatus
from service.organisations.models import Location
from service.placements.calendars import make_feed
from service.placements.links import PATHS, token_of
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.placements.queries import contact_of
from service.placements.questions import ask
from service.placements.readers import address_of
from service.reference.models import UnknownWord
from service.youth.codes import personal_code
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

CLASS_LIST = (
    "external_id;first_name;class;track_or_crebo;year_or_level;birth_year_month\nN1;Mo;3B;KB;3;2011-04"
)
Undone = Callable[[], AbstractContextManager[None]]
REASON = {"code": "talents_shared", "facts": {"tags": ["home_cooking"]}}


@pytest.fixture
def things(session: Session, world: World, settings: Settings) -> dict[str, str]:
    """One thing of each sort, none of them of a stranger."""
    secret = settings.secret_key.get_secret_value()
    marieke = world.accounts["marieke"]
    draft = make.make_offer(session, world.bakery, title="Nog niet klaar", status=OfferStatus.DRAFT)
    request = make.make_school_request(session, world.programme, world.school_class)
    numbers = {"seekers": 1, "seekers_with_suggestion": 1, "suggestions": 2, "offers": 2}
    run = make.make_run(session, world.programme, school_request_id=request.id, numbers=numbers)
    suggestion = make.make_suggestion(session, run, world.noor, world.bakery_offer, reasons=[REASON])
    other = make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2, reasons=[REASON])
    earlier = make.make_run(session, world.programme)
    approved = make.make_suggestion(
        session, earlier, world.noor, world.bakery_offer, status=SuggestionStatus.APPROVED
    )
    placement = make.make_placement(session, approved, world.bakery_offer, status=PlacementStatus.ACCEPTED)
    offer = make.make_offer(session, world.bakery)
    offered = make.make_suggestion(session, earlier, world.noor, offer, status=SuggestionStatus.APPROVED)
    answer_tokens = {
        f"{PATHS[question.kind]}_answer_token": token_of(secret, question, address_of(session, question))
        for question in asked(session, placement, make.make_placement(session, offered, offer))
    }
    _link, token = magic_link.new_link(
        session, marieke.id, browser=None, good_for=timedelta(hours=1), next_path="/"
    )
    membership = make.make_membership(
        session, world.accounts["kees"], Role.MENTOR, class_id=world.school_class.id
    )
    question = PairQuestion(
        programme_id=world.programme.id, youth_id=world.noor.id, offer_id=world.bakery_offer.id
    )
    session.add(question)
    subscription = Subscription(account_id=marieke.id, school_id=world.school.id)
    signed_in = SignInSession(
        token_hash="s" * 64,
        account_id=marieke.id,
        seen_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
    )
    api_token = ApiToken(
        account_id=marieke.id, name="Rooster", token_hash="t" * 64, expires_at=clock.now() + timedelta(days=1)
    )
    mail = Mail(
        key="walk",
        message_id="walk",
        stream=Stream.NOTICE,
        template="offers/mails/published",
        recipient=marieke.email,
        context={"title": "Meelopen"},
        status=MailStatus.FAILED,
        due_at=None,
        last_error="HardBounce 5.1.1",
    )
    suppression = Suppression(
        address_hash="a" * 64, stream=Stream.NOTICE, reason=SuppressionReason.HARD_BOUNCE
    )
    stream, reader, proof = leaving_path(secret, Stream.NOTICE, marieke.email).split("/")
    analysis = Analysis(
        programme_id=world.programme.id,
        status=AnalysisStatus.DONE,
        due_at=None,
        computed_at=clock.now(),
        run_finished_at=clock.now(),
    )
    session.add(analysis)
    session.flush()
    bottleneck = Bottleneck(
        analysis_id=analysis.id,
        scope=Scope.WISH,
        number=1,
        seekers=1,
        offers=0,
        positions=0,
        shortage=1,
        sectors=[["ZORG", 1]],
        pc4s=[["1068", 1]],
    )
    session.add(bottleneck)
    session.flush()
    session.add(BottleneckYouth(bottleneck_id=bottleneck.id, youth_id=world.noor.id))
    location = Location(organisation_id=world.bakery.id, pc4="1069", place="Amsterdam")
    day = date(2026, 11, 4)
    period = FreePeriod(school_id=world.school.id, name="Studiedag", starts_on=day, ends_on=day)
    session.add(period)
    today = clock.today()
    word = UnknownWord(word="blorpen", language="nl", days=5, first_on=today, last_on=today)
    session.add_all([subscription, signed_in, api_token, mail, suppression, location, word])
    session.flush()
    digest = Digest(
        key="walk",
        subscription_id=subscription.id,
        school_id=world.school.id,
        period="2026-W40",
        status=DigestStatus.SENT,
        until=clock.now(),
        content={"sections": []},
    )
    session.add(digest)
    session.commit()
    written = file_of(settings, mail.message_id)
    written.parent.mkdir(parents=True)
    written.write_bytes(b"Subject: Sign in\n\nHello")
    return {
        "programme_id": str(world.programme.id),
        "status": "matching",
        "school_id": str(world.school.id),
        "class_id": str(world.school_class.id),
        "class_code": world.school_class.code,
        "personal_code": personal_code(secret, world.noor),
        "rows": CLASS_LIST,
        "youth_id": str(world.noor.id),
        "wish": "HORECA",
        "step": "safety",
        "request_id": str(request.id),
        "question_id": str(question.id),
        "run_id": str(run.id),
        "suggestion_id": str(suggestion.id),
        "other_suggestion_id": str(other.id),
        "placement_id": str(placement.id),
        "organisation_id": str(world.bakery.id),
        "location_id": str(location.id),
        "offer_id": str(draft.id),
        "digest_id": str(digest.id),
        "bottleneck_id": str(bottleneck.id),
        "format": "csv",
        "mail_id": str(mail.id),
        "period_id": str(period.id),
        "suppression_id": str(suppression.id),
        "word_id": str(word.id),
        "stream": stream,
        "reader": reader,
        "proof": proof,
        "account_id": str(world.accounts["kees"].id),
        "membership_id": str(membership.id),
        "session_id": str(signed_in.id),
        "token_id": str(api_token.id),
        "sign_in_token": token,
        "unsubscribe_token": unsubscribe_token(secret, subscription.id),
        "staff_id": str(marieke.id),
        "calendar_token": make_feed(session, world.noor_herself),
        **answer_tokens,
    }


def asked(session: Session, accepted: Placement, offered: Placement) -> Iterator[Question]:
    """A question of each kind that is answered by link."""
    for placement in (accepted, offered):
        yield ask(session, placement)
    people = {
        school: contact_of(session, school) for school in (accepted.school_id, accepted.organisation_id)
    }
    for kind, asked_one in (
        (QuestionKind.OFFER_HOLDS, accepted.organisation_id),
        (QuestionKind.CONTACT_HOLDS, accepted.organisation_id),
        (QuestionKind.SCHOOL_PAPERS, accepted.school_id),
        (QuestionKind.OTHER_DAYS, accepted.school_id),
    ):
        person = people[asked_one]
        assert person is not None
        question = Question(
            kind=kind, organisation_id=asked_one, offer_id=accepted.offer_id, contact_id=person.id
        )
        if kind is QuestionKind.OTHER_DAYS:
            question.placement_id = accepted.id
        session.add(question)
        session.flush()
        yield question


@pytest.fixture
def undone(session: Session, connection: Connection, client: Browser) -> Undone:
    """What happens inside has not happened afterwards, so that every request meets the same things."""

    @contextmanager
    def undo() -> Iterator[None]:
        session.commit()
        before = connection.begin_nested()
        try:
            yield
        finally:
            session.rollback()
            before.rollback()
            session.expire_all()
            client.cookies.clear()

    return undo
