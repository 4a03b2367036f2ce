"""Codes of the outbox in words."""

from service.core.i18n import Message, _
from service.mail.models import MailStatus, Stream

STATUS: dict[MailStatus, Message] = {
    MailStatus.QUEUED: _("Waits to be sent"),
    MailStatus.SENT: _("Sent"),
    MailStatus.FAILED: _("Not delivered"),
    MailStatus.SUPPRESSED: _("Held back"),
}
TONE: dict[MailStatus, str] = {
    MailStatus.QUEUED: "info",
    MailStatus.SENT: "success",
    MailStatus.FAILED: "error",
    MailStatus.SUPPRESSED: "neutral",
}
STREAM: dict[Stream, Message] = {
    Stream.SIGN_IN: _("Signing in"),
    Stream.AGREEMENT: _("Agreement"),
    Stream.DIGEST: _("Overview"),
    Stream.QUESTION: _("Question"),
    Stream.NOTICE: _("Message"),
}
