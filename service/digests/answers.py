"""What one reader can answer straight from an overview: each question with the link its own mail carries."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from service.digests.models import Audience, Digest
from service.digests.queries import Reader
from service.offers.models import Offer
from service.offers.queries import is_stale
from service.placements import links
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.placements.queries import cards_of
from service.placements.readers import address_of
from service.placements.wording import days

SECTION_OF = {QuestionKind.HOST_ANSWER: "to_answer", QuestionKind.OFFER_HOLDS: "to_confirm"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is asked, without a name, and where it is answered."""

    text: str
    path: str


def list_answers(
    session: Session, secret: str, digest: Digest, reader: Reader
) -> dict[str, list[dict[str, Any]]]:
    """By the section they belong to; what was asked of a colleague is his to answer."""
    told = {section["code"] for section in digest.content["sections"]}
    found: dict[str, list[dict[str, Any]]] = {}
    if digest.audience is not Audience.HOST or told.isdisjoint(SECTION_OF.values()):
        return found
    email = reader.account.email
    for question in _open_questions(session, digest.place_id):
        code = SECTION_OF[question.kind]
        text = _text(session, question)
        if code in told and text and address_of(session, question).lower() == email.lower():
            answer = Answer(text, links.path_of(secret, question, email))
            found.setdefault(code, []).append(asdict(answer))
    return found


def _open_questions(session: Session, organisation_id: UUID) -> Sequence[Question]:
    return session.exec(
        select(Question)
        .where(
            Question.organisation_id == organisation_id,
            col(Question.kind).in_(SECTION_OF),
            col(Question.answered_at).is_(None),
        )
        .order_by(col(Question.created_at), col(Question.id))
    ).all()


def _text(session: Session, question: Question) -> str:
    """Empty when it needs no answer any more, or was not asked yet."""
    if question.kind is QuestionKind.OFFER_HOLDS:
        offer = session.get_one(Offer, question.offer_id)
        return offer.title if question.asked_at is not None and is_stale(offer) else ""
    placement = session.get_one(Placement, question.placement_id)
    if placement.status is not PlacementStatus.ACCEPTED or placement.other_starts_on is not None:
        return ""
    (card,) = cards_of(session, [placement])
    return ", ".join(part for part in (card.offer.title, card.school.name, days(placement)) if part)
