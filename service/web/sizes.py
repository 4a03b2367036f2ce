"""Reads what is sent before anything begins, so that who sends slowly or too much holds up nobody else."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web import problems
from service.web.problems import BUSY, HUNG_UP, TOO_LARGE, TOO_SLOW
from service.web.security import LARGEST_BODY

LARGEST_DRAINED = 10 * LARGEST_BODY
"""A browser reads the answer only after it has sent everything; beyond this the connection is simply cut."""
LONGEST_SENDING_SECONDS = 30.0
MOST_HELD = 200_000_000
"""Bytes of all bodies together that are in memory at once."""
SMALL = 64_000
"""Bytes that find room even when others have sent as much as is held: every form without a file."""


class SizeMiddleware:
    """Hands on a request once all of it is here, and refuses what is too large or does not come."""

    def __init__(self, app: ASGIApp, *, seconds: float = LONGEST_SENDING_SECONDS) -> None:
        self.app = app
        self.seconds = seconds
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = bytearray()
        try:
            refused = await self._refused(body, scope, receive)
            if refused is None:
                await self.app(scope, _once(bytes(body), receive), send)
            elif refused != HUNG_UP:
                answer = problems.refusal(Request(scope), refused)
                # The rest of what was announced may still come, and is no new request.
                answer.headers["connection"] = "close"
                await answer(scope, receive, send)
        finally:
            self.held -= len(body)

    async def _refused(self, body: bytearray, scope: Scope, receive: Receive) -> int | None:
        """Reads into the body; the status when it is not to be had."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._read(body, receive, _announced(Request(scope)))
        except TimeoutError:
            return TOO_SLOW

    async def _read(self, body: bytearray, receive: Receive, announced: int) -> int | None:
        length, more = 0, True
        while more and length <= LARGEST_DRAINED:
            message = await receive()
            if message["type"] == "http.disconnect":
                return HUNG_UP
            part, more = message.get("body", b""), message.get("more_body", False)
            length += len(part)
            if max(length, announced) > LARGEST_BODY:
                continue
            if self.held + len(part) > MOST_HELD and length > SMALL:
                return BUSY
            body += part
            self.held += len(part)
        return TOO_LARGE if max(length, announced) > LARGEST_BODY else None


def _once(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """The whole body as one message; after it what comes from the connection, such as its end."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0
