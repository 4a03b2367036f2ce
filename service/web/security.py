"""Headers, cross-site checks and the sizes of what may come in."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.i18n import _

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 2_500_000
"""A file of 2 MB (DOMAIN 4, CSV) and the form around it."""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ONE_YEAR = 31_536_000


def is_cross_site(request: Request) -> bool:
    """Whether an unsafe request came from another site; browsers say so themselves (docs/decisions/0003)."""
    if request.method in SAFE_METHODS or request.headers.get("authorization", "").startswith("Bearer "):
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        # Not a browser of this century: such a client has no ambient cookie to abuse.
        return bool(request.cookies)
    return urlsplit(origin).netloc != request.headers.get("host")


def protect(headers: MutableHeaders, path: str, *, has_https: bool) -> None:
    """Puts the protective headers on an answer; what a route set itself stays."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if has_https:
        headers["strict-transport-security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    if not path.startswith("/static/"):
        headers.setdefault("cache-control", "no-store")


class SecurityMiddleware:
    """Refuses unsafe requests from other sites and puts the protective headers on every answer."""

    def __init__(self, app: ASGIApp, *, has_https: bool, open_paths: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.has_https = has_https
        self.open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), scope["path"], has_https=self.has_https)
            await send(message)

        if is_cross_site(request) and not scope["path"].startswith(tuple(self.open_paths) or ("\0",)):
            answer = PlainTextResponse(
                str(_("This came from another website. Open Podium itself and try again.")), status_code=403
            )
            await answer(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


def local_path(path: str | None) -> str:
    """A place on this site to go on to; anything else becomes the first page."""
    # Browsers drop tabs and line ends from an address before they read it: "/<tab>/evil" would be "//evil".
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path
