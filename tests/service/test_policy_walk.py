"""Every route with every role: what people may do with their own, and that nobody gets at somebody else's.

All things are of Sloterwaard College, its programme, its class 3B, Noor and the bakery. Insiders do what the
table says and nothing else; strangers are people in the same roles elsewhere, and get nothing. The walk goes
through the routes there are, so a new one that has no line in the table fails.
"""

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from httpx2 import Response

from service.core.actor import GUEST, Actor
from tests.conftest import Browser
from tests.service.bodies import BODIES, filled
from tests.service.conftest import Undone
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


def ask(client: Browser, method: str, path: str, things: dict[str, str]) -> Response:
    """The request with everything it names filled in; what it changes is undone."""
    token = {"token": things[_token_for(path)]}
    body = filled(BODIES.get(f"{method} {path}", {}), things)
    sent = {"json" if path.startswith("/api/") else "data": body} if method != "GET" else {}
    return client.request(method, path.format(**things | token), **sent)


def _token_for(path: str) -> str:
    """Each sort of link has tokens of its own."""
    if path.startswith("/answer/") and "{token}" in path:
        return f"{path.split('/')[2]}_answer_token"
    if path.startswith("/calendar/"):
        return "calendar_token"
    return "unsubscribe_token" if "unsubscribe" in path else "sign_in_token"


def names_things(method: str, path: str) -> bool:
    """Whether the request is about one thing, in its address or in what it sends."""
    values = BODIES.get(f"{method} {path}", {}).values()
    return "{" in path or any(isinstance(value, str) and value.startswith("{") for value in values)


def is_refused(answer: Response) -> bool:
    sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    return answer.status_code in REFUSED or sent_away


def test_every_route_is_in_the_table(client: Browser) -> None:
    routes = {f"{method} {path}" for method, path in routes_of(client.app)}
    assert sorted(routes ^ read_table().keys()) == []
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
