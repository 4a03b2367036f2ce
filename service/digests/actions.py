"""Subscribing to a digest, and building one: row, mail and next moment in one transaction."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.accounts.models import Account
from service.audit.record import record
from service.core import clock
from service.core.actor import SYSTEM, Actor
from service.core.errors import NotFound, require
from service.core.i18n import speaking
from service.core.settings import Settings
from service.core.tokens import read_signed, sign
from service.digests import mails, policy, queries
from service.digests.answers import list_answers
from service.digests.errors import AskedJustNow, NothingToTell
from service.digests.mails import About
from service.digests.models import (
    PLACE_COLUMN,
    Audience,
    Digest,
    DigestStatus,
    Rhythm,
    SkipReason,
    Subscription,
    Topic,
)
from service.digests.moments import (
    Plan,
    back_in_period,
    comes_at,
    is_quiet,
    latest_moment,
    next_moment,
)
from service.digests.queries import Place, Reader
from service.digests.schemas import PlaceInput, SubscriptionInput
from service.digests.sections import Section, Span, is_reason, sections_of
from service.mail import outbox
from service.mail.actions import rejoin_stream
from service.mail.addresses import address_hash
from service.mail.models import Mail, Stream

UNSUBSCRIBE = "unsubscribe"
# Mail is kept and read long after it came.
UNSUBSCRIBE_WORKS_FOR = timedelta(days=730)
# An act takes its moment just before it commits; so long after that moment it is there to be counted.
SETTLING = timedelta(seconds=5)
BETWEEN_EXTRAS = timedelta(minutes=10)
MOST_IN_ONE = 5
"""Places that one mail tells of: a longer one is not read, nor does the token that stops them all fit."""
LENGTH_OF_AN_ID, LENGTH_OF_ITS_HEX = 16, 32
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
    """Mondays at half past seven, for who gets a role; keeps the subscription that is there.

    One that ended with the role starts again: of what happened while somebody was away he is told nothing.
    """
    found = queries.find_subscription(session, account_id, audience, place_id)
    if found is not None:
        return _start_again(session, found) if found.is_ended else found
    row = Subscription(
        account_id=account_id,
        audience=audience,
        rhythm=USUAL_RHYTHM.get(audience, Rhythm.WEEKLY),
        told_until=clock.now(),
    )
    setattr(row, PLACE_COLUMN[audience], place_id)
    try:
        with session.begin_nested():
            row.due_at = _next_untold_moment(session, row)
            session.add(row)
    except IntegrityError:
        # Another came first in this very moment, a worker or a second click: then his is the one.
        found = queries.find_subscription(session, account_id, audience, place_id)
        assert found is not None
        return found
    return row


def _start_again(session: Session, row: Subscription) -> Subscription:
    row.told_until = clock.now()
    return _start(session, row)


def change_subscription(session: Session, actor: Actor, new: SubscriptionInput) -> Subscription:
    """Also starts it for who has none, and again for who paused it."""
    row = _own_subscription(session, actor, new)
    row.rhythm, row.weekday, row.at = new.rhythm, new.weekday, new.at
    row.muted = sorted(set(Topic) - new.topics)
    _start_by_wish(session, row)
    facts = {"rhythm": new.rhythm.value, "weekday": new.weekday, "at": new.at.isoformat()}
    record(session, actor, "subscription.changed", row, **facts, topics=sorted(new.topics))
    return row


def pause_subscription(session: Session, actor: Actor, place: PlaceInput) -> Subscription:
    row = _own_subscription(session, actor, place)
    _stop(session, row)
    record(session, actor, "subscription.paused", row)
    return row


def resume_subscription(session: Session, actor: Actor, place: PlaceInput) -> Subscription:
    """The first digest after a pause tells everything since the last one."""
    row = _own_subscription(session, actor, place)
    _start_by_wish(session, row)
    record(session, actor, "subscription.resumed", row)
    return row


def pause_all(session: Session, actor: Actor) -> None:
    for row in queries.list_own_subscriptions(session, actor):
        if row.is_active:
            _stop(session, row)
            record(session, actor, "subscription.paused", row)


def resume_all(session: Session, actor: Actor) -> None:
    for row in queries.list_own_subscriptions(session, actor):
        if not row.is_active:
            _start_by_wish(session, row)
            record(session, actor, "subscription.resumed", row)


def _own_subscription(session: Session, actor: Actor, place: PlaceInput) -> Subscription:
    if not policy.may_subscribe(actor, place.audience, place.place_id):
        require(policy.may_list(actor))
        raise NotFound
    assert actor.account_id is not None
    return create_default_subscription(session, actor.account_id, place.place_id, place.audience)


def _next_untold_moment(session: Session, row: Subscription) -> datetime:
    plan = plan_of(row)
    moment = next_moment(clock.now(), plan)
    while _is_over(session, row, plan.period_of(moment)):
        moment = next_moment(moment, plan)
    return moment


def _is_over(session: Session, row: Subscription, period: str) -> bool:
    """Told, or nothing to tell; also when another day or rhythm has been chosen since."""
    answered_at = row.answered_at
    if answered_at is not None and plan_of(row).period_of(answered_at) == period:
        return True
    return queries.has_digest(session, digest_key(row, period))


def _start(session: Session, row: Subscription) -> Subscription:
    row.is_active, row.is_ended = True, False
    row.due_at = _next_untold_moment(session, row)
    session.add(row)
    return row


def _start_by_wish(session: Session, row: Subscription) -> None:
    """Of the reader, who then wants this mail again; not to be told by getting a role."""
    account = session.get_one(Account, row.account_id)
    rejoin_stream(session, address_hash(account.email), Stream.DIGEST)
    _start(session, row)


def _stop(session: Session, row: Subscription, *, is_ended: bool = False) -> None:
    row.is_active, row.is_ended = False, is_ended
    row.due_at = None
    session.add(row)


def unsubscribe_token(secret: str, *subscription_ids: UUID) -> str:
    """Of all that one mail tells of."""
    together = b"".join(one.bytes for one in subscription_ids)
    return sign(secret, UNSUBSCRIBE, urlsafe_b64encode(together).decode())


def list_by_token(session: Session, secret: str, token: str) -> list[Subscription]:
    """Who holds the mail may stop it, without signing in; empty for a link that no longer works."""
    payload = read_signed(secret, UNSUBSCRIBE, token, int(UNSUBSCRIBE_WORKS_FOR.total_seconds()))
    ids = _ids_in(payload) if isinstance(payload, str) else []
    found = (session.get(Subscription, one) for one in ids)
    return [row for row in found if row is not None]


def _ids_in(payload: str) -> list[UUID]:
    # Links in mail of before hold one, in hex.
    is_of_before = len(payload) == LENGTH_OF_ITS_HEX
    together = bytes.fromhex(payload) if is_of_before else urlsafe_b64decode(payload)
    starts = range(0, len(together), LENGTH_OF_AN_ID)
    return [UUID(bytes=together[start : start + LENGTH_OF_AN_ID]) for start in starts]


def choose_rhythm(session: Session, secret: str, token: str, rhythm: Rhythm) -> list[Subscription]:
    """Less often, or more, from the link in the mail; the day and the time stay."""
    rows = list_by_token(session, secret, token)
    for row in rows:
        if row.is_active:
            row.rhythm = rhythm
            _start_by_wish(session, row)
            record(session, SYSTEM, "subscription.changed", row, rhythm=rhythm.value, by="mail")
    return rows


def start_by_token(session: Session, secret: str, token: str) -> list[Subscription]:
    """Who stopped it by the link starts it by the link; not without the role it is about."""
    rows = list_by_token(session, secret, token)
    for row in rows:
        if not row.is_active and queries.find_reader(session, row) is not None:
            _start_by_wish(session, row)
            record(session, SYSTEM, "subscription.resumed", row, by="mail")
    return rows


def unsubscribe(session: Session, secret: str, token: str) -> list[Subscription]:
    """Safe to repeat: mail programs do."""
    rows = list_by_token(session, secret, token)
    for row in rows:
        if row.is_active or row.is_ended:
            _stop(session, row)
            record(session, SYSTEM, "subscription.paused", row, by="mail")
    return rows


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


Counted = dict[tuple[Span, frozenset[str]], list[Section]]
"""What has been counted in this transaction: colleagues at one school are told the same."""


def draft_now(
    session: Session,
    subscription: Subscription,
    reader: Reader,
    now: datetime,
    counted: Counted | None = None,
) -> Draft:
    """The same for the preview, for one by hand and for the one that is due."""
    until, today = now - SETTLING, now.astimezone(clock.AMSTERDAM).date()
    span = Span(subscription.audience, subscription.place_id, subscription.told_until, until, today)
    missed = queries.count_missed(session, subscription)
    counted = {} if counted is None else counted
    asked = (span, frozenset(subscription.muted))
    if asked not in counted:
        counted[asked] = sections_of(session, span, subscription.muted)
    sections = counted[asked] if _has_reason(session, subscription, counted[asked]) else []
    return Draft(subscription, reader, subscription.told_until, until, missed, sections)


def _has_reason(session: Session, subscription: Subscription, sections: list[Section]) -> bool:
    """Nobody is told the same thing twice: something asks the reader, or is new since the last one."""
    if any(section.is_reason for section in sections):
        return True
    told_before = queries.sections_told_last(session, subscription)
    return any(is_reason(section, told_before) for section in sections)


@dataclass(frozen=True, slots=True)
class Told:
    """What one reader is told of one place."""

    digest: Digest
    reader: Reader


def build_digests(
    session: Session,
    settings: Settings,
    subscription_ids: Iterable[UUID],
    now: datetime,
    counted: Counted | None = None,
) -> list[Digest]:
    """What is due since the last time, also when that was weeks ago; one reader gets it in one mail."""
    counted = {} if counted is None else counted
    built = [_build(session, subscription_id, now, counted) for subscription_id in subscription_ids]
    found = [told for told in built if told is not None]
    for told in together([told for told in found if told.digest.status is DigestStatus.DUE]):
        _send(session, settings, told)
        for one in told:
            record(session, SYSTEM, "digest.built", one.digest, period=one.digest.period)
    return [told.digest for told in found]


def together(told: Iterable[Told]) -> list[list[Told]]:
    """What goes in one mail: of one reader and one period, in the order of the names."""
    groups: dict[tuple[UUID, str], list[Told]] = {}
    for one in told:
        groups.setdefault((one.reader.account.id, one.digest.period), []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: (one.reader.place.name, one.digest.key))
    starts = ((group, start) for group in groups.values() for start in range(0, len(group), MOST_IN_ONE))
    return [group[start : start + MOST_IN_ONE] for group, start in starts]


def _build(session: Session, subscription_id: UUID, now: datetime, counted: Counted) -> Told | None:
    """None when nobody is told now."""
    subscription = session.get_one(Subscription, subscription_id)
    reader = queries.find_reader(session, subscription)
    if reader is None:
        _stop(session, subscription, is_ended=True)
        record(session, SYSTEM, "subscription.ended", subscription)
        return None
    plan = plan_of(subscription)
    moment = latest_moment(now, plan)
    period = plan.period_of(moment)
    if _is_over(session, subscription, period):
        return None
    free = queries.free_days_for(session, reader.place)
    if is_quiet(now, free):
        back_at = back_in_period(now, plan, free)
        if back_at is not None:
            # A free Monday and not a free week: it comes on the first day somebody is there.
            subscription.due_at = back_at
            session.add(subscription)
            return None
    subscription.answered_at = moment
    key = digest_key(subscription, period)
    if is_quiet(now, free):
        return Told(
            _skip_for_holiday(session, Draft(subscription, reader, None, now, 0), key, period), reader
        )
    return Told(_tell(session, draft_now(session, subscription, reader, now, counted), key, period), reader)


def _skip_for_holiday(session: Session, draft: Draft, key: str, period: str) -> Digest:
    """Nothing counts as told: the first digest after the holiday tells it."""
    digest = draft.as_digest(key, period)
    digest.since = draft.subscription.told_until
    return _skip(session, digest, SkipReason.HOLIDAY)


def _skip(session: Session, digest: Digest, reason: SkipReason) -> Digest:
    digest.status, digest.skip_reason = DigestStatus.SKIPPED, reason
    session.add(digest)
    record(session, SYSTEM, "digest.skipped", digest, period=digest.period, reason=reason.value)
    return digest


def _tell(session: Session, draft: Draft, key: str, period: str) -> Digest:
    """With something to tell it is due, until its mail is put."""
    digest = draft.as_digest(key, period)
    subscription = draft.subscription
    subscription.told_until = max(draft.since, draft.until) if draft.since else draft.until
    session.add(subscription)
    return digest if draft.sections else _skip(session, digest, SkipReason.NOTHING_TO_TELL)


def _send(session: Session, settings: Settings, told: Sequence[Told]) -> None:
    """The mail has the key of one of its digests, which is told once: so is the mail."""
    mail = mail_of(session, settings, told)
    outbox.put(session, mail)
    session.flush()
    for one in told:
        one.digest.mail_id, one.digest.status = mail.id, DigestStatus.BUILT
        session.add(one.digest)


def mail_of(session: Session, settings: Settings, told: Sequence[Told]) -> Mail:
    """With links that answer: they stand in the mail, as long as its text is kept, and not in the digest."""
    secret = settings.secret_key.get_secret_value()
    account = told[0].reader.account
    with speaking(account.language):
        about = [
            About(one.digest, one.reader.place.name, list_answers(session, secret, one.digest, one.reader))
            for one in told
        ]
    return mails.overview(
        account, about, unsubscribe_token(secret, *(one.digest.subscription_id for one in told))
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next digest would hold if it went now, and when it goes."""

    draft: Draft
    mail: Mail | None
    due_at: datetime | None
    """When it was due by its plan."""
    comes_at: datetime | None
    """When it comes: later than it was due when that is a free day."""
    along: list[Place]
    """What else the same mail is about."""


