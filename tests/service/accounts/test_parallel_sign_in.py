"""Two clicks at the same moment, in real transactions of real threads: exactly one session."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.accounts import magic_link, signing_in
from service.accounts.models import SignInLink, SignInSession
from service.app import create_app
from service.core.actor import GUEST
from service.core.db import make_engine, transaction
from service.core.settings import Settings
from service.mail.models import Mail
from tests.conftest import BASE_URL
from tests.factories import make_account

AT_ONCE = 8
HEADERS = {"sec-fetch-site": "same-origin"}


def test_it_works(own_database: str, settings: Settings) -> None:
    engine = make_engine(own_database)
    with transaction(engine) as session:
        email = make_account(session).email
    app = create_app(settings.model_copy(update={"database_url": own_database}))
    with TestClient(app, base_url=BASE_URL, follow_redirects=False, headers=HEADERS) as browser:
        browser.post("/sign-in", data={"email": email})
        with transaction(engine, read_only=True) as session:
            link = session.exec(select(Mail)).one().context["path"]
        cookies = dict(browser.cookies)
        barrier = Barrier(AT_ONCE)

        def click(_number: int) -> bool:
            finger = TestClient(
                app, base_url=BASE_URL, follow_redirects=False, headers=HEADERS, cookies=cookies
            )
            barrier.wait(timeout=10)
            answer = finger.post(link)
            assert answer.status_code == 303
            return any("__Host-podium=" in header for header in answer.headers.get_list("set-cookie"))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            entered = list(pool.map(click, range(AT_ONCE)))
    assert entered.count(True) == 1
    with transaction(engine, read_only=True) as session:
        assert len(session.exec(select(SignInSession)).all()) == 1
    engine.dispose()


def test_the_limit_of_links_holds_over_processes(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve asked at once: five sent, since who counts holds the account's row."""
    monkeypatch.setattr(magic_link, "MOST_LINKS_OF_ALL", 5)
    engine = make_engine(own_database)
    with transaction(engine) as session:
        email = make_account(session).email
    barrier = Barrier(12)

    def ask(_number: int) -> None:
        barrier.wait(timeout=10)
        with transaction(engine) as session:
            signing_in.ask_sign_in_link(session, email, "browser", "/")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(12)))
    with transaction(engine, read_only=True) as session:
        assert len(session.exec(select(SignInLink)).all()) == 5
        assert len(session.exec(select(Mail)).all()) == 5
    engine.dispose()


def test_a_link_is_refused_where_it_was_used_meanwhile(own_database: str) -> None:
    """The state is read first; between reading and using, somebody else may have been quicker."""
    engine = make_engine(own_database)
    with transaction(engine) as session:
        email = make_account(session).email
        signing_in.ask_sign_in_link(session, email, "browser", "/")
        token = session.exec(select(Mail)).one().context["path"].rpartition("/")[2]
    with transaction(engine) as session:
        assert signing_in.sign_in(session, GUEST, token, "browser") is not None
    with transaction(engine) as session:
        assert signing_in.sign_in(session, GUEST, token, "browser") is None
    engine.dispose()
