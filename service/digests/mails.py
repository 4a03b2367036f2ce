"""Mails of this feature: the overview."""

from collections.abc import Mapping
from typing import Any

from service.accounts.models import Account
from service.core.i18n import speaking
from service.digests import wording
from service.digests.models import Digest
from service.mail.models import Mail, Stream
from service.mail.outbox import letter

Answers = Mapping[str, list[dict[str, Any]]]


def overview(digest: Digest, reader: Account, place: str, unsubscribe_token: str, answers: Answers) -> Mail:
    """Counts and links; the sentences are made here, since the reader's language is known."""
    sections = digest.content["sections"]
    with speaking(reader.language):
        context: dict[str, object] = {
            "point": wording.point(sections),
            "ask": wording.ask(sections),
            "place": place,
            "period": wording.period_in_words(digest.period),
            "since": digest.since.isoformat() if digest.since else None,
            "missed": wording.missed_in_words(digest.content["missed"]),
            "parts": [_part(section, answers.get(section["code"], [])) for section in sections],
            "because": wording.because(digest.audience, place),
            "path": f"/digests/{digest.id}",
        }
    mail = letter(
        "digests/mails/overview",
        to=reader.email,
        key=digest.key,
        stream=Stream.DIGEST,
        language=reader.language,
        context=context,
    )
    mail.organisation_id = digest.school_id or digest.organisation_id
    mail.unsubscribe_token = unsubscribe_token
    return mail


def _part(section: dict[str, Any], answers: list[dict[str, Any]]) -> dict[str, object]:
    """What is not this reader's to answer by a link stands on the page."""
    return {
        "answers": answers,
        "answer": wording.answer(section),
        "has_more": len(answers) < next(iter(section["counts"].values()), 0) or not answers,
        "heading": wording.heading(section),
        "lines": wording.sentences(section),
        "link": wording.link(section),
        "path": section["path"],
        "invite": section["invite"],
    }
