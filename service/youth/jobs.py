"""What happens by itself: interests are forgotten when their school year is over."""

from datetime import timedelta

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job
from service.youth.retention import forget_interests


def forget_step(begin: Begin) -> bool:
    with begin() as session:
        forgotten = forget_interests(session, clock.today())
        if forgotten:
            record(session, SYSTEM, "youth.interests_forgotten", count=forgotten)
    return bool(forgotten)


JOBS = (Job("youth_interests", timedelta(hours=6), forget_step),)
