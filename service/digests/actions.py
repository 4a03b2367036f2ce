"""Subscribing to a digest, and building one: row, mail and next moment in one transaction."""

from dataclasses import dataclass, field
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
from service.digests.errors import AskedJustNow, NothingToTell
from service.digests.models import (
    PLACE_COLUMN,
    Audience,
    Digest,
    DigestStatus,
    Rhythm,
    SkipReason,
    Subscription,
)
from service.digests.moments import Plan, latest_moment, moment_on, next_moment
from service.digests.queries import Reader
from service.digests.schemas import PlaceInput, SubscriptionInput
from service.digests.sections import Section, Span, sections_of
from service.mail import outbox
from service.mail.models import Mail

UNSUBSCRIBE = "unsubscribe"
# Mail is kept and read long after it came.
UNSUBSCRIBE_WORKS_FOR = timedelta(days=730)
# An act takes its moment just before it commits; so long after that moment it is there to be counted.
SETTLING = timedelta(seconds=5)
BETWEEN_EXTRAS = timedelta(minutes=10)
# A host is told who comes in the next two weeks: more often would say the same twice.
USUAL_RHYTHM = {Audience.HOST: Rhythm.FORTNIGHTLY}


def plan_of(subscription: Subscription) -> Plan:
    return Plan(subscription.rhythm, subscription.weekday, subscription.at)


def digest_key(subscription: Subscription, period: str) -> str:
    """kind:recipient:period; the unique key that keeps a period from being told twice."""
    return f"{subscription.audience}-{subscription.place_id}:{subscription.account_id}:{period}"


def create_default_subscription(
    session: Session, account_id: UUID, place_id: UUID, audience: Audience = Audience.SCHOOL
) -> Subscription:
    """Mondays at half past seven, for who gets a role; keeps the subscription that is there."""
    found = queries.find_subscription(session, account_id, audience, place_id)
    if found is not None:
        return found
    row = Subscription(
        account_id=account_id,
        audience=audience,
        rhythm=USUAL_RHYTHM.get(audience, Rhythm.WEEKLY),
        told_until=clock.now(),
    )
    setattr(row, PLACE_COLUMN[audience], place_id)
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    session.flush()
    return row


def change_subscription(session: Session, actor: Actor, new: SubscriptionInput) -> Subscription:
    """Also starts it for who has none, and again for who paused it."""
    row = _own_subscription(session, actor, new)
    row.rhythm, row.weekday, row.at, row.is_active = new.rhythm, new.weekday, new.at, True
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    facts = {"rhythm": new.rhythm.value, "weekday": new.weekday, "at": new.at.isoformat()}
    record(session, actor, "subscription.changed", row, **facts)
    return row


def pause_subscription(session: Session, actor: Actor, place: PlaceInput) -> Subscription:
    row = _own_subscription(session, actor, place)
    _stop(session, row)
    record(session, actor, "subscription.paused", row)
    return row


def resume_subscription(session: Session, actor: Actor, place: PlaceInput) -> Subscription:
    """The first digest after a pause tells everything since the last one."""
    row = _own_subscription(session, actor, place)
    row.is_active = True
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    record(session, actor, "subscription.resumed", row)
    return row


def _own_subscription(session: Session, actor: Actor, place: PlaceInput) -> Subscription:
    if not policy.may_subscribe(actor, place.audience, place.place_id):
        require(policy.may_list(actor))
        raise NotFound
    assert actor.account_id is not None
    return create_default_subscription(session, actor.account_id, place.place_id, place.audience)


