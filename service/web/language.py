"""Which language the reader gets: the cookie he chose, else what his browser asks for, else Dutch."""

from babel import negotiate_locale
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, speaking

COOKIE = "podium_language"


def language_of(request: Request) -> str:
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    asked = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return (negotiate_locale(asked, LANGUAGES, sep="-") or DEFAULT_LANGUAGE)[:2]


class LanguageMiddleware:
    """Sets the language around the whole request, so that every word in it is in one language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with speaking(language_of(Request(scope))):
            await self.app(scope, receive, send)
