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
}


def path_of(secret: str, question: Question, address: str = "") -> str:
    return f"/answer/{PATHS[question.kind]}/{token_of(secret, question, address)}"


def token_of(secret: str, question: Question, address: str = "") -> str:
    """The address belongs to it: who is contact person no longer holds links that do nothing."""
    return sign(secret, _purpose(question.kind), [question.id.hex, question.turn, _seal(address)])


def find_question(session: Session, secret: str, kind: QuestionKind, token: str) -> Question | None:
    """None for what is forged, of another kind or too old, or was somebody else's to answer since."""
    payload = read_signed(secret, _purpose(kind), token, int(LINKS_WORK_FOR.total_seconds()))
    match payload:
        case [str(number), int(turn), str(seal)]:
            found = session.get(Question, UUID(hex=number)) if ID.fullmatch(number) else None
            if found is not None and _is_good(session, found, turn, seal):
                return found
    return None


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


def _is_good(session: Session, question: Question, turn: int, seal: str) -> bool:
    """What is answered stays to be read, also by who has handed it over."""
    is_of_reader = question.answered_at is not None or seal == _seal(address_of(session, question))
    return question.turn == turn and is_of_reader


def _seal(address: str) -> str:
    return hash_token(address.lower())[:16]


def _purpose(kind: QuestionKind) -> str:
    return f"answer-{kind}"
