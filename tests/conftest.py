"""Database, client, clock, outbox, query counter."""

import gc
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlmodel import Session
from starlette.datastructures import State
from starlette.requests import Request

from service.app import create_app
from service.core.actor import GUEST, Actor
from service.core.db import make_engine
from service.core.jobs import Begin
from service.core.rate_limit import RateLimiter
from service.core.settings import Environment, Settings
from service.web.page import open_session
from tests import databases
from tests.world import World, build_world

BACKENDS = ("sqlite", "postgresql")
BASE_URL = "https://podium.example"


def pytest_configure() -> None:
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("unhurried")
    # Faults that tests provoke are logged in short: drawing each with its variables takes seconds.
    *processors, _drawn = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*processors, plain])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded here stays to the end: to search it for garbage again and again costs a quarter."""
    gc.disable()
    collected = yield
    gc.collect()
    gc.freeze()
    gc.enable()
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stories take longest: begun first, they leave no process alone at work in the end."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    databases.prepare(make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    with databases.postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[URL]:
    with databases.new_postgresql(postgresql_server) as url:
        databases.prepare(url)
        yield url


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("shared") / "podium.db"
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_template: URL) -> Iterator[Engine]:
    with databases.new_postgresql(postgresql_template, postgresql_template.database) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(backend: str, request: pytest.FixtureRequest) -> Engine:
    """The database of the tests that roll back what they did; made once, however often the two take turns."""
    engine: Engine = request.getfixturevalue(f"{backend}_engine")
    return engine


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    with shared_engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


def session_on(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A real transaction, rolled back at the end."""
    with session_on(connection) as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    """The cast: the same people, schools and companies in every test."""
    return build_world(session)


@pytest.fixture
def own_database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of one's own, for tests with several processes or real commits."""
    if backend == "sqlite":
        path = tmp_path / "podium.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template: URL = request.getfixturevalue("postgresql_template")
    with databases.new_postgresql(template, template.database) as url:
        yield url.render_as_string(hide_password=False)


def settings_in(folder: Path) -> Settings:
    return Settings(
        environment=Environment.DEVELOPMENT,
        base_url=BASE_URL,
        database_url=f"sqlite:///{folder / 'unused.db'}",
        var_dir=folder / "var",
        lease_seconds=2,
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


class Browser(TestClient):
    """A client that can act as anybody without signing in; the sign-in has tests of its own."""

    def acting_as(self, actor: Actor) -> "Browser":
        def load(_session: Session, _request: Request) -> Actor:
            return actor

        self.app.state.load_actor = load  # type: ignore[attr-defined]
        return self

    def as_guest(self) -> "Browser":
        return self.acting_as(GUEST)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One for all: each new one works out its two hundred routes, which takes longer than ten answers."""
    return create_app(settings_in(tmp_path_factory.mktemp("app")))


@pytest.fixture
def app(shared_app: FastAPI, settings: Settings) -> Iterator[FastAPI]:
    """The application as it starts. Tests that add routes to it make one of their own."""
    at_start = shared_app.state
    kept = {name: at_start[name] for name in at_start}
    engine = make_engine(settings.database_url)
    shared_app.state = State(kept | {"settings": settings, "engine": engine, "rate_limiter": RateLimiter()})
    yield shared_app
    engine.dispose()
    shared_app.state = at_start
    shared_app.dependency_overrides.clear()


@pytest.fixture
def client(app: FastAPI, session: Session) -> Iterator[Browser]:
    """The whole application on the test's own transaction; starts as a guest."""

    def share_connection() -> Iterator[Session]:
        session.flush()
        session.commit()
        with session_on(session.connection()) as shared:
            try:
                yield shared
                shared.commit()
            except BaseException:
                shared.rollback()
                raise
            finally:
                session.expire_all()

    app.dependency_overrides[open_session] = share_connection
    browser = Browser(
        app,
        base_url=BASE_URL,
        follow_redirects=False,
        headers={"sec-fetch-site": "same-origin", "accept-language": "en"},
    )
    with browser:
        yield browser


@pytest.fixture
def begin(session: Session, settings: Settings) -> Begin:
    """Job steps on the test's own transaction."""

    class BeginHere(Begin):
        @contextmanager
        def __call__(self, *, read_only: bool = False) -> Iterator[Session]:
            session.commit()
            with session_on(session.connection()) as shared:
                yield shared
                shared.commit()
            session.expire_all()

    return BeginHere(session.get_bind().engine, settings)


@pytest.fixture
def count_queries(connection: Connection) -> Callable[[], Any]:
    """`with count_queries() as counted: …; counted.number` — lists must not ask more with more rows."""

    class Counted:
        number = 0

    @contextmanager
    def count() -> Iterator[Counted]:
        counted = Counted()

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                counted.number += 1

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return count
