"""Says in words that something is too large, before any of it is read."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.web import problems
from service.web.security import LARGEST_BODY

LARGEST_DRAINED = 10 * LARGEST_BODY
"""A browser reads the answer only after it has sent everything; beyond this the connection is simply cut."""
TOO_LARGE = 413


class SizeMiddleware:
    """Refuses a body by the length that is announced; what announces none is cut off at `LARGEST_DRAINED`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _announced(Request(scope)) <= LARGEST_BODY:
            await self.app(scope, receive, send)
            return
        more = True
        while more:
            message = await receive()
            more = message["type"] == "http.request" and message.get("more_body", False)
        sentence = problems.SENTENCES[TOO_LARGE]
        answer = problems.answer(Request(scope), TOO_LARGE, sentence, "content_too_large")
        await answer(scope, receive, send)


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0
