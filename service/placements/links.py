"""Links that ask one thing: signed, of one kind, for one question and one turn of it."""

from uuid import UUID

from sqlmodel import Session, select

from service.core.tokens import hash_token, read_signed, sign
from service.placements.models import Question, QuestionKind
from service.placements.questions import LINKS_WORK_FOR
from service.placements.readers import address_of

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


def find_question(
    session: Session, secret: str, kind: QuestionKind, token: str, *, lock: bool = False
) -> Question | None:
    """None for what is forged, of another kind or too old, or was somebody else's to answer since."""
    payload = read_signed(secret, _purpose(kind), token, int(LINKS_WORK_FOR.total_seconds()))
    match payload:
        case [str(number), int(turn), str(seal)]:
            query = select(Question).where(Question.id == UUID(hex=number), Question.turn == turn)
            found = session.exec(query.with_for_update() if lock else query).first()
            # What is answered stays to be read, also by who has handed it over.
            if found is not None and (found.answered_at or seal == _seal(address_of(session, found))):
                return found
    return None


def _seal(address: str) -> str:
    return hash_token(address.lower())[:16]


def _purpose(kind: QuestionKind) -> str:
    return f"answer-{kind}"