def _next_untold_moment(session: Session, row: Subscription) -> datetime:
    """A period that has been told already is over, also when another day of it is chosen now."""
    plan = plan_of(row)
    moment = next_moment(clock.now(), plan)
    while queries.has_digest(session, digest_key(row, plan.period_of(moment))):
        moment = next_moment(moment, plan)
    return moment


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


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be told now: everything since the last time, however long ago that was."""

    subscription: Subscription
    reader: Reader
    since: datetime | None
    until: datetime
    missed: int
    """How many did not come in a holiday since then."""
    sections: list[Section] = field(default_factory=list)

    def as_digest(self, key: str, period: str) -> Digest:
        digest = Digest(
            key=key,
            subscription_id=self.subscription.id,
            audience=self.subscription.audience,
            period=period,
            since=self.since,
            until=self.until,
            content={
                "sections": [section.as_json() for section in self.sections],
                "missed": self.missed,
            },
        )
        setattr(digest, PLACE_COLUMN[self.subscription.audience], self.subscription.place_id)
        return digest


def draft_now(session: Session, subscription: Subscription, reader: Reader, now: datetime) -> Draft:
    """The same for the preview, for one by hand and for the one that is due."""
    until, today = now - SETTLING, now.astimezone(clock.AMSTERDAM).date()
    span = Span(subscription.audience, subscription.place_id, subscription.told_until, until, today)
    missed = queries.count_missed(session, subscription)
    return Draft(subscription, reader, subscription.told_until, until, missed, sections_of(session, span))


def build_digest(session: Session, settings: Settings, subscription_id: UUID, now: datetime) -> Digest | None:
    """What is due since the last time, also when that was weeks ago; None when nobody is told now."""
    subscription = session.get_one(Subscription, subscription_id)
    reader = queries.find_reader(session, subscription)
    if reader is None:
        _stop(session, subscription)
        record(session, SYSTEM, "subscription.ended", subscription)
        return None
    plan = plan_of(subscription)
    period = plan.period_of(latest_moment(now, plan))
    key = digest_key(subscription, period)
    if queries.has_digest(session, key):
        return None
    free = queries.free_days_for(session, reader.place)
    today = now.astimezone(clock.AMSTERDAM).date()
    if free.name_on(today) is not None:
        back_at = moment_on(free.next_school_day(today), plan.at)
        if plan.period_of(back_at) == period:
            # A free Monday and not a free week: it comes on the first day somebody is there.
            subscription.due_at = back_at
            session.add(subscription)
            return None
        return _skip_for_holiday(session, Draft(subscription, reader, None, now, 0), key, period)
    return _tell(session, settings, draft_now(session, subscription, reader, now), key, period)


def _skip_for_holiday(session: Session, draft: Draft, key: str, period: str) -> Digest:
    """Nothing counts as told: the first digest after the holiday tells it."""
    digest = draft.as_digest(key, period)
    digest.since = draft.subscription.told_until
    digest.status, digest.skip_reason = DigestStatus.SKIPPED, SkipReason.HOLIDAY
    session.add(digest)
    record(session, SYSTEM, "digest.skipped", digest, period=period, reason=SkipReason.HOLIDAY.value)
    return digest


def _tell(session: Session, settings: Settings, draft: Draft, key: str, period: str) -> Digest:
    digest = draft.as_digest(key, period)
    if draft.sections:
        _send(session, settings, digest, draft.reader)
    else:
        digest.status, digest.skip_reason = DigestStatus.SKIPPED, SkipReason.NOTHING_TO_TELL
    session.add(digest)
    subscription = draft.subscription
    subscription.told_until = max(draft.since, draft.until) if draft.since else draft.until
    session.add(subscription)
    record(session, SYSTEM, f"digest.{digest.status}", digest, period=period)
    return digest


def _send(session: Session, settings: Settings, digest: Digest, reader: Reader) -> None:
    mail = mail_of(settings, digest, reader)
    outbox.put(session, mail)
    session.flush()
    digest.mail_id, digest.status = mail.id, DigestStatus.BUILT


def mail_of(settings: Settings, digest: Digest, reader: Reader) -> Mail:
    token = unsubscribe_token(settings.secret_key.get_secret_value(), digest.subscription_id)
    return mails.overview(digest, reader.account, reader.place.name, token)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next digest would hold if it went now, when it goes, and why not on its usual day."""

    draft: Draft
    mail: Mail | None
    due_at: datetime | None
    free_name: str | None
    """The holiday or day off on which it would fall."""


def preview_next(session: Session, settings: Settings, actor: Actor, place: PlaceInput) -> Preview:
    subscription, reader = _subscription_and_reader(session, actor, place)
    draft = draft_now(session, subscription, reader, clock.now())
    due_at = subscription.due_at
    period = plan_of(subscription).period_of(due_at or clock.now())
    digest = draft.as_digest("preview", period)
    free = queries.free_days_for(session, reader.place)
    free_name = free.name_on(due_at.astimezone(clock.AMSTERDAM).date()) if due_at else None
    mail = mail_of(settings, digest, reader) if draft.sections else None
    return Preview(draft, mail, due_at, free_name)


def send_extra(session: Session, settings: Settings, actor: Actor, place: PlaceInput) -> Digest:
    """One by hand: the regular one still comes, and tells the same things as new."""
    subscription, reader = _subscription_and_reader(session, actor, place)
    now = clock.now()
    if queries.has_extra_since(session, subscription, now - BETWEEN_EXTRAS):
        raise AskedJustNow
    draft = draft_now(session, subscription, reader, now)
    if not draft.sections:
        raise NothingToTell
    period = f"{now.astimezone(clock.AMSTERDAM):%Y-%m-%dT%H:%M}"
    digest = draft.as_digest(f"extra-{digest_key(subscription, period)}", period)
    digest.is_extra = True
    _send(session, settings, digest, reader)
    session.add(digest)
    record(session, actor, "digest.sent_by_hand", digest, period=period)
    return digest


def _subscription_and_reader(
    session: Session, actor: Actor, place: PlaceInput
) -> tuple[Subscription, Reader]:
    """Of the actor himself; nothing is made by looking."""
    if not policy.may_subscribe(actor, place.audience, place.place_id):
        require(policy.may_list(actor))
        raise NotFound
    subscription = queries.find_subscription(session, actor.account_id, place.audience, place.place_id)
    reader = queries.find_reader(session, subscription) if subscription is not None else None
    if subscription is None or reader is None:
        raise NotFound
    return subscription, reader


def note_sent(session: Session, digest: Digest) -> None:
    digest.status = DigestStatus.SENT
    session.add(digest)
    record(session, SYSTEM, "digest.sent", digest, period=digest.period)
