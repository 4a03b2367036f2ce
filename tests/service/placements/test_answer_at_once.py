"""Answers at the same moment: exactly one has an effect, nobody waits for ever, the others are told."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service.accounts.models import Account
from service.audit.models import AuditEntry
from service.core import clock
from service.core.db import make_engine, transaction
from service.core.errors import Conflict, NotFound
from service.core.jobs import Begin
from service.core.settings import Settings
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.offers.models import Offer
from service.organisations.models import Organisation, OrganisationStatus
from service.organisations.schemas import ContactInput
from service.placements import actions, answering, links
from service.placements.jobs import expire_silence
from service.placements.lifecycle import FREES_POSITION
from service.placements.models import (
    AnswerCode,
    DeclineCode,
    Placement,
    PlacementStatus,
    Question,
    QuestionKind,
)
from service.placements.questions import ask
from service.placements.readers import address_of
from service.placements.schemas import ApprovalInput, HostConfirmInput, HostDeclineInput
from tests import factories as make
from tests.service.placements.test_keep_asking import contact_of
from tests.service.placements.test_last_position import approve_all, lay_ready
from tests.world import World, build_world

SECRET = "the secret of this test, long enough"
HANDS = 8
YES, NO = HostConfirmInput(), HostDeclineInput(decline_code=DeclineCode.TOO_BUSY)
Act = Callable[[Session], object]


@pytest.fixture
def engine(own_database: str) -> Iterator[Engine]:
    engine = make_engine(own_database)
    yield engine
    engine.dispose()


def at_once(engine: Engine, acts: Sequence[Act]) -> Counter[str]:
    """Each act in a transaction of its own, all let go together; what was said to whom came too late."""
    start = Barrier(len(acts))

    def press(act: Act) -> str:
        start.wait()
        try:
            with transaction(engine) as session:
                act(session)
        except (Conflict, NotFound) as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(press, acts))


class Asked:
    """Noor said yes at the bakery and the baker is asked; Yassin likewise, and the contact person as well."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with transaction(engine) as session:
            self.world = build_world(session)
            self.placement_id, self.token = self._ask(session, self.world.noor)
            self.other_id, self.other_token = self._ask(session, self.world.yassin)
            person = contact_of(session, self.world.bakery)
            about_contact = Question(
                kind=QuestionKind.CONTACT_HOLDS, organisation_id=self.world.bakery.id, contact_id=person.id
            )
            session.add(about_contact)
            session.flush()
            self.contact_token = links.token_of(SECRET, about_contact, person.email)

    def _ask(self, session: Session, youth: object) -> tuple[UUID, str]:
        offer = self.world.bakery_offer
        run = make.make_run(session, self.world.programme)
        suggestion = make.make_suggestion(session, run, youth, offer, status=SuggestionStatus.APPROVED)  # type: ignore[arg-type]
        placement = make.make_placement(
            session, suggestion, offer, status=PlacementStatus.ACCEPTED, due_at=clock.now()
        )
        question = ask(session, placement)
        return placement.id, links.token_of(SECRET, question, address_of(session, question))

    def yes(self, session: Session) -> None:
        answering.say_yes_as_host(session, SECRET, self.token, YES)

    def no(self, session: Session) -> None:
        answering.say_no_as_host(session, SECRET, self.token, NO)

    def never(self, session: Session) -> None:
        answering.ask_never_again(session, SECRET, self.token)

    def never_from_the_other_mail(self, session: Session) -> None:
        answering.ask_never_again(session, SECRET, self.other_token)

    def signed_in_yes(self, session: Session) -> None:
        actions.confirm_placement(session, self.world.baker, self.placement_id, YES)

    def withdraw(self, session: Session) -> None:
        actions.withdraw_placement(session, self.world.coordinator, self.placement_id)

    def hand_over(self, session: Session) -> None:
        new = ContactInput(name="Sam", email="sam@example.nl")
        answering.hand_over_contact(session, SECRET, self.contact_token, new)

    def state(self) -> tuple[PlacementStatus, AnswerCode | None, int, int]:
        """Of Noor's placement: its state, the answer on record, positions taken, and steps written down."""
        with transaction(self.engine, read_only=True) as session:
            placement = session.get_one(Placement, self.placement_id)
            question = session.exec(select(Question).where(Question.placement_id == placement.id)).one()
            steps = session.exec(
                select(AuditEntry).where(
                    AuditEntry.object_id == placement.id, col(AuditEntry.action).startswith("placement.")
                )
            ).all()
            taken = session.get_one(Offer, placement.offer_id).positions_taken
            return placement.status, question.answer, taken, len(steps)


@pytest.fixture
def asked(engine: Engine) -> Asked:
    return Asked(engine)


def test_it_works(asked: Asked) -> None:
    """The same yes many times: a double click, and a mail scanner that also presses."""
    outcomes = at_once(asked.engine, [asked.yes] * HANDS)

    assert outcomes == {"done": 1, "is_answered_already": HANDS - 1}
    assert asked.state() == (PlacementStatus.CONFIRMED, AnswerCode.YES, 2, 1)


