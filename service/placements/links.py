"""Links that ask one thing: signed, of one kind, for one question and one turn of it."""

from uuid import UUID

from sqlmodel import Session, select

from service.core.tokens import read_signed, sign
from service.placements.models import Question, QuestionKind
from service.placements.questions import LINKS_WORK_FOR

PATHS = {
    QuestionKind.HOST_ANSWER: "host",
    QuestionKind.YOUTH_ANSWER: "youth",
    QuestionKind.SCHOOL_PAPERS: "school",
    QuestionKind.OFFER_HOLDS: "offer",
    QuestionKind.CONTACT_HOLDS: "contact",
}


def path_of(secret: str, question: Question) -> str:
    return f"/answer/{PATHS[question.kind]}/{token_of(secret, question)}"


def token_of(secret: str, question: Question) -> str:
    return sign(secret, _purpose(question.kind), [question.id.hex, question.turn])


def find_question(
    session: Session, secret: str, kind: QuestionKind, token: str, *, lock: bool = False
) -> Question | None:
    """None for what is forged, of another kind, too old, or was handed over since."""
    payload = read_signed(secret, _purpose(kind), token, int(LINKS_WORK_FOR.total_seconds()))
    match payload:
        case [str(number), int(turn)]:
            query = select(Question).where(Question.id == UUID(hex=number), Question.turn == turn)
            return session.exec(query.with_for_update() if lock else query).first()
    return None


def _purpose(kind: QuestionKind) -> str:
    return f"answer-{kind}"
