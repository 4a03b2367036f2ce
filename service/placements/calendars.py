"""Whose calendar hears what: by mail at each change, by a file, or by a secret address."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import Session, col, select

from service.accounts.models import Account, Membership, Role
from service.accounts.sessions import actor_of
from service.audit.record import record
from service.calendars.free_days import FreeDays
from service.calendars.queries import free_days_of_each
from service.core import clock
from service.core.actor import Actor
from service.core.errors import NotFound, require
from service.core.i18n import _, ngettext, speaking
from service.core.settings import Settings
from service.core.tokens import hash_token, new_token
from service.mail import outbox
from service.mail.models import Mail
from service.placements import calendar_files, mails, policy, queries, wording
from service.placements.calendar_files import Entry, days_between
from service.placements.errors import NothingForACalendar
from service.placements.lifecycle import FREES_POSITION, OVER, SETTLED
from service.placements.mails import Reader
from service.placements.models import CalendarFeed, Placement
from service.placements.queries import Card
from service.placements.readers import reader_for
from service.youth.models import Youth, YouthStatus

KEPT_AFTER = timedelta(days=30)
MOST_ENTRIES = 500


def entry_of(session: Session, card: Card, free: FreeDays, *, number: int = 1) -> Entry | None:
    """Nothing for a placement without days; `number` placements at the same offer on the same days.

    `free` are the free days of its school: on those nobody comes.
    """
    placement, offer = card.placement, card.offer
    if placement.starts_on is None:
        return None
    first, last = placement.starts_on, placement.ends_on or placement.starts_on
    location = queries.location_of(session, offer)
    where = [location.street, location.pc4, location.place] if location else [offer.pc4]
    who = (
        str(_("A class of %(school)s", school=card.school.name))
        if card.youth is None
        else ngettext("%(num)s youth of %(school)s", "%(num)s youths of %(school)s", number)
        % {"num": number, "school": card.school.name}
    )
    return Entry(
        uid=str(placement.id if number == 1 else _uid_of_many(placement)),
        number=placement.calendar_number,
        title=_title(offer.title, card.organisation.name),
        text="\n".join(part for part in (who, offer.practical) if part),
        where=", ".join(part for part in where if part),
        first=first,
        last=last,
        weekdays=tuple(offer.weekdays),
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        days_off=frozenset(day for day in days_between(first, last) if free.name_on(day) is not None),
    )


def _title(title: str, organisation: str) -> str:
    """Many a title ends with the name already: «Meelopen bij Bakkerij Boon»."""
    is_named = re.search(rf"(?<!\w){re.escape(organisation)}\s*$", title, re.IGNORECASE)
    return title if is_named else f"{title}, {organisation}"


def _uid_of_many(placement: Placement) -> UUID:
    return uuid5(NAMESPACE_URL, f"podium:{placement.offer_id}:{placement.starts_on}:{placement.ends_on}")


def send_entries(session: Session, settings: Settings, placement: Placement) -> None:
    """An invitation with a number that rises, or the cancellation of the one that went out.

    To the host; of a class also to who goes along. Youths have no address here: theirs is a file or a feed.
    """
    is_on = placement.status in SETTLED
    placement.calendar_due_at = None
    session.add(placement)
    if placement.starts_on is None or _is_over(placement) or not (is_on or placement.is_in_calendars):
        return
    card = queries.cards_of(session, [placement])[0]
    host = reader_for(session, queries.contact_of(session, placement.organisation_id))
    readers = ([("calendar", host)] if host else []) + _of_class(session, placement)
    for kind, reader in readers:
        outbox.put(session, _entry_mail(session, settings, card, kind, reader))
    if readers:
        placement.is_in_calendars = is_on


def _is_over(placement: Placement) -> bool:
    """Whose last day has been needs no entry any more, and nobody takes out what he has seen happen."""
    has_been = placement.status in OVER and placement.status not in FREES_POSITION
    last = placement.ends_on or placement.starts_on
    return has_been or (last is not None and last < clock.today())


def _entry_mail(session: Session, settings: Settings, card: Card, kind: str, reader: Reader) -> Mail:
    placement = card.placement
    is_on = placement.status in SETTLED
    method = calendar_files.REQUEST if is_on else calendar_files.CANCEL
    is_host = kind == "calendar"
    with speaking(reader.language):
        entry = _single_entry(session, card)
        assert entry is not None
        content = calendar_files.calendar_file(
            [entry],
            method,
            made_at=clock.now(),
            organiser=settings.sender[1],
            attendee=reader.email,
        )
        facts = {
            "title": card.offer.title,
            "with_whom": card.school.name if is_host else card.organisation.name,
            "is_host": is_host,
            "days": wording.days(placement),
            "is_again": placement.is_in_calendars,
            "path": f"/placements/{placement.id}",
            "calendar": {"method": method, "text": calendar_files.text_of(content)},
        }
    key = f"{kind}:{placement.id}:{placement.calendar_number}"
    return mails.agreement(key, reader, "calendar" if is_on else "calendar_cancelled", facts)


def _single_entry(session: Session, card: Card) -> Entry | None:
    return entry_of(session, card, free_days_of_each(session, [card.school.id])[card.school.id])


def _of_class(session: Session, placement: Placement) -> list[tuple[str, Reader]]:
    """The mentors of the class, else the contact person of its school; for one youth they have the feed."""
    if placement.youth_id is not None:
        return []
    mentors = session.exec(
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            Membership.role == Role.MENTOR,
            Membership.class_id == placement.class_id,
            col(Account.is_active),
        )
        .order_by(col(Account.id))
    ).all()
    if mentors:
        return [(f"calendar-{one.id.hex}", Reader(one.name, one.email, one.language)) for one in mentors]
    contact = reader_for(session, queries.contact_of(session, placement.school_id))
    return [("calendar-school", contact)] if contact else []


def file_of(session: Session, actor: Actor, placement_id: UUID) -> bytes:
    """To put into a calendar by hand."""
    placement = queries.get_placement(session, actor, placement_id)
    card = queries.cards_of(session, [placement])[0]
    entry = _single_entry(session, card)
    if entry is None or placement.status not in SETTLED:
        raise NothingForACalendar
    return calendar_files.calendar_file([entry], calendar_files.PUBLISH, made_at=clock.now())


def find_feed(session: Session, actor: Actor) -> CalendarFeed | None:
    require(policy.may_follow_in_calendar(actor))
    whose = (
        CalendarFeed.youth_id == actor.youth_id
        if actor.is_youth
        else CalendarFeed.account_id == actor.account_id
    )
    return session.exec(select(CalendarFeed).where(whose)).first()


def make_feed(session: Session, actor: Actor) -> str:
    """The token of a new secret address, to be shown once; the address of before stops working."""
    revoke_feed(session, actor)
    token = new_token()
    feed = CalendarFeed(
        account_id=None if actor.is_youth else actor.account_id,
        youth_id=actor.youth_id,
        token_hash=hash_token(token),
    )
    session.add(feed)
    session.flush()
    record(session, actor, "calendar_feed.created", feed)
    return token


def revoke_feed(session: Session, actor: Actor) -> None:
    feed = find_feed(session, actor)
    if feed is not None:
        record(session, actor, "calendar_feed.revoked", feed)
        session.delete(feed)
        session.flush()


def read_feed(session: Session, token: str) -> bytes:
    """What its owner may see now, whatever that was when the address was made."""
    feed = session.exec(select(CalendarFeed).where(CalendarFeed.token_hash == hash_token(token))).first()
    actor, language = _owner(session, feed) if feed is not None else (None, "nl")
    if actor is None:
        raise NotFound
    with speaking(language):
        entries = calendar_files.newest(_entries(session, _upcoming(session, actor)))
        return calendar_files.calendar_file(
            entries, calendar_files.PUBLISH, made_at=clock.now(), name="Podium"
        )


def _owner(session: Session, feed: CalendarFeed) -> tuple[Actor | None, str]:
    if feed.youth_id is not None:
        youth = session.get_one(Youth, feed.youth_id)
        return (None if youth.status is YouthStatus.LEFT else Actor(youth_id=youth.id)), "nl"
    account = session.get_one(Account, feed.account_id)
    return (actor_of(session, account) if account.is_active else None), account.language


def _upcoming(session: Session, actor: Actor) -> Sequence[Placement]:
    found: Sequence[Placement] = session.exec(
        policy.visible(actor)
        .where(
            col(Placement.status).in_(SETTLED),
            col(Placement.starts_on).is_not(None),
            col(Placement.ends_on) >= clock.today() - KEPT_AFTER,
        )
        .order_by(col(Placement.starts_on), col(Placement.id))
        .limit(MOST_ENTRIES)
    ).all()
    return found


def _entries(session: Session, placements: Sequence[Placement]) -> list[Entry]:
    """One entry for all who are at the same offer on the same days: a class of thirty is one line."""
    together: dict[tuple[UUID, UUID, date | None, date | None], list[Card]] = defaultdict(list)
    for card in queries.cards_of(session, placements):
        row = card.placement
        together[row.offer_id, row.school_id, row.starts_on, row.ends_on].append(card)
    free = free_days_of_each(session, {cards[0].school.id for cards in together.values()})
    entries = (
        entry_of(session, cards[0], free[cards[0].school.id], number=len(cards))
        for cards in together.values()
    )
    return [entry for entry in entries if entry is not None]
