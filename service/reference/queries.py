"""Reading the words that nobody knows yet."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col

from service.core.actor import Actor
from service.core.errors import NotFound
from service.core.paging import Part, part_of
from service.reference import policy
from service.reference.models import UnknownWord

OFTEN_FIRST = (col(UnknownWord.days).desc(), col(UnknownWord.word), col(UnknownWord.language))


def list_unknown_words(session: Session, actor: Actor, number: int = 1) -> Part[UnknownWord]:
    """What nobody has looked at comes first, then the most frequent."""
    _only_for_keepers(actor)
    query = policy.visible(actor).order_by(col(UnknownWord.meant).is_not(None), *OFTEN_FIRST)
    return part_of(session, query, number)


def all_unknown_words(session: Session, actor: Actor) -> Sequence[UnknownWord]:
    _only_for_keepers(actor)
    return list(session.exec(policy.visible(actor).order_by(*OFTEN_FIRST)).all())


def get_unknown_word(session: Session, actor: Actor, word_id: UUID) -> UnknownWord:
    found = session.exec(policy.visible(actor).where(col(UnknownWord.id) == word_id)).first()
    if not isinstance(found, UnknownWord):
        raise NotFound
    return found


def _only_for_keepers(actor: Actor) -> None:
    """For everybody else there is no such list."""
    if not policy.may_see_words(actor):
        raise NotFound
