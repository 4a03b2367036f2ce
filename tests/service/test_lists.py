"""Every list, as a page and as JSON, asks the database as often for many rows as for few."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.accounts.models import Role
from service.core import clock
from service.digests.models import Digest, DigestStatus, Subscription
from service.insights.models import (
    Analysis,
    AnalysisStatus,
    Bottleneck,
    BottleneckYouth,
    Recruit,
    Scope,
)
from service.mail.models import Mail, Stream, Suppression, SuppressionReason
from service.matchmaking.models import RunGap
from service.reference.models import UnknownWord
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

NUMBERS = {"seekers": 3, "seekers_with_suggestion": 1, "suggestions": 2, "offers": 2}
NEAR = {"code": "near", "facts": {"minutes": 10, "mode": "bike", "limit": 45}}
CAUSE = {"code": "R-1", "offers": 3, "alone": 1}
FEW, MORE = 1, 6
LISTS = {
    "coordinator": (
        "/",
        "/organisations",
        "/programmes",
        "/offers",
        "/classes",
        "/classes/{class}",
        "/school-requests",
        "/runs",
        "/runs/{run}",
        "/suggestions",
        "/suggestions/{suggestion}",
        "/placements",
        "/rescue",
        "/people",
        "/digests",
        "/youths-with-nothing",
        "/bottlenecks/{programme}",
        "/bottlenecks/youths/{bottleneck}",
        "/fairness/{programme}",
    ),
    "teacher": (
        "/",
        "/offers",
        "/classes",
        "/classes/{class}",
        "/classes/{class}/codes",
        "/school-requests",
        "/school-requests/new",
        "/suggestions",
        "/placements",
        "/people",
        "/digests",
        "/youths-with-nothing",
        "/bottlenecks",
        "/bottlenecks/{programme}",
    ),
    "baker": ("/", "/offers", "/placements", "/people", "/digests"),
    "noor_herself": ("/", "/offers", "/my-suggestions", "/placements"),
    "admin": (
        "/",
        "/organisations",
        "/offers",
        "/programmes",
        "/people",
        "/mails",
        "/mails/held",
        "/unknown-words",
        "/bottlenecks",
    ),
    "guest": ("/", "/offers", "/programmes"),
}
JSON_LISTS = (
    "organisations",
    "programmes",
    "offers",
    "classes",
    "youths",
    "school-requests",
    "runs",
    "suggestions",
    "placements",
    "digests",
)


class Crowd:
    """More of everything in which Noor, her school, her programme and the bakery have a part."""

    def __init__(self, session: Session, world: World) -> None:
        self.session = session
        self.world = world
        self.number = 0
        self.request = make.make_school_request(session, world.programme, world.school_class)
        self.run = make.make_run(
            session,
            world.programme,
            school_request_id=self.request.id,
            numbers=NUMBERS,
            youth_id=world.noor.id,
        )
        self.suggestion = make.make_suggestion(
            session, self.run, world.noor, world.bakery_offer, reasons=[NEAR]
        )
        self.analysis = Analysis(
            programme_id=world.programme.id,
            status=AnalysisStatus.DONE,
            due_at=None,
            computed_at=clock.now(),
            audit={"good": 0.6, "overall": None, "groups": {"school": {}}, "decisions": {}},
        )
        session.add(self.analysis)
        session.flush()
        self.bottleneck = self._bottleneck()
        self.subscription = Subscription(account_id=world.accounts["marieke"].id, school_id=world.school.id)
        session.add(self.subscription)
        session.flush()

    def _bottleneck(self) -> Bottleneck:
        row = Bottleneck(
            analysis_id=self.analysis.id,
            scope=Scope.WISH,
            number=1 + self.number,
            seekers=2,
            offers=1,
            positions=1,
            shortage=1,
            sectors=[["ZORG", 2]],
            pc4s=[["1068", 2]],
        )
        self.session.add(row)
        self.session.flush()
        return row

    def _insights(self) -> None:
        session, world = self.session, self.world
        self._bottleneck()
        seeker = make.make_youth(session, world.school_class)
        session.add(BottleneckYouth(bottleneck_id=self.bottleneck.id, youth_id=seeker.id))
        session.add(
            Recruit(
                analysis_id=self.analysis.id,
                scope=Scope.WISH,
                number=self.number,
                sector="ZORG",
                pc4="1068",
                positions=1,
                helps=2,
            )
        )
        other = make.make_programme(session, world.school)
        session.add(Analysis(programme_id=other.id, status=AnalysisStatus.DONE, due_at=None))

    def grow(self, rows: int) -> None:
        for _row in range(rows):
            self.number += 1
            self._people()
            self._matches()
            self._mail()
            self._insights()
        self.session.commit()

    def _people(self) -> None:
        session, world = self.session, self.world
        make.make_organisation(session)
        programme = make.make_programme(session, world.school)
        make.make_class(session, world.school, programme_id=world.programme.id)
        make.make_school_request(session, world.programme, world.school_class)
        make.make_run(session, programme)
        place: dict[Role, dict[str, Any]] = {
            Role.SCHOOL_STAFF: {"organisation_id": world.school.id},
            Role.CONTACT: {"organisation_id": world.bakery.id},
            Role.COORDINATOR: {"programme_id": world.programme.id},
        }
        for role, of in place.items():
            make.make_membership(session, make.make_account(session), role, **of)

    def _matches(self) -> None:
        session, world = self.session, self.world
        host = make.make_organisation(session)
        offer = make.make_offer(session, host, title=f"Aanbod {self.number}")
        make.make_offer(session, world.bakery, title=f"Bakken {self.number}")
        make.make_suggestion(session, self.run, world.noor, offer, rank=1 + self.number, reasons=[NEAR])
        youth = make.make_youth(session, world.school_class)
        session.add(RunGap(run_id=self.run.id, school_id=world.school.id, youth_id=youth.id, causes=[CAUSE]))
        for seeker in (world.noor, make.make_youth(session, world.school_class)):
            own_offer = make.make_offer(session, world.bakery)
            earlier = make.make_run(session, world.programme, numbers=NUMBERS)
            approved = make.make_suggestion(session, earlier, seeker, own_offer, status="approved")
            make.make_placement(session, approved, own_offer, status="accepted")

    def _mail(self) -> None:
        world = self.world
        mail = Mail(
            key=f"list-{self.number}",
            message_id=f"list-{self.number}",
            stream=Stream.SIGN_IN,
            template="accounts/mails/sign_in",
            recipient="marieke@example.nl",
        )
        digest = Digest(
            key=f"list-{self.number}",
            subscription_id=self.subscription.id,
            school_id=world.school.id,
            period="2026-W40",
            status=DigestStatus.SENT,
            until=clock.now() - timedelta(days=self.number),
            content={"sections": []},
        )
        suppression = Suppression(
            address_hash=f"list-{self.number}", stream=Stream.NOTICE, reason=SuppressionReason.HARD_BOUNCE
        )
        today = clock.today()
        letters = "abcdefghijklmnop"[self.number % 16]
        word = UnknownWord(word=f"blorp{letters * 3}", language="nl", days=5, first_on=today, last_on=today)
        self.session.add_all([mail, digest, suppression, word])


@pytest.fixture
def crowd(session: Session, world: World) -> Crowd:
    made = Crowd(session, world)
    made.grow(FEW)
    return made


def counts(client: Browser, paths: list[str], count_queries: Callable[[], Any]) -> dict[str, int]:
    found = {}
    for path in paths:
        with count_queries() as counted:
            answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = counted.number
    return found


@pytest.mark.parametrize("name", LISTS)
def test_pages_ask_no_more_with_more_rows(
    name: str, client: Browser, world: World, crowd: Crowd, count_queries: Callable[[], Any]
) -> None:
    if name != "guest":
        client.acting_as(world.everybody[name])
    things = {
        "class": world.school_class.id,
        "run": crowd.run.id,
        "suggestion": crowd.suggestion.id,
        "programme": world.programme.id,
        "bottleneck": crowd.bottleneck.id,
    }
    paths = [path.format(**things) for path in LISTS[name]]

    few = counts(client, paths, count_queries)
    crowd.grow(MORE)
    many = counts(client, paths, count_queries)

    assert {path: (few[path], many[path]) for path in paths if few[path] != many[path]} == {}


@pytest.mark.parametrize("name", ["coordinator", "teacher", "baker"])
def test_json_asks_no_more_with_more_rows(
    name: str, client: Browser, world: World, crowd: Crowd, count_queries: Callable[[], Any]
) -> None:
    client.acting_as(world.everybody[name])
    lists = JSON_LISTS if name != "baker" else ("organisations", "offers", "placements")
    paths = [f"/api/v1/{path}" for path in lists]

    few = counts(client, paths, count_queries)
    crowd.grow(MORE)
    many = counts(client, paths, count_queries)

    assert {path: (few[path], many[path]) for path in paths if few[path] != many[path]} == {}
