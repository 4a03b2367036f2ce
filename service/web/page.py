"""What a route is handed: a session, who is asking, and a page to answer with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from service.core import i18n
from service.core.actor import Actor
from service.core.db import new_session
from service.core.settings import Settings
from service.web import templating
from service.web.htmx import is_partial
from service.web.security import SAFE_METHODS, local_path

FLASH_COOKIE = "podium_flash"
FLASH_KINDS = frozenset({"success", "info", "warning", "error"})
LoadActor = Callable[[Session, Request], Actor]
Navigation = Callable[[Actor], list[tuple[str, i18n.Message]]]


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def open_session(request: Request) -> Iterator[Session]:
    """One request is one transaction; it is over before the answer is sent."""
    reading = request.method in SAFE_METHODS
    with new_session(request.app.state.engine, read_only=reading) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


SessionDep = Annotated[Session, Depends(open_session, scope="function")]
SettingsDep = Annotated[Settings, Depends(settings_of)]


def load_actor(request: Request, session: SessionDep) -> Actor:
    """Asks the accounts feature, which create_app made known; web itself knows no feature."""
    load: LoadActor = request.app.state.load_actor
    actor = load(session, request)
    request.state.actor = actor
    return actor


ActorDep = Annotated[Actor, Depends(load_actor, scope="function")]


@dataclass
class Page:
    """Everything a page needs; `render` answers with a template, `see_other` goes on after a change."""

    request: Request
    session: Session
    actor: Actor
    settings: Settings
    _flash: tuple[str, str] | None = field(default=None)

    @property
    def language(self) -> str:
        return i18n.language()

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def full_path(self) -> str:
        query = self.request.url.query
        return f"{self.path}?{query}" if query else self.path

    @property
    def signed_in_as(self) -> str:
        return self.actor.name

    @property
    def navigation(self) -> list[tuple[str, str, bool]]:
        entries: Navigation = self.request.app.state.navigation
        here = self.path
        return [
            (href, str(label), here == href or (href != "/" and here.startswith(href + "/")))
            for href, label in entries(self.actor)
        ]

    @property
    def flashes(self) -> list[tuple[str, str]]:
        kept = self.request.cookies.get(FLASH_COOKIE)
        found = [self._flash] if self._flash else []
        if kept:
            kind, _, source = unquote(kept).partition(":")
            # A cookie may come from anywhere: a kind that nobody knows would break every page.
            if kind in FLASH_KINDS and source:
                found.append((kind, i18n.gettext(source)))
        return found

    def let_go(self) -> None:
        """Gives the database back for what takes long and needs none; what follows is a new transaction.

        Only before anything has been changed: a request that changes is one transaction.
        """
        self.session.commit()

    def say(self, message: i18n.Message, kind: str = "success") -> "Page":
        """A line at the top of the next page; a sentence without facts, since it travels in a cookie."""
        self._flash = (kind, message.source)
        return self

    def render(self, name: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
        part = block if is_partial(self.request) else None
        body = templating.render(name, part, page=self, **context)
        answer = HTMLResponse(body, status_code=status, headers={"vary": "HX-Request"})
        if self.request.cookies.get(FLASH_COOKIE) and part is None:
            answer.delete_cookie(FLASH_COOKIE, path="/")
        return answer

    def see_other(self, path: str) -> Response:
        answer = RedirectResponse(local_path(path), status_code=303)
        if self._flash:
            kind, source = self._flash
            answer.set_cookie(
                FLASH_COOKIE,
                quote(f"{kind}:{source}"),
                max_age=60,
                httponly=True,
                samesite="lax",
                secure=self.settings.has_https,
                path="/",
            )
        return answer


def open_page(request: Request, session: SessionDep, actor: ActorDep, settings: SettingsDep) -> Page:
    return Page(request, session, actor, settings)


PageDep = Annotated[Page, Depends(open_page, scope="function")]


def query_text(request: Request, name: str) -> str:
    """A filter from the address, tidy and short."""
    typed = request.query_params.get(name, "")
    # No database stores what is invisible, and one of the two refuses to compare with it.
    return "".join(letter for letter in typed if letter.isprintable()).strip()[:100]
