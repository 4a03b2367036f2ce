"""What is kept of people with an account goes when it is over, is exported whole and erased whole."""

from datetime import timedelta

import time_machine
from sqlmodel import Session, select

from service.accounts import jobs, retention, sessions, signing_in
from service.accounts.models import Account, ApiToken, Membership, SignInLink, SignInSession
from service.core import clock
from service.core.jobs import Begin
from service.core.tokens import hash_token
from tests.factories import make_account
from tests.world import World

TABLES = (Account, Membership, SignInLink, SignInSession, ApiToken)


def fill(session: Session, account: Account) -> None:
    signing_in.ask_sign_in_link(session, account.email, "browser", "/")
    sessions.start_for_account(session, account.id)
    session.add(
        ApiToken(
            account_id=account.id,
            name="Rooster",
            token_hash=hash_token(account.email),
            expires_at=clock.now() + timedelta(days=30),
        )
    )
    session.commit()


def test_it_works(begin: Begin, session: Session, world: World) -> None:
    """Links and sessions are gone a day after they are over, and not before."""
    fill(session, world.accounts["farida"])
    now = clock.now()
    with time_machine.travel(now + timedelta(hours=23), tick=False):
        assert jobs.forget_what_is_over(begin) is False
    assert session.exec(select(SignInLink)).all()
    with time_machine.travel(now + timedelta(hours=24, minutes=11), tick=False):
        assert jobs.forget_what_is_over(begin) is True
        assert jobs.forget_what_is_over(begin) is False
    assert session.exec(select(SignInLink)).all() == []
    assert session.exec(select(SignInSession)).one()
    with time_machine.travel(now + timedelta(days=32), tick=False):
        assert jobs.forget_what_is_over(begin) is True
    assert session.exec(select(SignInSession)).all() == []
    assert session.exec(select(ApiToken)).all() == []
    assert session.get(Account, world.accounts["farida"].id) is not None


def test_every_column_is_registered() -> None:
    """A new column is either named here or says nothing of a person."""
    of_no_person = {"id", "created_at"}
    assert {kept.table for kept in retention.KEPT} == set(TABLES)
    for kept in retention.KEPT:
        columns = set(kept.table.__table__.columns.keys())  # type: ignore[attr-defined]
        assert columns - of_no_person == set(kept.columns)
        assert set(kept.handed_over) <= columns
        assert not any(name.endswith("_hash") for name in kept.handed_over)


def test_an_export_is_complete_and_holds_no_secret(session: Session, world: World) -> None:
    farida = world.accounts["farida"]
    fill(session, farida)
    fill(session, world.accounts["kees"])
    handed_over = retention.export_account(session, farida.id)
    assert {name: len(rows) for name, rows in handed_over.items()} == {
        "account": 1,
        "membership": 1,
        "sign_in_link": 1,
        "sign_in_session": 1,
        "api_token": 1,
    }
    assert farida.email in str(handed_over)
    assert "kees" not in str(handed_over)
    assert hash_token(farida.email) not in str(handed_over)


def test_erasing_leaves_nothing_and_nobody_else_out(session: Session, world: World) -> None:
    farida = world.accounts["farida"]
    fill(session, farida)
    other = make_account(session)
    fill(session, other)
    session.commit()
    farida_id = farida.id
    retention.erase_account(session, farida_id)
    session.commit()
    for kept in retention.KEPT:
        whose = [getattr(row, kept.whose) for row in session.exec(select(kept.table)).all()]
        assert farida_id not in whose
        assert other.id in whose or kept.table is Membership
