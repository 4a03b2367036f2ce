"""Brings the reference tables in line with the files, and counts the words that nobody knows."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, case, delete, inspect, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from service.audit.record import record
from service.core import clock
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _, language
from service.reference import policy, queries
from service.reference.catalogue import catalogue
from service.reference.models import Postcode, Sector, Tag, UnknownWord
from service.reference.schemas import MeaningInput
from service.reference.words import is_known, plain_letters, read_words, words_to_count

MOST_WORDS_A_TEXT = 10


def count_unknown_words(
    session: Session, text: str, unknown: Iterable[str], names: Iterable[str] = ()
) -> None:
    """Remembers words of a text that the vocabulary does not have, so that it can grow; `names` never.

    A day counts a word once. In the order of the alphabet, so that two who type the same words at once do not
    wait for each other.
    """
    countable = sorted(words_to_count(text, unknown) - {plain_letters(name) for name in names})
    for word in countable[:MOST_WORDS_A_TEXT]:
        _count_word(session, word, language(), clock.today())


def _count_word(session: Session, word: str, typed_in: str, today: date) -> None:
    if _count_again(session, word, typed_in, today):
        return
    try:
        with session.begin_nested():
            session.add(UnknownWord(word=word, language=typed_in, first_on=today, last_on=today))
    except IntegrityError:
        # Somebody else typed it for the first time in the same moment.
        _count_again(session, word, typed_in, today)


def _count_again(session: Session, word: str, typed_in: str, today: date) -> bool:
    result = session.execute(
        update(UnknownWord)
        .where(col(UnknownWord.word) == word, col(UnknownWord.language) == typed_in)
        .values(
            days=case(
                (col(UnknownWord.last_on) < today, col(UnknownWord.days) + 1), else_=col(UnknownWord.days)
            ),
            last_on=today,
        )
    )
    return isinstance(result, CursorResult) and result.rowcount > 0


def say_meaning(session: Session, actor: Actor, word_id: UUID, new: MeaningInput) -> UnknownWord:
    """What a word stands for, by a known word; it comes into the vocabulary with the next list of words."""
    row = queries.get_unknown_word(session, actor, word_id)
    require(policy.may_see_words(actor))
    row.meant = _one_tag(new.words)
    session.add(row)
    record(session, actor, "unknown_word.explained", row, fields=["meant"])
    return row


def _one_tag(words: str) -> str | None:
    read = read_words(words)
    if not read:
        return None
    if len(read) != 1 or read[0].tag is None:
        raise Invalid({"words": _("Choose one word from the list.")})
    return read[0].tag


def drop_unknown_word(session: Session, actor: Actor, word_id: UUID) -> None:
    """It says nothing, or is a name after all."""
    row = queries.get_unknown_word(session, actor, word_id)
    require(policy.may_see_words(actor))
    record(session, actor, "unknown_word.dropped", row)
    session.delete(row)


def load_reference(session: Session) -> int:
    """How many rows were new or changed. Nothing is removed: rows may point at what files no longer name.

    Words that the files know by now are no longer unknown.
    """
    changed = _load_tables(session)
    known = [row.id for row in session.exec(select(UnknownWord)) if is_known(row.word)]
    session.execute(delete(UnknownWord).where(col(UnknownWord.id).in_(known)))
    return changed


def _load_tables(session: Session) -> int:
    known = catalogue()
    return sum(
        [
            _bring_in(
                session,
                Sector,
                [Sector(code=row.code, chamber=row.chamber) for row in known.sectors.values()],
            ),
            _bring_in(
                session,
                Tag,
                [Tag(code=row.code, kind=row.kind, sector=row.sector) for row in known.tags.values()],
            ),
            _bring_in(
                session,
                Postcode,
                [
                    Postcode(
                        pc4=row.pc4,
                        latitude=row.latitude,
                        longitude=row.longitude,
                        place=row.place,
                        municipality=row.municipality,
                        is_repaired=row.is_repaired,
                    )
                    for row in known.postcodes.values()
                ],
            ),
        ]
    )


def _bring_in(session: Session, table: type[SQLModel], rows: Iterable[SQLModel]) -> int:
    key = inspect(table).primary_key[0].name
    stored: dict[Any, SQLModel] = {
        getattr(row, key): row for row in session.exec(select(table).order_by(col(getattr(table, key))))
    }
    changed = 0
    for row in rows:
        old = stored.get(getattr(row, key))
        if old is None:
            session.add(row)
            changed += 1
        elif old.model_dump() != row.model_dump():
            old.sqlmodel_update(row.model_dump())
            session.add(old)
            changed += 1
    session.flush()
    return changed