def preview_next(session: Session, settings: Settings, actor: Actor, place: PlaceInput) -> Preview:
    subscription, reader = _subscription_and_reader(session, actor, place)
    now = clock.now()
    draft = draft_now(session, subscription, reader, now)
    others = [
        draft_now(session, row, reader_of_it, now)
        for row, reader_of_it in _comes_along(session, subscription, reader.place)
    ]
    moment = arrival_of(session, subscription, reader.place)
    period = plan_of(subscription).period_of(moment or now)
    told = _told_with(draft, others, period) if draft.sections else []
    mail = mail_of(session, settings, told) if told else None
    if mail is not None:
        # What has not been told yet has no page of its own.
        mail.context["path"] = "/digests"
    along = [one.reader.place for one in told if one.reader.place != reader.place]
    return Preview(draft, mail, subscription.due_at, moment, along)


def list_places_along(session: Session, subscription: Subscription, place: Place) -> list[Place]:
    """What else the next mail is about, if there is something to tell of it."""
    return [reader.place for _row, reader in _comes_along(session, subscription, place)]


def _comes_along(
    session: Session, subscription: Subscription, place: Place
) -> list[tuple[Subscription, Reader]]:
    """What else comes at the same moment, about the same period."""
    moment = arrival_of(session, subscription, place)
    if moment is None:
        return []
    period = plan_of(subscription).period_of(moment)
    return [
        (row, found)
        for row in queries.list_other_subscriptions(session, subscription)
        if (found := queries.find_reader(session, row)) is not None
        and arrival_of(session, row, found.place) == moment
        and plan_of(row).period_of(moment) == period
    ]


