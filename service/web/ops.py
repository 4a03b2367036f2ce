"""For operators: is it alive, is it ready, how is it doing."""

import time

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.logs import get_logger
from service.core.metrics import REQUESTS, SECONDS
from service.web.page import SessionDep

router = APIRouter(include_in_schema=False)
log = get_logger(__name__)
SLOW_SECONDS = 1.0
EVENT_STREAM = b"text/event-stream"


@router.get("/health")
def health() -> Response:
    """The process answers; says nothing about the database."""
    return PlainTextResponse("ok")


@router.get("/ready")
def ready(session: SessionDep) -> Response:
    """The database answers and has the schema this code expects."""
    session.execute(text("SELECT 1 FROM alembic_version"))
    return JSONResponse({"status": "ready"})


@router.get("/metrics")
def metrics() -> Response:
    """Numbers without personal data; keep it inside the own network with the proxy."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class MeasureMiddleware:
    """Counts and times every request by its route's pattern, never by its address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status, is_stream = 500, False

        async def note_status(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = dict(message["headers"]).get(b"content-type", b"").startswith(EVENT_STREAM)
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            REQUESTS.labels(scope["method"], route, str(status)).inc()
            if not is_stream:
                SECONDS.labels(route).observe(seconds)
            # A stream of progress takes as long as what it tells of.
            if seconds > SLOW_SECONDS and not is_stream:
                log.info("slow_request", method=scope["method"], route=route, seconds=round(seconds, 2))