def test_yes_and_no(asked: Asked) -> None:
    outcomes = at_once(asked.engine, [asked.yes, asked.no] * (HANDS // 2))

    assert outcomes == {"done": 1, "is_answered_already": HANDS - 1}
    assert asked.state() in {
        (PlacementStatus.CONFIRMED, AnswerCode.YES, 2, 1),
        (PlacementStatus.DECLINED_BY_HOST, AnswerCode.NO, 1, 1),
    }


def test_a_click_and_a_yes_on_the_page(asked: Asked) -> None:
    """Deputy and contact person at two desks, one in the mail and one signed in."""
    outcomes = at_once(asked.engine, [asked.yes, asked.signed_in_yes] * (HANDS // 2))

    assert outcomes["done"] == 1
    assert outcomes.keys() <= {"done", "is_answered_already", "step_not_allowed"}
    assert asked.state() == (PlacementStatus.CONFIRMED, AnswerCode.YES, 2, 1)


def test_a_click_and_the_coordinator_who_withdraws(asked: Asked) -> None:
    """A yes may come first and be withdrawn after it; never the other way round, and no position twice."""
    outcomes = at_once(asked.engine, [asked.yes, asked.withdraw])

    assert outcomes.keys() <= {"done", "is_answered_already"}
    status, answer, taken, steps = asked.state()
    assert (status, taken) == (PlacementStatus.WITHDRAWN, 1)
    assert (answer, steps) == ((AnswerCode.YES, 2) if outcomes["done"] == 2 else (AnswerCode.NOT_NEEDED, 1))


def test_a_click_and_the_end_of_waiting(asked: Asked, settings: Settings) -> None:
    begin = Begin(asked.engine, settings)

    def expire_all() -> None:
        while expire_silence(begin):
            pass

    with ThreadPoolExecutor(1) as worker:
        ended = worker.submit(expire_all)
        outcomes = at_once(asked.engine, [asked.yes] * 2)
        ended.result()

    status, answer, taken, steps = asked.state()
    with transaction(asked.engine, read_only=True) as session:
        assert session.get_one(Placement, asked.other_id).status is PlacementStatus.EXPIRED
    if outcomes["done"]:
        assert (status, answer, taken, steps) == (PlacementStatus.CONFIRMED, AnswerCode.YES, 1, 1)
    else:
        assert outcomes == {"is_answered_already": 2}
        assert (status, answer, taken, steps) == (PlacementStatus.EXPIRED, AnswerCode.SILENCE, 0, 1)


def test_never_again_and_all_that_goes_on_besides(asked: Asked) -> None:
    """Two mails of one host, a colleague who takes over, a coordinator: nobody waits in a ring."""
    acts = [asked.never, asked.never_from_the_other_mail, asked.hand_over, asked.withdraw]

    outcomes = at_once(asked.engine, acts * 2)

    assert outcomes.keys() <= {"done", "is_answered_already", "link_does_not_work", "step_not_allowed"}
    with transaction(asked.engine, read_only=True) as session:
        host = session.get_one(Organisation, asked.world.bakery.id)
        rows = [session.get_one(Placement, one) for one in (asked.placement_id, asked.other_id)]
        taken = session.get_one(Offer, rows[0].offer_id).positions_taken
        assert taken == sum(row.status not in FREES_POSITION for row in rows)
        if host.status is OrganisationStatus.PAUSED:
            assert taken == 0
        invited = session.exec(select(Account).where(Account.email == "sam@example.nl")).all()
        assert len(invited) <= 1


@pytest.mark.parametrize("cap", [0, 3])
def test_fifty_approvals_and_the_cap_of_the_host(engine: Engine, cap: int) -> None:
    """Over two offers, with places for all: the host is asked as often as it wants, and not once more."""

    def fill(session: Session, world: World) -> list[Suggestion]:
        world.bakery.monthly_cap = cap
        session.add(world.bakery)
        run = make.make_run(session, world.programme)
        offers = [make.make_offer(session, world.bakery, positions=50) for _number in range(2)]
        return [
            make.make_suggestion(
                session, run, make.make_youth(session, world.school_class), offers[number % 2]
            )
            for number in range(50)
        ]

    coordinator, suggestion_ids = lay_ready(engine, fill)

    outcomes = approve_all(engine, coordinator, suggestion_ids)

    assert outcomes == Counter(approved=cap, host_asked_enough=50 - cap)
    with transaction(engine, read_only=True) as session:
        assert len(session.exec(select(Placement)).all()) == cap
        assert sum(offer.positions_taken for offer in session.exec(select(Offer))) == cap


def test_hosts_say_no_while_a_coordinator_approves(engine: Engine) -> None:
    """Both change the same offer and look at the same host; whoever waits gets his turn."""
    asked = Asked(engine)
    with transaction(engine) as session:
        run = make.make_run(session, asked.world.programme)
        asked.world.bakery.monthly_cap = 50
        session.add(asked.world.bakery)
        youths = [make.make_youth(session, asked.world.school_class) for _number in range(HANDS)]
        proposed = [
            make.make_suggestion(session, run, youth, asked.world.bakery_offer).id
            for youth in (asked.world.noor, *youths)
        ]

    def approving(suggestion_id: UUID) -> Act:
        return lambda session: actions.approve_suggestion(
            session, asked.world.coordinator, suggestion_id, ApprovalInput(seen=[])
        )

    outcomes = at_once(engine, [asked.no, *map(approving, proposed)])

    assert outcomes.keys() <= {"done", "offer_is_full", "has_place_in_these_days"}
    with transaction(engine, read_only=True) as session:
        live = session.exec(select(Placement).where(col(Placement.status).not_in(FREES_POSITION))).all()
        offer = session.get_one(Offer, asked.world.bakery_offer.id)
        # One remains free when the no came after the last approval.
        assert offer.positions_taken == len(live)
        assert offer.positions - len(live) in {0, 1}
        assert session.get_one(Placement, asked.placement_id).status is PlacementStatus.DECLINED_BY_HOST
