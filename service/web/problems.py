"""The one table from error to status, and the one place where errors become answers."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from service.core import errors
from service.core.actor import GUEST, Actor
from service.core.i18n import Message, _, speaking
from service.core.logs import get_logger
from service.core.settings import Settings
from service.web import templating
from service.web.forms import wording
from service.web.language import language_of
from service.web.page import Page
from service.web.security import protect

STATUS: dict[type[errors.Problem], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
}
TITLES: dict[int, Message] = {
    400: _("This does not work"),
    401: _("Sign in first"),
    403: _("This is not for you"),
    404: _("Not found"),
    405: _("This does not work"),
    408: _("This took too long"),
    409: _("Just too late"),
    413: _("This is too large"),
    422: _("Not right yet"),
    429: _("A moment of patience"),
    500: _("Something went wrong on our side"),
    503: _("A moment of patience"),
}
SENTENCES: dict[int, Message] = {
    400: _("What was sent cannot be read. Look whether it is complete."),
    401: _("Sign in, or send a personal token."),
    404: errors.NotFound.message,
    405: _("This address cannot be used in this way."),
    408: _("What you sent did not arrive in time. Look at your connection and send it again."),
    413: _("This is larger than 2 MB. Send it in parts."),
    500: _("It is not your fault. Try again in a minute. Nothing you filled in earlier is lost."),
    503: _("It is very busy. Nothing has been changed yet. Go back and try again in half a minute."),
}
TOO_SLOW, TOO_LARGE, BUSY = 408, 413, 503
REFUSALS = {TOO_SLOW: "too_slow", TOO_LARGE: "content_too_large", BUSY: "busy"}
RETRY_AFTER_SECONDS = 30
HUNG_UP = 499
"""What proxies write down for an answer that nobody was left to read."""
PROBLEM_JSON = "application/problem+json"
log = get_logger(__name__)


def status_of(error: errors.Problem) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def answer(
    request: Request, status: int, sentence: Message, code: str, by_field: dict[str, Message] | None = None
) -> Response:
    title = TITLES.get(status, TITLES[400])
    if wants_json(request):
        body: dict[str, Any] = {
            "type": f"urn:podium:problem:{code}",
            "title": str(title),
            "status": status,
            "detail": str(sentence),
        }
        if by_field:
            body["errors"] = [{"field": name, "detail": str(text)} for name, text in by_field.items()]
        return JSONResponse(body, status, media_type=PROBLEM_JSON)
    actor: Actor = getattr(request.state, "actor", GUEST)
    if actor.is_guest and status in {401, 403, 404} and request.method == "GET" and _is_private(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(here, safe='/')}", 303)
    page = Page(request, None, actor, request.app.state.settings)  # type: ignore[arg-type]
    body_text = templating.render(
        "error.html", page=page, status=status, title=str(title), text=str(sentence), by_field=by_field or {}
    )
    return HTMLResponse(body_text, status)


def refusal(request: Request, status: int) -> Response:
    """For what is refused before any route is asked."""
    made = answer(request, status, SENTENCES[status], REFUSALS[status])
    if status == BUSY:
        made.headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    return made


def _is_private(request: Request) -> bool:
    """A guest at an address that exists but is not for guests is asked to sign in."""
    return getattr(request.state, "actor", None) is not None


def install(app: FastAPI) -> None:
    _install_what_passes(app)

    @app.exception_handler(errors.Problem)
    def of_ours(request: Request, error: errors.Problem) -> Response:
        by_field = error.by_field if isinstance(error, errors.Invalid) else None
        status = status_of(error)
        if wants_json(request) and status == 403 and getattr(request.state, "actor", GUEST).is_guest:
            made = answer(request, 401, SENTENCES[401], "unauthorized")
            made.headers["www-authenticate"] = "Bearer"
            return made
        return answer(request, status, error.message, error.code, by_field)

    @app.exception_handler(RequestValidationError)
    def of_input(request: Request, error: RequestValidationError) -> Response:
        if any(detail["loc"][0] == "path" for detail in error.errors()):
            return answer(request, 404, errors.NotFound.message, "not_found")
        by_field = {
            ".".join(str(part) for part in detail["loc"][1:]): wording(detail) for detail in error.errors()
        }
        return answer(request, 422, errors.Invalid.message, "invalid", by_field)

    @app.exception_handler(IntegrityError)
    def of_database(request: Request, error: IntegrityError) -> Response:
        log.warning("constraint_broken", path=_route(request), kind=type(error.orig).__name__)
        return answer(request, 409, errors.Conflict.message, "conflict")

    @app.exception_handler(HTTPException)
    def of_framework(request: Request, error: HTTPException) -> Response:
        sentence = SENTENCES.get(error.status_code, errors.Problem.message)
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        made = answer(request, error.status_code, sentence, code)
        for name, value in (error.headers or {}).items():
            made.headers[name] = value
        return made

    @app.exception_handler(Exception)
    def of_nobody(request: Request, error: Exception) -> Response:
        """Answered outside all middleware, so language and headers are set here."""
        log.error("unexpected", route=_route(request), exc_info=error)
        with speaking(language_of(request)):
            made = answer(request, 500, SENTENCES[500], "internal")
        settings: Settings = request.app.state.settings
        protect(made.headers, request.url.path, has_https=settings.has_https)
        return made


def _install_what_passes(app: FastAPI) -> None:
    """For what is nobody's fault, and goes well when it is tried again."""

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeoutError)
    def of_busy_database(request: Request, error: OperationalError | PoolTimeoutError) -> Response:
        """Nothing was written; when the database is not busy but gone, the log tells."""
        log.error("database_busy", route=_route(request), exc_info=error)
        return refusal(request, BUSY)

    @app.exception_handler(ClientDisconnect)
    def of_whoever_hung_up(request: Request, _error: ClientDisconnect) -> Response:
        log.info("hung_up", route=_route(request))
        return Response(status_code=HUNG_UP)


def _route(request: Request) -> str:
    return getattr(request.scope.get("route"), "path", "unknown")
