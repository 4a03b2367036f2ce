"""DOMAIN 4, sign-in link: random, hashed, once, ten minutes, one browser; GET shows, POST consumes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.accounts.models import Account, SignInLink, SignInSession
from service.accounts.schemas import tidy_email
from service.audit.models import AuditEntry
from service.core import clock
from service.core.settings import Settings
from service.core.tokens import hash_token
from service.mail import rendering
from service.mail.models import Mail, Stream
from tests.conftest import Browser
from tests.service.accounts.conftest import NewBrowser

SESSION_COOKIE = "__Host-podium"
LinkOf = Callable[[str], str]


def ask(browser: Browser, account: Account, **fields: str) -> None:
    assert browser.post("/sign-in", data={"email": account.email, **fields}).status_code == 303


def test_it_works(client: Browser, farida: Account, newest_link: LinkOf, session: Session) -> None:
    asked = client.post("/sign-in", data={"email": f" {farida.email.upper()} ", "next": "/account"})
    assert asked.headers["location"] == "/sign-in/sent"
    assert "Look in your mail" in client.get("/sign-in/sent").text
    link = newest_link(farida.email)
    assert farida.name in client.get(link).text
    entered = client.post(link)
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    assert farida.email in client.get("/account").text
    session.expire_all()
    assert session.get_one(Account, farida.id).signed_in_at is not None
    acts = session.exec(select(AuditEntry.action)).all()
    assert {"sign_in_link.mailed", "sign_in_link.used", "session.started"} <= set(acts)


def test_the_mail_holds_the_link_from_the_configured_address(
    client: Browser, farida: Account, newest_link: LinkOf, session: Session, settings: Settings
) -> None:
    client.post("/sign-in", data={"email": farida.email}, headers={"x-forwarded-host": "evil.example"})
    mail = session.exec(select(Mail)).one()
    assert mail.stream is Stream.SIGN_IN
    message = rendering.render(mail, settings)
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert f"https://podium.example{newest_link(farida.email)}" in body.get_content()
    assert "List-Unsubscribe" not in message


def test_a_token_has_at_least_128_bits_and_only_its_hash_is_kept(
    client: Browser, farida: Account, newest_link: LinkOf, session: Session
) -> None:
    ask(client, farida)
    token = newest_link(farida.email).rpartition("/")[2]
    assert len(token) * 6 >= 128
    link = session.exec(select(SignInLink)).one()
    assert link.token_hash == hash_token(token)
    assert token not in str(link.model_dump())
    assert link.browser_hash not in client.cookies.values()


def test_get_changes_nothing(client: Browser, farida: Account, newest_link: LinkOf, session: Session) -> None:
    """Mail scanners and previews open every link."""
    ask(client, farida)
    link = newest_link(farida.email)
    for _visit in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    session.expire_all()
    assert session.exec(select(SignInLink)).one().used_at is None
    assert session.exec(select(SignInSession)).all() == []
    assert SESSION_COOKIE not in client.cookies


def test_it_works_once(
    client: Browser, farida: Account, newest_link: LinkOf, new_browser: NewBrowser, session: Session
) -> None:
    ask(client, farida)
    link = newest_link(farida.email)
    stolen_cookies = dict(client.cookies)
    client.post(link)
    thief = new_browser()
    thief.cookies.update(stolen_cookies)
    again = thief.post(link)
    assert again.headers["location"] == link
    assert SESSION_COOKIE not in thief.cookies
    shown = thief.get(link)
    assert (shown.status_code, "has been used already" in shown.text) == (410, True)
    assert len(session.exec(select(SignInSession)).all()) == 1


def test_a_second_click_in_the_same_browser_leads_on(
    client: Browser, farida: Account, newest_link: LinkOf
) -> None:
    ask(client, farida, next="/account")
    link = newest_link(farida.email)
    client.post(link)
    assert client.post(link).headers["location"] == link
    assert client.get(link).headers["location"] == "/account"


def test_it_is_too_old_after_ten_minutes(
    client: Browser, farida: Account, newest_link: LinkOf, session: Session
) -> None:
    ask(client, farida)
    link = newest_link(farida.email)
    made = session.exec(select(SignInLink)).one()
    assert made.expires_at - made.created_at <= timedelta(minutes=10, seconds=1)
    with time_machine.travel(clock.now() + timedelta(minutes=9, seconds=50), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        # The cookie of the browser is over as well, so a patient thief brings it along by himself.
        shown = client.get(link)
        client.post(link)
    assert shown.status_code == 410
    assert SESSION_COOKIE not in client.cookies


def test_too_old_says_so(client: Browser, farida: Account, newest_link: LinkOf, session: Session) -> None:
    ask(client, farida)
    link = session.exec(select(SignInLink)).one()
    link.expires_at = clock.now()
    session.commit()
    shown = client.get(newest_link(farida.email))
    assert "too old" in shown.text
    assert 'href="/sign-in"' in shown.text


def test_it_works_only_in_the_browser_that_asked(
    client: Browser, farida: Account, newest_link: LinkOf, new_browser: NewBrowser, session: Session
) -> None:
    """Whoever reads along in somebody's mail gets nowhere with the link alone."""
    ask(client, farida)
    link = newest_link(farida.email)
    other = new_browser()
    shown = other.get(link)
    assert (shown.status_code, "another browser" in shown.text) == (410, True)
    assert farida.name not in shown.text
    other.post(link)
    assert SESSION_COOKIE not in other.cookies
    assert client.get(link).status_code == 200, "the attempt has not used it up"
    client.post(link)
    assert SESSION_COOKIE in client.cookies


