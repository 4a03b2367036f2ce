"""HEAD: the same status and headers as GET, no body and no effect."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from service.web.head import HeadMiddleware
from tests.conftest import Browser
from tests.world import World

PATHS = (
    "/",
    "/health",
    "/offers",
    "/nowhere",
    "/answer/host/wrong",
    "/unsubscribe/wrong",
    "/static/none.css",
)


@pytest.mark.parametrize("path", PATHS)
def test_it_works(client: Browser, world: World, path: str) -> None:
    got = client.as_guest().get(path)
    asked = client.head(path)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    for name in ("content-type", "content-length", "cache-control", "location"):
        assert asked.headers.get(name) == got.headers.get(name)


def test_what_is_only_for_sending_has_no_head(client: Browser, world: World) -> None:
    client.acting_as(world.teacher)
    assert client.head("/free-days/import").status_code == client.get("/free-days/import").status_code == 405


def test_what_goes_on_for_minutes_ends_at_once() -> None:
    sent: list[Message] = []

    async def follow(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for part in (b"one", b"two"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(HeadMiddleware(follow)({"type": "http", "method": "HEAD"}, receive, send))
    assert [(message["type"], message.get("body")) for message in sent] == [
        ("http.response.start", None),
        ("http.response.body", b""),
    ]
    assert sent[-1]["more_body"] is False
