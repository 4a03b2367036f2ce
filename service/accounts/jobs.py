"""What runs by itself: forgetting links, sessions and tokens that have been of no use for a day."""

from datetime import timedelta

from sqlalchemy import delete, or_
from sqlmodel import col

from service.accounts.models import ApiToken, SignInLink, SignInSession
from service.core import clock
from service.core.jobs import Begin, Job

KEPT_AFTER_USE = timedelta(hours=24)


def forget_what_is_over(begin: Begin) -> bool:
    """Links count for the limit of a quarter of an hour, so a day is long enough to keep them."""
    past = clock.now() - KEPT_AFTER_USE
    over = (
        delete(SignInLink).where(col(SignInLink.expires_at) < past),
        delete(SignInSession).where(
            or_(col(SignInSession.expires_at) < past, col(SignInSession.ended_at) < past)
        ),
        delete(ApiToken).where(or_(col(ApiToken.expires_at) < past, col(ApiToken.revoked_at) < past)),
    )
    with begin() as session:
        gone = sum(session.execute(rows).rowcount for rows in over)  # type: ignore[attr-defined]
    return bool(gone)


JOBS = (Job("forget_sign_ins", timedelta(hours=1), forget_what_is_over),)
