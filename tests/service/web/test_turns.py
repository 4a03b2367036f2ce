"""Many at once, and slow ones: everybody gets an answer, and nobody holds what the others need."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as Asking
from urllib.request import urlopen

import anyio.to_thread
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.app import create_app
from service.core.db import MOST_CONNECTIONS
from service.core.settings import Settings
from service.web import sizes
from service.web.security import LARGEST_BODY
from service.web.sizes import SizeMiddleware
from service.web.turns import MOST_AT_ONCE, MOST_WRITERS, TurnMiddleware, give_back
from tests.conftest import settings_in
from tests.installation import Installation, free_port
from tests.smtp_server import Inbox

CROWD = 100
ANSWER_SECONDS = 60.0
FORM = b"language=nl&next=/"


@pytest.fixture
def running(own_database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a web process as it is installed."""
    url = f"http://127.0.0.1:{free_port()}"
    chosen = {"environment": "development", "base_url": url, "database_url": own_database}
    environment = {f"PODIUM_{name.upper()}": value for name, value in chosen.items()}
    web = Installation(Settings.model_validate(chosen), Inbox(), tmp_path, environment)
    try:
        web.start_web()
        yield url
        assert not web.errors()
    finally:
        web.stop()


def send_form(url: str) -> int:
    """With a cookie, as a browser: the session is looked up, so the request writes from its first moment."""
    headers = {"cookie": "podium=of-nobody", "sec-fetch-site": "same-origin"}
    request = Asking(f"{url}/language", FORM, headers, method="POST")  # noqa: S310 our own address
    try:
        with urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            status: int = answer.status
            return status
    except HTTPError as error:
        return error.code


def begin_slowly(url: str) -> socket.socket:
    """A form of which the rest never comes."""
    where = urlsplit(url)
    sender = socket.create_connection((where.hostname or "", where.port or 0))
    lines = (
        "POST /language HTTP/1.1",
        f"Host: {where.netloc}",
        "Sec-Fetch-Site: same-origin",
        "Cookie: podium=of-nobody",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 500",
        "",
        "language=nl",
    )
    sender.sendall("\r\n".join(lines).encode())
    return sender


def test_it_works(running: str) -> None:
    """The herd: more forms at once than there are threads or connections."""
    with ThreadPoolExecutor(CROWD) as crowd:
        answers = Counter(crowd.map(send_form, [running] * CROWD))
    assert answers == {200: CROWD}


def test_a_slow_sender_holds_up_nobody(running: str) -> None:
    senders = [begin_slowly(running) for _number in range(MOST_AT_ONCE + 1)]
    try:
        assert send_form(running) == 200
    finally:
        for sender in senders:
            sender.close()


def test_there_is_room_beside_those_who_have_a_turn(tmp_path: Path) -> None:
    """Else those who wait hold all of it, and the one they wait for cannot finish."""

    async def threads() -> float:
        return anyio.to_thread.current_default_thread_limiter().total_tokens

    assert MOST_WRITERS < MOST_AT_ONCE < min(MOST_CONNECTIONS, asyncio.run(threads()))
    app: FastAPI = create_app(settings_in(tmp_path))
    kinds: list[object] = [middleware.cls for middleware in app.user_middleware]
    assert kinds.index(SizeMiddleware) < kinds.index(TurnMiddleware), "sent first, then a turn"


async def ask(app: ASGIApp, method: str, path: str, receive: Receive) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    host = create_app_state()
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"accept", b"application/json")],
        "app": host,
        "state": {},
    }
    await app(scope, receive, send)
    return sent


def create_app_state() -> FastAPI:
    app = FastAPI()
    app.state.settings = Settings.model_validate({"environment": "development"})
    return app


def body_of(*parts: bytes) -> Receive:
    waiting = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)}
        for number, part in enumerate(parts, 1)
    ]

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    return receive