def _told_with(draft: Draft, others: Sequence[Draft], period: str) -> list[Told]:
    """The mail that tells this draft; what it does not hold goes in another."""
    told = [
        Told(one.as_digest(digest_key(one.subscription, period), period), one.reader)
        for one in (draft, *others)
        if one.sections
    ]
    own = draft.subscription.id
    return next(mail for mail in together(told) if any(one.digest.subscription_id == own for one in mail))


def arrival_of(session: Session, subscription: Subscription, place: Place) -> datetime | None:
    """When the next one comes: past the free days on which it would be due; None when it is stopped."""
    if subscription.due_at is None or queries.has_left_overviews(session, subscription.account_id):
        return None
    free = queries.free_days_for(session, place)
    return comes_at(subscription.due_at, plan_of(subscription), free)


def send_extra(session: Session, settings: Settings, actor: Actor, place: PlaceInput) -> Digest:
    """One by hand, as the preview shows it: the regular one still comes, and tells the same things as new."""
    subscription, reader = _subscription_and_reader(session, actor, place)
    readers = [(subscription, reader), *_comes_along(session, subscription, reader.place)]
    # Of two clicks at once the second waits here, and finds what the first has sent.
    for row in sorted((row for row, _reader in readers), key=lambda row: row.id):
        session.refresh(row, with_for_update=True)
    now = clock.now()
    if any(queries.has_extra_since(session, row, now - BETWEEN_EXTRAS) for row, _reader in readers):
        raise AskedJustNow
    draft, *others = (draft_now(session, row, found, now) for row, found in readers)
    if not draft.sections:
        raise NothingToTell
    period = f"{now.astimezone(clock.AMSTERDAM):%Y-%m-%dT%H:%M}"
    told = _told_with(draft, others, period)
    for one in told:
        one.digest.key, one.digest.is_extra = f"extra-{one.digest.key}", True
    _send(session, settings, told)
    for one in told:
        record(session, actor, "digest.sent_by_hand", one.digest, period=period)
    return next(one.digest for one in told if one.digest.subscription_id == subscription.id)


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
