"""Builds the digests that are due, and notes which of them have left."""

from datetime import timedelta

from service.core import clock
from service.core.jobs import Begin, Job, claim
from service.digests import actions, queries, retention
from service.digests.models import Subscription
from service.digests.moments import next_moment


def build_digest(begin: Begin) -> bool:
    """One due subscription; moving its moment forward is the claim, in the very transaction that builds.

    Killed before the end, nothing has happened and it is still due; of two workers one finds it moved.
    """
    now = clock.now()
    with begin(read_only=True) as session:
        due = queries.find_due_subscription(session, now)
    if due is None:
        return False
    with begin() as session:
        if claim(session, Subscription, due, next_moment(now, due.weekday, due.at)):
            actions.build_digest(session, begin.settings, due.id, now)
    return True


def note_sent_digest(begin: Begin) -> bool:
    """Mail knows nothing of digests (HOUSE 4): here the digest hears that it has left."""
    with begin(read_only=True) as session:
        if queries.find_unnoted_digest(session) is None:
            return False
    with begin() as session:
        digest = queries.find_unnoted_digest(session, lock=True)
        if digest is not None:
            actions.note_sent(session, digest)
    return True


def subscribe_staff(begin: Begin) -> bool:
    """An invitation knows nothing of digests (HOUSE 4): here new staff of a school get theirs."""
    with begin(read_only=True) as session:
        found = queries.find_staff_without_subscription(session)
    if found is None:
        return False
    with begin() as session:
        actions.create_default_subscription(session, *found)
    return True


def forget_digests(begin: Begin) -> bool:
    with begin() as session:
        return retention.forget_digests(session, clock.now()) > 0


JOBS = [
    Job("build_digest", timedelta(seconds=5), build_digest),
    Job("note_sent_digest", timedelta(seconds=5), note_sent_digest),
    Job("forget_digests", timedelta(hours=6), forget_digests),
    Job("subscribe_staff", timedelta(minutes=1), subscribe_staff),
]
