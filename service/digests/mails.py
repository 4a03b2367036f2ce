"""Mails of this feature: the school's digest."""

from service.accounts.models import Account
from service.core.i18n import speaking
from service.digests import wording
from service.digests.models import Digest
from service.mail.models import Mail, Stream
from service.mail.outbox import letter
from service.organisations.models import Organisation


def school_digest(digest: Digest, reader: Account, school: Organisation, unsubscribe_token: str) -> Mail:
    """Counts and one link; the sentences are made here, since the reader's language is known."""
    with speaking(reader.language):
        parts = [
            {"heading": str(wording.HEADINGS[section["code"]]), "lines": wording.sentences(section)}
            for section in digest.content["sections"]
        ]
        week = wording.week_in_words(digest.period)
    mail = letter(
        "digests/mails/school",
        to=reader.email,
        key=digest.key,
        stream=Stream.DIGEST,
        language=reader.language,
        context={
            "school": school.name,
            "week": week,
            "since": digest.since.isoformat() if digest.since else None,
            "parts": parts,
            "path": f"/digests/{digest.id}",
        },
    )
    mail.organisation_id = school.id
    mail.unsubscribe_token = unsubscribe_token
    return mail
