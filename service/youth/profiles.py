"""The steps of a youth's own profile: each saves by itself, and nothing is required."""

from sqlalchemy import inspect
from sqlmodel import Session

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.reference.actions import count_unknown_words
from service.reference.catalogue import catalogue
from service.youth import policy, queries
from service.youth.engine import Understood, read_words, talents_among, wishes_among
from service.youth.errors import WishesAreClosed
from service.youth.models import Youth, YouthStatus
from service.youth.schemas import (
    MOST_KEPT_WISHES,
    MOST_TAGS,
    DaysInput,
    MeantInput,
    PlaceInput,
    TalentsInput,
    TravelInput,
    WishesInput,
    WordsInput,
)


def may_still_change(session: Session, youth: Youth) -> bool:
    """Until the day on which the programme closes its wishes."""
    programme = queries.programme_of(session, queries.class_of(session, youth))
    closes_on = programme.wishes_close_on if programme else None
    return closes_on is None or clock.today() <= closes_on


def save_wishes(session: Session, actor: Actor, new: WishesInput) -> Youth:
    """Tiles chosen again keep their place in the order; words from the next step stay."""
    youth = _myself(session, actor)
    kept = [wish for wish in youth.wishes if wish in new.wishes or not _is_tile(wish)]
    added = [wish for wish in new.wishes if wish not in kept]
    youth.wishes = (kept + added)[:MOST_KEPT_WISHES]
    return _saved(session, actor, youth, "wishes")


def _is_tile(wish: str) -> bool:
    """A picture stands for a sector; a word came from the youth's own sentence."""
    return wish in catalogue().sectors


def raise_wish(session: Session, actor: Actor, wish: str) -> Youth:
    youth = _myself(session, actor)
    if wish in youth.wishes[1:]:
        place = youth.wishes.index(wish)
        order = list(youth.wishes)
        order[place - 1], order[place] = order[place], order[place - 1]
        youth.wishes = order
    return _saved(session, actor, youth, "wishes")


def drop_wish(session: Session, actor: Actor, wish: str) -> Youth:
    youth = _myself(session, actor)
    youth.wishes = [kept for kept in youth.wishes if kept != wish]
    return _saved(session, actor, youth, "wishes")


def save_words(session: Session, actor: Actor, new: WordsInput) -> Understood:
    """Keeps the words as they are; what they mean is asked next."""
    youth = _myself(session, actor)
    understood = read_words(new.dream_job)
    if new.dream_job != youth.dream_job:
        _forget(youth, read_words(youth.dream_job), keep=frozenset())
        youth.dislikes = []
        youth.dream_job = new.dream_job
        _saved(session, actor, youth, "dream_job")
        _count_unknown(session, youth, new.dream_job, understood)
    return understood


def _count_unknown(session: Session, youth: Youth, text: str, understood: Understood) -> None:
    """So that the vocabulary can grow; nobody's name, and not whose words they are."""
    if understood.unknown:
        names = queries.first_names_at(session, youth.school_id)
        count_unknown_words(session, text, understood.unknown, names)


def save_meant(session: Session, actor: Actor, new: MeantInput) -> Youth:
    """Only what the youth ticks becomes a wish or a talent; the words that name work come first.

    What he would rather not do leaves the wishes and talents; what he ticks as both is a wish.
    """
    youth = _myself(session, actor)
    understood = read_words(youth.dream_job)
    if not (set(new.tags) <= understood.choices and set(new.dislikes) <= understood.disliked_choices):
        raise Invalid({"tags": _("Choose from the list.")})
    youth.dislikes = [tag for tag in new.dislikes if tag not in new.tags]
    _forget(youth, understood, keep=frozenset(new.tags), also=frozenset(youth.dislikes))
    wishes = [wish for wish in wishes_among(new.tags) if wish not in youth.wishes]
    talents = [tag for tag in talents_among(new.tags) if tag not in youth.tags]
    youth.wishes = (wishes + youth.wishes)[:MOST_KEPT_WISHES]
    youth.tags = (youth.tags + talents)[:MOST_TAGS]
    return _saved(session, actor, youth, "wishes", "tags", "dislikes")


def _forget(
    youth: Youth, understood: Understood, keep: frozenset[str], also: frozenset[str] = frozenset()
) -> None:
    """Takes away what these words brought in and is no longer meant."""
    gone = (understood.choices - keep) | also
    youth.wishes = [wish for wish in youth.wishes if wish not in gone]
    youth.tags = [tag for tag in youth.tags if tag not in gone]


def save_talents(session: Session, actor: Actor, new: TalentsInput) -> Understood:
    """What is ticked, and what is certain in the own words; the rest is asked."""
    youth = _myself(session, actor)
    understood = read_words(new.own_words).wanted
    _count_unknown(session, youth, new.own_words, understood)
    youth.tags = list(dict.fromkeys([*new.tags, *understood.tags]))[:MOST_TAGS]
    _saved(session, actor, youth, "tags")
    return understood


def save_place(session: Session, actor: Actor, new: PlaceInput) -> Youth:
    youth = _myself(session, actor)
    youth.pc4 = new.pc4
    return _saved(session, actor, youth, "pc4")


def save_travel(session: Session, actor: Actor, new: TravelInput) -> Youth:
    youth = _myself(session, actor)
    youth.modes = new.modes
    youth.max_minutes = new.max_minutes
    return _saved(session, actor, youth, "modes", "max_minutes")


def save_days(session: Session, actor: Actor, new: DaysInput) -> Youth:
    youth = _myself(session, actor)
    youth.weekdays = new.weekdays
    return _saved(session, actor, youth, "weekdays")


def finish_profile(session: Session, actor: Actor) -> Youth:
    youth = _myself(session, actor)
    youth.profile_done_at = clock.now()
    _saved(session, actor, youth)
    record(session, actor, "youth.profile_finished", youth)
    return youth


def _myself(session: Session, actor: Actor) -> Youth:
    youth = queries.get_myself(session, actor)
    require(policy.may_fill_in(actor, youth))
    if not may_still_change(session, youth):
        raise WishesAreClosed
    return youth


def _saved(session: Session, actor: Actor, youth: Youth, *fields: str) -> Youth:
    attributes = inspect(youth).attrs
    if youth.updated_at is None or any(attributes[name].history.has_changes() for name in fields):
        youth.updated_at = clock.now()
    if youth.status is YouthStatus.INVITED:
        youth.status = YouthStatus.ACTIVE
    session.add(youth)
    if fields:
        record(session, actor, "youth.profile_saved", youth, fields=list(fields))
    return youth
