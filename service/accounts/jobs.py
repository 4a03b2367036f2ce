"""What runs by itself: forgetting links, sessions and tokens that are over."""

from datetime import timedelta

from service.accounts import retention
from service.core import clock
from service.core.jobs import Begin, Job


def forget_what_is_over(begin: Begin) -> bool:
    with begin() as session:
        return bool(retention.forget_what_is_over(session, clock.now()))


JOBS = (Job("forget_sign_ins", timedelta(hours=1), forget_what_is_over),)
