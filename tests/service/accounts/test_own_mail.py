"""Which kinds of mail one gets: chosen on one's own page, the same as by the links in the mails."""

import pytest
from sqlmodel import Session, select

from service.accounts.models import Account
from service.mail.addresses import address_hash
from service.mail.models import Stream, Suppression, SuppressionReason
from tests.conftest import Browser
from tests.world import World


def suppressed(session: Session) -> list[tuple[str, Stream, SuppressionReason]]:
    session.expire_all()
    return [(row.address_hash, row.stream, row.reason) for row in session.exec(select(Suppression))]


def test_it_works(signed_in: Browser, farida: Account, session: Session) -> None:
    """One kind stops, the others go on; and it starts again."""
    reader = address_hash(farida.email)

    assert signed_in.post("/account/mail/question/stop").status_code == 303
    assert suppressed(session) == [(reader, Stream.QUESTION, SuppressionReason.UNSUBSCRIBED)]
    assert signed_in.get("/account").text.count("Door jou gestopt") == 1

    assert signed_in.post("/account/mail/question/start").status_code == 303
    assert suppressed(session) == []
    assert "Door jou gestopt" not in signed_in.get("/account").text


@pytest.mark.parametrize("stream", ["sign_in", "agreement", "nonsense"])
def test_what_one_asks_for_oneself_cannot_be_stopped(
    signed_in: Browser, session: Session, stream: str
) -> None:
    assert signed_in.post(f"/account/mail/{stream}/stop").status_code == 404
    assert suppressed(session) == []


def test_mail_that_came_back_is_for_an_administrator_to_judge(
    signed_in: Browser, farida: Account, session: Session
) -> None:
    held = (address_hash(farida.email), Stream.QUESTION, SuppressionReason.HARD_BOUNCE)
    session.add(Suppression(address_hash=held[0], stream=held[1], reason=held[2]))
    session.commit()

    assert "Kwam terug" in signed_in.get("/account").text
    signed_in.post("/account/mail/question/start")
    assert suppressed(session) == [held]


def test_youths_and_guests_have_no_mail_to_stop(client: Browser, world: World) -> None:
    assert client.post("/account/mail/digest/stop").status_code == 403
    assert client.acting_as(world.noor_herself).post("/account/mail/digest/stop").status_code == 403
