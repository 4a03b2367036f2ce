"""Every route with every role: what people may do with their own, and that nobody gets at somebody else's.

All things are of Sloterwaard College, its programme, its class 3B, Noor and the bakery. Insiders do what the
table says and nothing else; strangers are people in the same roles elsewhere, and get nothing. The walk goes
through the routes there are, so a new one that has no line in the table fails.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from sqlalchemy.engine import Connection
from sqlmodel import Session

from service.accounts import magic_link
from service.accounts.models import ApiToken, Role, SignInSession
from service.core import clock
from service.core.actor import GUEST, Actor
from service.core.settings import Settings
from service.digests.actions import unsubscribe_token
from service.digests.models import Digest, DigestStatus, Subscription
from service.mail.models import Mail, Stream
from service.mail.transport import file_of
from service.matchmaking.models import SuggestionStatus
from service.offers.models import OfferStatus
from service.organisations.models import Location
from service.youth.codes import personal_code
from tests import factories as make
from tests.conftest import Browser
from tests.service.policy_table import read_table
from tests.world import World

INSIDERS = {
    "admin": "A",
    "coordinator": "C",
    "teacher": "S",
    "mentor": "M",
    "baker": "H",
    "noor_herself": "Y",
    "guest": "G",
}
STRANGERS = {
    "other_coordinator": "C",
    "other_teacher": "S",
    "other_mentor": "M",
    "mechanic": "H",
    "yassin_himself": "Y",
}
FEWEST_ROUTES = 190
FEWEST_ABOUT_THINGS = 75
REFUSED = {401, 403, 404}
REASON = {"code": "talents_shared", "facts": {"tags": ["koken"], "names": []}}
PROGRAMME = {
    "name": "On Stage",
    "region": "Amsterdam",
    "school_year": "2026-2027",
    "kinds": ["orientation_placement"],
    "starts_on": "2026-09-01",
    "ends_on": "2027-06-30",
}
CLASS_LIST = (
    "external_id;first_name;class;track_or_crebo;year_or_level;birth_year_month\nN1;Mo;3B;KB;3;2011-04"
)
YOUTH = {"external_id": "NR77", "first_name": "Mila", "birth": "2011-04"}
REQUEST = {
    "class_id": "{class_id}",
    "kind": "orientation_placement",
    "starts_on": "2027-02-01",
    "ends_on": "2027-03-31",
}
CLASS = {"name": "3C", "school_year": "2026-2027", "school_id": "{school_id}"}
HOST = {
    "name": "Fietsenmaker De Spaak",
    "kind": "company",
    "contact_name": "Jan",
    "contact_email": "jan@example.nl",
}
OFFER = {"kind": "orientation_placement", "title": "Een dag mee", "organisation_id": "{organisation_id}"}
SEEN: dict[str, Any] = {"seen": [REASON["code"]]}
BODIES: dict[str, dict[str, Any]] = {
    "POST /sign-in": {"email": "els@example.nl"},
    "POST /language": {"language": "en"},
    "POST /code": {"class_code": "{class_code}", "personal_code": "{personal_code}"},
    "POST /account": {"name": "Nieuwe Naam"},
    "POST /account/tokens": {"purpose": "Rooster", "days": "30"},
    "POST /people/invite": {
        "role": "mentor",
        "place": "{class_id}",
        "name": "Sam",
        "email": "sam@example.nl",
    },
    "POST /programmes/new": PROGRAMME,
    "POST /programmes/{programme_id}/edit": PROGRAMME,
    "POST /api/v1/programmes": PROGRAMME,
    "PUT /api/v1/programmes/{programme_id}": PROGRAMME,
    "POST /api/v1/programmes/{programme_id}/status": {"status": "matching"},
    "POST /classes/new": CLASS,
    "POST /classes/{class_id}/edit": {"name": "3D", "school_year": "2026-2027"},
    "POST /classes/{class_id}/import": {"rows": "{rows}"},
    "POST /classes/{class_id}/import/confirm": {"rows": "{rows}"},
    "POST /classes/{class_id}/youths/new": YOUTH,
    "POST /youths/{youth_id}/edit": YOUTH,
    "POST /api/v1/classes": CLASS,
    "PUT /api/v1/classes/{class_id}": {"name": "3D", "school_year": "2026-2027"},
    "POST /api/v1/classes/{class_id}/youths": YOUTH,
    "POST /api/v1/classes/{class_id}/import": {"rows": [{"external_id": "N1", "first_name": "Mo"}]},
    "PUT /api/v1/youths/{youth_id}": YOUTH,
    "POST /profile/wishes": {"wishes": ["HORECA"]},
    "POST /profile/place": {"pc4": "1068"},
    "POST /profile/travel": {"modes": ["bike"]},
    "POST /school-requests/new": REQUEST,
    "POST /api/v1/school-requests": REQUEST,
    "POST /api/v1/runs": {"programme_id": "{programme_id}"},
    "POST /suggestions/{suggestion_id}/refuse": {"refusal_code": "too_far"},
    "POST /suggestions/{suggestion_id}/approve": SEEN,
    "POST /suggestions/{suggestion_id}/replace": SEEN | {"replacement_id": "{other_suggestion_id}"},
    "POST /api/v1/suggestions/{suggestion_id}/refuse": {"refusal_code": "too_far"},
    "POST /api/v1/suggestions/{suggestion_id}/approve": SEEN,
    "POST /api/v1/suggestions/{suggestion_id}/replace": SEEN | {"replacement_id": "{other_suggestion_id}"},
    "POST /placements/{placement_id}/decline": {"decline_code": "too_far"},
    "POST /placements/{placement_id}/refuse": {"decline_code": "too_busy"},
    "POST /api/v1/placements/{placement_id}/decline": {"decline_code": "too_far"},
    "POST /api/v1/placements/{placement_id}/confirm": {},
    "POST /api/v1/placements/{placement_id}/refuse": {"decline_code": "too_busy"},
    "POST /organisations/new": HOST | {"postcode": "1068"},
    "POST /organisations/{organisation_id}/edit": {
        name: text for name, text in HOST.items() if name != "kind"
    },
    "POST /organisations/{organisation_id}/locations": {"postcode": "1069"},
    "POST /api/v1/organisations": {
        "name": "Fietsenmaker De Spaak",
        "kind": "company",
        "contact": {"name": "Jan", "email": "jan@example.nl"},
        "locations": [{"postcode": "1068"}],
    },
    "PATCH /api/v1/organisations/{organisation_id}": {"name": "Bakkerij Zonnebloem en Zoon"},
    "POST /offers/new": OFFER,
    "POST /offers/{offer_id}/edit": OFFER,
    "POST /api/v1/offers": OFFER,
    "PUT /api/v1/offers/{offer_id}": OFFER,
    "POST /digests/subscription": {"school_id": "{school_id}", "weekday": "2", "at": "08:00"},
    "POST /digests/subscription/pause": {"school_id": "{school_id}"},
    "POST /digests/subscription/resume": {"school_id": "{school_id}"},
}


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
    placement = make.make_placement(session, approved, world.bakery_offer, status="accepted")
    _link, token = magic_link.new_link(
        session, marieke.id, browser=None, good_for=timedelta(hours=1), next_path="/"
    )
    membership = make.make_membership(
        session, world.accounts["kees"], Role.MENTOR, class_id=world.school_class.id
    )
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
        stream=Stream.SIGN_IN,
        template="accounts/mails/sign_in",
        recipient=marieke.email,
        context={"name": "Marieke", "path": "/", "minutes": 10},
    )
    location = Location(organisation_id=world.bakery.id, pc4="1069", place="Amsterdam")
    session.add_all([subscription, signed_in, api_token, mail, location])
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
        "request_id": str(request.id),
        "run_id": str(run.id),
        "suggestion_id": str(suggestion.id),
        "other_suggestion_id": str(other.id),
        "placement_id": str(placement.id),
        "organisation_id": str(world.bakery.id),
        "location_id": str(location.id),
        "offer_id": str(draft.id),
        "digest_id": str(digest.id),
        "mail_id": str(mail.id),
        "account_id": str(world.accounts["kees"].id),
        "membership_id": str(membership.id),
        "session_id": str(signed_in.id),
        "token_id": str(api_token.id),
        "sign_in_token": token,
        "unsubscribe_token": unsubscribe_token(secret, subscription.id),
    }


Undone = Callable[[], AbstractContextManager[None]]


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


def actor_of(world: World, name: str) -> Actor:
    if name == "other_mentor":
        return Actor(account_id=world.accounts["ans"].id, class_ids=frozenset({world.other_class.id}))
    return GUEST if name == "guest" else world.everybody[name]


def routes_of(app: Any) -> list[tuple[str, str]]:
    """Method and path of everything the application answers to, but for the static files."""
    return [
        (method, context.path or "")
        for context in iter_route_contexts(app.routes)
        for method in sorted((context.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def filled(value: Any, things: dict[str, str]) -> Any:
    if isinstance(value, str):
        return things[value[1:-1]] if value.startswith("{") else value
    if isinstance(value, list):
        return [filled(one, things) for one in value]
    if isinstance(value, dict):
        return {name: filled(one, things) for name, one in value.items()}
    return value


def ask(client: Browser, method: str, path: str, things: dict[str, str]) -> Response:
    """The request with everything it names filled in; what it changes is undone."""
    token = {"token": things["unsubscribe_token" if "unsubscribe" in path else "sign_in_token"]}
    body = filled(BODIES.get(f"{method} {path}", {}), things)
    sent = {"json" if path.startswith("/api/") else "data": body} if method != "GET" else {}
    return client.request(method, path.format(**things | token), **sent)


def names_things(method: str, path: str) -> bool:
    """Whether the request is about one thing, in its address or in what it sends."""
    values = BODIES.get(f"{method} {path}", {}).values()
    return "{" in path or any(isinstance(value, str) and value.startswith("{") for value in values)


def is_refused(answer: Response) -> bool:
    sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    return answer.status_code in REFUSED or sent_away


def test_every_route_is_in_the_table(client: Browser) -> None:
    routes = {f"{method} {path}" for method, path in routes_of(client.app)}
    assert routes == set(read_table())
    assert len(routes) >= FEWEST_ROUTES
    assert set(BODIES) <= routes


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", INSIDERS)
def test_insiders_do_what_the_table_says_and_nothing_else(
    name: str, client: Browser, world: World, things: dict[str, str], undone: Undone
) -> None:
    client.acting_as(actor_of(world, name))
    wrong = []
    for route, letters in read_table().items():
        method, path = route.split()
        with undone():
            answer = ask(client, method, path, things)
        may = INSIDERS[name] in letters
        if is_refused(answer) if may else not is_refused(answer):
            wrong.append(f"{route}: {answer.status_code}, and may is {may}")
        # What is allowed is also done: requests that are refused as nonsense would prove nothing.
        if may and answer.status_code not in {200, 201, 301, 303, 409}:
            wrong.append(f"{route}: {answer.status_code} {answer.text[:200]}")
    assert wrong == []


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_get_at_nothing(
    name: str, client: Browser, world: World, things: dict[str, str], undone: Undone
) -> None:
    client.acting_as(actor_of(world, name))
    wrong, walked = [], 0
    for route, letters in read_table().items():
        method, path = route.split()
        if not names_things(method, path) or letters.get(STRANGERS[name]):
            continue
        walked += 1
        with undone():
            answer = ask(client, method, path, things)
        # A form that names what is not one's own is as well refused beside the field.
        if not is_refused(answer) and not (answer.status_code == 422 and "{" not in path):
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []
    assert walked >= FEWEST_ABOUT_THINGS
