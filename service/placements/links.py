"""Links that ask one thing: signed, of one kind, for one question and one turn of it."""

import re
from uuid import UUID

from sqlmodel import Session

from service.core.db import TO_CHANGE
from service.core.tokens import hash_token, read_signed, sign
from service.organisations.models import Organisation
from service.placements.models import Placement, Question, QuestionKind
from service.placements.questions import LINKS_WORK_FOR
from service.placements.readers import address_of

ID = re.compile("[0-9a-f]{32}")
PATHS = {
    QuestionKind.HOST_ANSWER: "host",
    QuestionKind.YOUTH_ANSWER: "youth",
    QuestionKind.SCHOOL_PAPERS: "school",
    QuestionKind.OFFER_HOLDS: "offer",
    QuestionKind.CONTACT_HOLDS: "contact",
    QuestionKind.OTHER_DAYS: "days",
}


def path_of(secret: str, question: Question, address: str = "") -> str:
    return f"/answer/{PATHS[question.kind]}/{token_of(secret, question, address)}"


def token_of(secret: str, question: Question, address: str = "") -> str:
    """The address belongs to it: who is contact person no longer holds links that do nothing."""
    return sign(secret, _purpose(question.kind), [question.id.hex, question.turn, _seal(address)])


def find_question(session: Session, secret: str, kind: QuestionKind, token: str) -> Question | None:
    """None for what is forged, of another kind or too old, or was somebody else's to answer since."""
    found, seal = _read(session, secret, kind, token)
    is_good = found is not None and (found.answered_at is not None or seal == _seal_of(session, found))
    return found if is_good else None


def is_of_who_answers(session: Session, secret: str, kind: QuestionKind, token: str) -> bool:
    """Whoever answered for it before may know that it was answered, and nothing else: not who comes."""
    found, seal = _read(session, secret, kind, token)
    return found is not None and seal == _seal_of(session, found)


def find_question_to_answer(session: Session, secret: str, kind: QuestionKind, token: str) -> Question | None:
    """The same, locked: of two clicks at once exactly one is an answer.

    Always in the order host, placement, question, as in every step of a placement, so that nobody waits for
    somebody who waits for him. What was read before the locks is read again.
    """
    question = find_question(session, secret, kind, token)
    if question is None:
        return None
    if kind is not QuestionKind.YOUTH_ANSWER:
        session.get_one(Organisation, question.organisation_id, with_for_update=TO_CHANGE)
    if question.placement_id is not None:
        session.get_one(Placement, question.placement_id, with_for_update=TO_CHANGE)
    session.refresh(question, with_for_update=TO_CHANGE)
    return find_question(session, secret, kind, token)


def _read(session: Session, secret: str, kind: QuestionKind, token: str) -> tuple[Question | None, str]:
    """The question, when it is still the turn the link was made for, and to whom that went."""
    payload = read_signed(secret, _purpose(kind), token, int(LINKS_WORK_FOR.total_seconds()))
    match payload:
        case [str(number), int(turn), str(seal)] if ID.fullmatch(number):
            found = session.get(Question, UUID(hex=number))
            return (found, seal) if found is not None and found.turn == turn else (None, "")
    return None, ""


def _seal_of(session: Session, question: Question) -> str:
    return _seal(address_of(session, question))


def _seal(address: str) -> str:
    return hash_token(address.lower())[:16]


def _purpose(kind: QuestionKind) -> str:
    return f"answer-{kind}"