async def answer_all(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": (await receive())["body"]})


def never_finishing(began: asyncio.Event) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/stream":
            await send({"type": "http.response.start", "status": 200, "headers": []})
        began.set()
        await asyncio.Event().wait()

    return app


async def second_answer(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether a second request comes to the app while the first is still there, with room for one."""
    began = asyncio.Event()
    turns = TurnMiddleware(never_finishing(began), most=2, writers=1, seconds=0.01)
    running = asyncio.create_task(ask(turns, *first, body_of(b"")))
    await began.wait()
    began.clear()
    other = asyncio.create_task(ask(turns, *second, body_of(b"")))
    came = asyncio.create_task(began.wait())
    await asyncio.wait([came, other], return_when=asyncio.FIRST_COMPLETED)
    if other.done():
        start = other.result()[0]
        assert start["status"] == 503
        assert (b"retry-after", b"30") in start["headers"]
    for task in (running, other, came):
        task.cancel()
    return began.is_set()


@pytest.mark.parametrize(
    ("first", "second", "comes"),
    [
        (("POST", "/api/a"), ("POST", "/api/b"), False),
        (("POST", "/api/a"), ("GET", "/api/b"), True),
        (("GET", "/api/a"), ("POST", "/api/b"), True),
        (("POST", "/stream"), ("POST", "/api/b"), True),
        (("POST", "/api/a"), ("POST", "/health"), True),
    ],
)
def test_writers_wait_for_a_turn(first: tuple[str, str], second: tuple[str, str], comes: bool) -> None:
    """Readers are not kept out by them, an answer that has begun holds no turn, and health asks for none."""
    assert asyncio.run(second_answer(first, second)) is comes


def test_who_waits_after_the_work_holds_no_turn() -> None:
    """As answers about an address do, whose time must tell nothing: a crowd would stop all writers."""

    async def pace() -> bool:
        began = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/api/slow":
                await give_back(Request(scope))
            began.set()
            await asyncio.Event().wait()

        turns = TurnMiddleware(app, most=1, writers=1, seconds=0.01)
        slow = asyncio.create_task(ask(turns, "POST", "/api/slow", body_of(b"")))
        await began.wait()
        began.clear()
        other = asyncio.create_task(ask(turns, "POST", "/api/b", body_of(b"")))
        came = asyncio.create_task(began.wait())
        await asyncio.wait([came, other], return_when=asyncio.FIRST_COMPLETED)
        for task in (slow, other, came):
            task.cancel()
        return began.is_set()

    assert asyncio.run(pace())


def test_the_app_gets_what_was_sent_in_one_piece() -> None:
    answer = asyncio.run(
        ask(SizeMiddleware(answer_all), "POST", "/api/a", body_of(b"one ", b"two ", b"three"))
    )
    assert answer[1]["body"] == b"one two three"


def test_a_body_that_does_not_come_is_refused() -> None:
    async def nothing() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    answer = asyncio.run(ask(SizeMiddleware(answer_all, seconds=0.01), "POST", "/api/a", nothing))
    assert answer[0]["status"] == 408
    assert (b"connection", b"close") in answer[0]["headers"]


def test_a_body_that_announces_nothing_is_measured_too() -> None:
    parts = [b"x" * (LARGEST_BODY // 2)] * 3
    answer = asyncio.run(ask(SizeMiddleware(answer_all), "POST", "/api/a", body_of(*parts)))
    assert answer[0]["status"] == 413


def test_who_hangs_up_is_not_answered() -> None:
    async def hang_up() -> Message:
        return {"type": "http.disconnect"}

    assert asyncio.run(ask(SizeMiddleware(answer_all), "POST", "/api/a", hang_up)) == []


def test_all_bodies_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ones always find room, and what was held is given back."""
    monkeypatch.setattr(sizes, "MOST_HELD", 100_000)
    app = SizeMiddleware(answer_all)
    large, small = b"x" * 100_001, b"x" * sizes.SMALL

    def status_of(body: bytes) -> int:
        status: int = asyncio.run(ask(app, "POST", "/api/a", body_of(body)))[0]["status"]
        return status

    assert status_of(large) == 503
    app.held = 100_000
    assert status_of(small) == 200
    assert app.held == 100_000
