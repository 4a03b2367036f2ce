"""Builds the digests that are due, and notes which of them have left."""

from collections.abc import Sequence
from datetime import timedelta

from service.core import clock
from service.core.jobs import Begin, Job, claim
from service.core.logs import get_logger
from service.digests import actions, queries, retention
from service.digests.models import Subscription
from service.digests.moments import next_moment

AT_A_TIME = 25
AFTER_A_FAULT = timedelta(hours=1)

log = get_logger(__name__)


def build_digests(begin: Begin) -> bool:
    """Some due subscriptions; moving a moment forward is the claim, in the very transaction that builds.

    Killed before the end, nothing has happened and all are still due; of two workers one finds them moved.
    """
    now = clock.now()
    with begin(read_only=True) as session:
        due = queries.list_due_subscriptions(session, now, AT_A_TIME)
    if not due:
        return False
    try:
        with begin() as session:
            claimed = [
                row.id
                for row in due
                if claim(session, Subscription, row, next_moment(now, actions.plan_of(row)))
            ]
            actions.build_digests(session, begin.settings, claimed, now)
    except Exception:
        log.exception("digests_not_built_together", number=len(due))
        _build_one_by_one(begin, due)
    return True


def _build_one_by_one(begin: Begin, due: Sequence[Subscription]) -> None:
    """One that cannot be built must not keep the others waiting: it is tried again later."""
    now = clock.now()
    for row in due:
        try:
            with begin() as session:
                if claim(session, Subscription, row, next_moment(now, actions.plan_of(row))):
                    actions.build_digests(session, begin.settings, [row.id], now)
        except Exception:
            log.exception("digest_not_built", subscription=str(row.id))
            with begin() as session:
                claim(session, Subscription, row, now + AFTER_A_FAULT)


def note_sent_digests(begin: Begin) -> bool:
    """Mail knows nothing of digests (HOUSE 4): here the digests hear that they have left."""
    with begin(read_only=True) as session:
        if not queries.list_unnoted_digests(session, 1):
            return False
    with begin() as session:
        for digest in queries.list_unnoted_digests(session, AT_A_TIME, lock=True):
            actions.note_sent(session, digest)
    return True


def subscribe_member(begin: Begin) -> bool:
    """An invitation knows nothing of digests (HOUSE 4): here who got a role gets a digest."""
    with begin(read_only=True) as session:
        found = queries.find_member_without_subscription(session)
    if found is None:
        return False
    account_id, audience, place_id = found
    with begin() as session:
        actions.create_default_subscription(session, account_id, place_id, audience)
    return True


def forget_digests(begin: Begin) -> bool:
    with begin() as session:
        return retention.forget_digests(session, clock.now()) > 0


JOBS = [
    Job("build_digest", timedelta(seconds=5), build_digests),
    Job("note_sent_digest", timedelta(seconds=5), note_sent_digests),
    Job("forget_digests", timedelta(hours=6), forget_digests),
    Job("subscribe_member", timedelta(minutes=1), subscribe_member),
]