@pytest.mark.parametrize("forged", ["", "x", "0" * 43])
def test_a_forged_browser_cookie_does_not_help(
    client: Browser, farida: Account, newest_link: LinkOf, new_browser: NewBrowser, forged: str
) -> None:
    ask(client, farida)
    other = new_browser()
    other.cookies.set("__Host-podium-browser", forged)
    other.post(newest_link(farida.email))
    assert SESSION_COOKIE not in other.cookies


def test_asking_for_somebody_else_gives_the_asker_nothing(
    client: Browser, farida: Account, newest_link: LinkOf, new_browser: NewBrowser
) -> None:
    """The attacker asks for Farida's link in his browser; she opens the mail in hers: nobody is in."""
    attacker, victim = new_browser(), client
    ask(attacker, farida)
    victim.post(newest_link(farida.email))
    assert SESSION_COOKIE not in victim.cookies
    assert attacker.get("/account").status_code != 200


def test_two_links_of_one_browser_both_work(client: Browser, farida: Account, newest_link: LinkOf) -> None:
    """Impatient people ask twice and open the first mail."""
    ask(client, farida)
    first = newest_link(farida.email)
    ask(client, farida)
    assert newest_link(farida.email) != first
    assert client.get(first).status_code == 200


@pytest.mark.parametrize(
    "token", ["x", "a" * 43, "%2e%2e", "a%0d%0aset-cookie:%20x", "'; drop table account"]
)
def test_a_guessed_token_is_unknown(client: Browser, farida: Account, token: str) -> None:
    shown = client.get(f"/sign-in/{token}")
    assert (shown.status_code, "do not know this link" in shown.text) == (410, True)
    answered = client.post(f"/sign-in/{token}")
    assert answered.status_code == 303
    assert answered.headers["location"].startswith("/")
    assert SESSION_COOKIE not in client.cookies


def test_a_link_of_a_closed_account_does_not_exist(
    client: Browser, farida: Account, newest_link: LinkOf, session: Session
) -> None:
    ask(client, farida)
    link = newest_link(farida.email)
    farida.is_active = False
    session.commit()
    assert "do not know this link" in client.get(link).text
    client.post(link)
    assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    "next_path",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_next_leads_nowhere_else(
    client: Browser, farida: Account, newest_link: LinkOf, next_path: str
) -> None:
    page = client.get("/sign-in", params={"next": next_path})
    assert '<input type="hidden" name="next" value="/">' in page.text
    ask(client, farida, next=next_path)
    target = client.post(newest_link(farida.email)).headers["location"]
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\", "/%09"))
    assert "evil.example" not in target


def test_a_wrong_address_is_said_and_kept(client: Browser, world: object, session: Session) -> None:
    answered = client.post("/sign-in", data={"email": "farida at example", "next": "/offers"})
    assert answered.status_code == 422
    assert "Fill in an e-mail address" in answered.text
    assert "farida at example" in answered.text
    assert 'value="/offers"' in answered.text
    assert session.exec(select(Mail)).all() == []


@pytest.mark.parametrize(
    "email",
    [
        "a@b.nl\r\nBcc: c@d.nl",
        "a@b.nl\nx",
        "a@b.nl,c@d.nl",
        "<a@b.nl>",
        "a\x00@b.nl",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "-f@x.nl",
        "\N{FULLWIDTH LATIN SMALL LETTER A}@b.nl",
        "a@b\N{FULLWIDTH FULL STOP}nl",
        ".a@b.nl",
        "a..b@c.nl",
        "a@-b.nl",
        "a@localhost",
        f"{'x' * 250}@b.nl",
    ],
)
def test_an_address_that_no_mail_may_go_to(client: Browser, world: object, email: str) -> None:
    assert client.post("/sign-in", data={"email": email}).status_code == 422


@pytest.mark.parametrize("email", ["Els.de-Wit+school@Sub.School.NL", "o'neil@x.co.uk", "a@xn--bcher-kva.nl"])
def test_an_address_with_everything_in_it(email: str) -> None:
    assert tidy_email(f" {email} ") == email.lower()


def test_unknown_fields_are_refused(client: Browser, farida: Account) -> None:
    answered = client.post("/sign-in", data={"email": farida.email, "is_admin": "yes"})
    assert answered.status_code == 422
