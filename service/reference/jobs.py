"""What happens by itself: words that nobody knows are forgotten in time."""

from datetime import timedelta

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM
from service.core.jobs import Begin, Job
from service.reference.retention import forget_words


def forget_step(begin: Begin) -> bool:
    with begin() as session:
        forgotten = forget_words(session, clock.today())
        if forgotten:
            record(session, SYSTEM, "unknown_word.forgotten", count=forgotten)
    return bool(forgotten)


JOBS = (Job("unknown_words", timedelta(hours=6), forget_step),)
