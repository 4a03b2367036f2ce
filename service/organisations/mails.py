"""Mails about organisations."""

from service.mail.models import Mail, Stream
from service.mail.outbox import letter
from service.organisations.models import ContactPerson, Organisation


def organisation_admitted(organisation: Organisation, contact: ContactPerson, language: str) -> Mail:
    return letter(
        "organisations/mails/admitted",
        to=contact.email,
        key=f"organisation-admitted:{organisation.id}",
        stream=Stream.NOTICE,
        language=language,
        context={"name": contact.name, "organisation": organisation.name, "path": "/offers"},
    )
