"""Lets in only as many requests at once as there are threads and connections to finish them all.

A request holds a connection while it waits for a thread, and a thread while it waits for the database. Let in
without end, those that wait take all threads, and the one they wait for gets none to finish with.
"""

import asyncio
from contextlib import AsyncExitStack

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.web import problems
from service.web.problems import BUSY
from service.web.security import SAFE_METHODS

MOST_AT_ONCE = 32
"""Fewer than the threads and the connections of the process: what asks for no turn uses the rest."""
MOST_WRITERS = 16
"""On SQLite one writes and the others wait, each in a thread."""
PATIENCE_SECONDS = 20.0
WITHOUT_DATABASE = ("/static/", "/health", "/metrics")


async def give_back(request: Request) -> None:
    """For an answer that waits after its transaction is over: others need not wait with it."""
    turn: AsyncExitStack | None = getattr(request.state, "turn", None)
    if turn is not None:
        await turn.aclose()


class TurnMiddleware:
    """Requests that may use the database wait here, where it costs nothing, and not in a thread."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int = MOST_AT_ONCE,
        writers: int = MOST_WRITERS,
        seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.app = app
        self.seconds = seconds
        self.all = asyncio.Semaphore(most)
        self.writers = asyncio.Semaphore(writers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(WITHOUT_DATABASE):
            await self.app(scope, receive, send)
            return
        async with AsyncExitStack() as turn:
            scope.setdefault("state", {})["turn"] = turn
            try:
                async with asyncio.timeout(self.seconds):
                    if scope["method"] not in SAFE_METHODS:
                        # First, so that writers who wait keep no reader out.
                        await turn.enter_async_context(self.writers)
                    await turn.enter_async_context(self.all)
            except TimeoutError:
                await problems.refusal(Request(scope), BUSY)(scope, receive, send)
                return

            async def send_after_turn(message: Message) -> None:
                # The transaction is over: who reads slowly, or follows progress for minutes, holds no turn.
                await turn.aclose()
                await send(message)

            await self.app(scope, receive, send_after_turn)
