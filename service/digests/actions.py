"""Subscribing to a school's digest, and building one: row, mail and next moment in one transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM, Actor
from service.core.errors import NotFound, require
from service.core.settings import Settings
from service.core.tokens import read_signed, sign
from service.digests import mails, policy, queries
from service.digests.models import Digest, DigestStatus, SkipReason, Subscription
from service.digests.moments import A_WEEK, latest_moment, next_moment, week_of
from service.digests.schemas import SubscriptionInput
from service.digests.sections import Span, sections_of
from service.mail import outbox

UNSUBSCRIBE = "unsubscribe"
# Mail is kept and read long after it came.
UNSUBSCRIBE_WORKS_FOR = timedelta(days=730)
# An act takes its moment just before it commits; so long after that moment it is there to be counted.
SETTLING = timedelta(seconds=5)


def digest_key(account_id: UUID, school_id: UUID, period: str) -> str:
    """kind:recipient:period; the unique key that keeps a period from being told twice."""
    return f"school-{school_id}:{account_id}:{period}"


def create_default_subscription(session: Session, account_id: UUID, school_id: UUID) -> Subscription:
    """Mondays at half past seven, for who becomes staff of a school; keeps the subscription that is there."""
    found = queries.find_subscription(session, account_id, school_id)
    if found is not None:
        return found
    row = Subscription(account_id=account_id, school_id=school_id, told_until=clock.now())
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    session.flush()
    return row


def change_subscription(session: Session, actor: Actor, new: SubscriptionInput) -> Subscription:
    """Also starts it for who has none, and again for who paused it."""
    row = _own_subscription(session, actor, new.school_id)
    row.weekday, row.at, row.is_active = new.weekday, new.at, True
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    record(session, actor, "subscription.changed", row, weekday=new.weekday, at=new.at.isoformat())
    return row


def pause_subscription(session: Session, actor: Actor, school_id: UUID) -> Subscription:
    row = _own_subscription(session, actor, school_id)
    _stop(session, row)
    record(session, actor, "subscription.paused", row)
    return row


def resume_subscription(session: Session, actor: Actor, school_id: UUID) -> Subscription:
    """The first digest after a pause tells everything since the last one."""
    row = _own_subscription(session, actor, school_id)
    row.is_active = True
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    record(session, actor, "subscription.resumed", row)
    return row


def _own_subscription(session: Session, actor: Actor, school_id: UUID) -> Subscription:
    if not policy.may_subscribe(actor, school_id):
        require(policy.may_list(actor))
        raise NotFound
    assert actor.account_id is not None
    return create_default_subscription(session, actor.account_id, school_id)


def _next_untold_moment(session: Session, row: Subscription) -> datetime:
    """A week that has been told already is over, also when another day of it is chosen now."""
    moment = next_moment(clock.now(), row.weekday, row.at)
    told = queries.has_digest(session, digest_key(row.account_id, row.school_id, week_of(moment)))
    return next_moment(moment + A_WEEK / 2, row.weekday, row.at) if told else moment


def _stop(session: Session, row: Subscription) -> None:
    row.is_active = False
    row.due_at = None
    session.add(row)


def unsubscribe_token(secret: str, subscription_id: UUID) -> str:
    return sign(secret, UNSUBSCRIBE, subscription_id.hex)


def find_by_token(session: Session, secret: str, token: str) -> Subscription | None:
    """Who holds the mail may stop it, without signing in."""
    payload = read_signed(secret, UNSUBSCRIBE, token, int(UNSUBSCRIBE_WORKS_FOR.total_seconds()))
    return session.get(Subscription, UUID(hex=payload)) if isinstance(payload, str) else None


def unsubscribe(session: Session, secret: str, token: str) -> Subscription | None:
    """Safe to repeat: mail programs do."""
    row = find_by_token(session, secret, token)
    if row is not None and row.is_active:
        _stop(session, row)
        record(session, SYSTEM, "subscription.paused", row, by="mail")
    return row


def build_digest(session: Session, settings: Settings, subscription_id: UUID, now: datetime) -> Digest | None:
    """What is due since the last time, also when that was weeks ago; None when nobody may be told."""
    subscription = session.get_one(Subscription, subscription_id)
    reader = queries.find_reader(session, subscription)
    if reader is None:
        _stop(session, subscription)
        record(session, SYSTEM, "subscription.ended", subscription)
        return None
    period = week_of(latest_moment(now, subscription.weekday, subscription.at))
    key = digest_key(subscription.account_id, subscription.school_id, period)
    if queries.has_digest(session, key):
        return None
    since, until = subscription.told_until, now - SETTLING
    span = Span(subscription.school_id, since, until, now.astimezone(clock.AMSTERDAM).date())
    sections = sections_of(session, span)
    digest = Digest(
        key=key,
        subscription_id=subscription.id,
        school_id=subscription.school_id,
        period=period,
        since=since,
        until=until,
        content={"sections": [section.as_json() for section in sections]},
    )
    if sections:
        _send(session, settings, digest, reader)
    else:
        digest.status, digest.skip_reason = DigestStatus.SKIPPED, SkipReason.NOTHING_TO_TELL
    session.add(digest)
    subscription.told_until = max(since, until) if since else until
    session.add(subscription)
    record(session, SYSTEM, f"digest.{digest.status}", digest, period=period)
    return digest


def _send(session: Session, settings: Settings, digest: Digest, reader: queries.Reader) -> None:
    token = unsubscribe_token(settings.secret_key.get_secret_value(), digest.subscription_id)
    mail = mails.school_digest(digest, reader.account, reader.school, token)
    outbox.put(session, mail)
    session.flush()
    digest.mail_id, digest.status = mail.id, DigestStatus.BUILT


def note_sent(session: Session, digest: Digest) -> None:
    digest.status = DigestStatus.SENT
    session.add(digest)
    record(session, SYSTEM, "digest.sent", digest, period=digest.period)
