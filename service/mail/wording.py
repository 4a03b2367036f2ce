"""Codes of the outbox in words, and what somebody can do about what went wrong."""

from dataclasses import dataclass

from service.core.i18n import Message, _
from service.mail.actions import Outcome
from service.mail.models import BounceKind, MailStatus, Stream, SuppressionReason
from service.mail.transport import NO_ADDRESS_OF_A_SERVER, NO_LOGIN, NO_LOGIN_IN_THE_CLEAR

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
LEFT: dict[Stream, Message] = {
    Stream.DIGEST: _("You get no more overviews from Podium."),
    Stream.QUESTION: _("You get no more questions by mail. They wait for you in Podium."),
    Stream.NOTICE: _("You get no more messages about news from Podium."),
}
LEAVING: dict[Stream, Message] = {
    Stream.DIGEST: _("You get overviews from Podium by mail. One click ends that."),
    Stream.QUESTION: _("You get questions from Podium by mail. One click ends that."),
    Stream.NOTICE: _("You get messages about news from Podium by mail. One click ends that."),
}
BOUNCE: dict[BounceKind, Message] = {
    BounceKind.HARD: _("Came back: the address does not work"),
    BounceKind.SOFT: _("Came back: not now"),
    BounceKind.COMPLAINT: _("The reader called it spam"),
}
OUTCOME: dict[Outcome, Message] = {
    Outcome.NOTED: _("Noted."),
    Outcome.TOLD_BEFORE: _("This was noted before."),
    Outcome.NOTHING_YET: _("Nothing to do: the mail server still tries."),
    Outcome.NOT_OURS: _("This is about a mail that Podium does not know (any more)."),
}
NO_REPORT = _("This is not a report about undelivered mail.")


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong, in words for whoever runs Podium, and what to do."""

    what: Message
    todo: Message


HELD: dict[SuppressionReason, Advice] = {
    SuppressionReason.UNSUBSCRIBED: Advice(
        _("The reader stopped this kind of mail."), _("Nothing: it was his or her choice.")
    ),
    SuppressionReason.HARD_BOUNCE: Advice(
        _("Mail came back: this address does not work."),
        _("Ask for the right address, and change it at the person or organisation."),
    ),
    SuppressionReason.SOFT_BOUNCES: Advice(
        _("Mail came back three times in a row, such as from a full mailbox."),
        _("Wait, or call: Podium tries again after the pause."),
    ),
    SuppressionReason.COMPLAINT: Advice(
        _("The reader called this mail spam."),
        _("Ask what was wrong before you let it through again."),
    ),
}
BY_ITSELF = _("Nothing: Podium tries again by itself.")
TOO_LARGE = Advice(
    _("The mail is larger than the mail server takes."),
    _("Ask who runs the mail server how large a mail may be."),
)
DISK_FULL = Advice(
    _("The disk with the folder for mail is full."),
    _("Make room. No mail is lost: what waits goes by itself, what was given up you send again."),
)
NO_WRITING = Advice(
    _("Podium may not write in the folder for mail."), _("Give the worker the right to write there.")
)
NO_NETWORK = Advice(
    _("There is no way over the network to the mail server."),
    _("Check the network of this machine, and whether a firewall stands in between."),
)
NO_LOGIN_YET = Advice(
    _("The mail server takes mail only after a login, or over a safe connection (TLS)."),
    _("Put name and password in PODIUM_SMTP_URL, as in smtp://user:password@mail.example.nl:587."),
)
NO_RELAY = Advice(
    _("The mail server does not pass on mail to this address, or not from us."),
    _("Ask who runs it whether Podium may send to other domains; often a login is needed."),
)
MAILBOX_CLOSED = Advice(
    _("The mailbox takes nothing more: it is full, or closed."),
    _("Call, and send the mail again when there is room."),
)
NO_FOLDER = Advice(
    _("Where the folder for mail should be, something else stands."),
    _("Check PODIUM_VAR_DIR: `mail` in it must be a folder. No mail is lost: it stays in the outbox."),
)
REASONS: dict[str, Advice] = {
    NO_ADDRESS_OF_A_SERVER: Advice(
        _("PODIUM_SMTP_URL is not the address of a mail server."),
        _("Write it as smtp://user:password@mail.example.nl:587, or with smtps:// and port 465."),
    ),
    "gaierror": Advice(
        _("The name of the mail server is not known on the internet (DNS)."),
        _("Check the name in PODIUM_SMTP_URL, and whether this machine can look up names."),
    ),
    "ConnectionRefusedError": Advice(
        _("The mail server refuses the connection: nobody listens on that port."),
        _("Check the port in PODIUM_SMTP_URL, and whether the mail server runs."),
    ),
    "TimeoutError": Advice(
        _("The mail server does not answer in time."),
        _("Check the port (465 wants smtps://), and whether a firewall stands in between."),
    ),
    "SSLCertVerificationError": Advice(
        _("The certificate of the mail server is not to be trusted."),
        _("Use the name that is in its certificate, or ask who runs it for a valid one."),
    ),
    "SSLCertVerificationError 10": Advice(
        _("The certificate of the mail server has expired."),
        _("Ask who runs the mail server to renew it. Until then mail waits."),
    ),
    "SSLCertVerificationError 62": Advice(
        _("The certificate of the mail server is for another name."),
        _("Write in PODIUM_SMTP_URL the name that is in its certificate."),
    ),
    "SSLCertVerificationError 64": Advice(
        _("The certificate of the mail server is for another name."),
        _("Write in PODIUM_SMTP_URL the name that is in its certificate."),
    ),
    "SSLError": Advice(
        _("No safe connection (TLS) could be made with the mail server."),
        _("Use smtps:// for port 465 and smtp:// for port 587."),
    ),
    "SMTPNotSupportedError": Advice(
        _("The mail server offers no safe connection (TLS)."),
        _("Use another port or server; only for a server you trust on the way: add ?starttls=off."),
    ),
    NO_LOGIN: Advice(
        _("The mail server offers no login."),
        _("Use another port or server, or take name and password out of PODIUM_SMTP_URL."),
    ),
    NO_LOGIN_IN_THE_CLEAR: Advice(
        _("The mail server offers no login over a connection that is not safe (TLS)."),
        _(
            "Write the name that is in its certificate in PODIUM_SMTP_URL, without ?starttls=off, "
            "or use smtps:// with port 465. If the server wants no login, take out name and password."
        ),
    ),
    "SMTPAuthenticationError": Advice(
        _("The mail server does not accept the name or password."),
        _("Check name and password in PODIUM_SMTP_URL; write signs such as @ as %40."),
    ),
    "SMTPAuthenticationError 4": Advice(
        _("The mail server cannot check names and passwords now."), BY_ITSELF
    ),
    "SMTPException": Advice(
        _("The mail server offers no way to log in that Podium knows."),
        _("Use another port or server, or take name and password out of PODIUM_SMTP_URL."),
    ),
    "SMTPSenderRefused 4": Advice(_("The mail server cannot take the mail now."), BY_ITSELF),
    "SMTPSenderRefused 530": NO_LOGIN_YET,
    "SMTPSenderRefused 552": TOO_LARGE,
    "SMTPSenderRefused": Advice(
        _("The mail server does not accept our sender."),
        _("Check PODIUM_MAIL_FROM and PODIUM_BOUNCE_ADDRESS: may this server send for that domain?"),
    ),
    "SMTPRecipientsRefused 4": Advice(
        _("The mail server asks to try again later (greylisting, or a full mailbox)."),
        BY_ITSELF,
    ),
    "SMTPRecipientsRefused 5": Advice(
        _("The mail server knows nobody with this address."),
        _("Ask for the right address, and change it at the person or organisation."),
    ),
    "SMTPRecipientsRefused 530": NO_LOGIN_YET,
    "SMTPRecipientsRefused 550 5.2": MAILBOX_CLOSED,
    "SMTPRecipientsRefused 550 5.7": NO_RELAY,
    "SMTPRecipientsRefused 552": MAILBOX_CLOSED,
    "SMTPRecipientsRefused 554": NO_RELAY,
    "SMTPDataError 4": Advice(_("The mail server cannot take the mail now."), BY_ITSELF),
    "SMTPDataError 552": TOO_LARGE,
    "SMTPDataError 5": Advice(
        _("The mail server refuses the content, often as spam."),
        _("Check SPF, DKIM and DMARC of the domain of the sender."),
    ),
    "SMTPServerDisconnected": Advice(_("The line to the mail server dropped."), BY_ITSELF),
    "SMTPConnectError": Advice(
        _("The mail server takes no connections now."), _("Ask who runs the mail server.")
    ),
    "SMTPConnectError -1": Advice(
        _("What answers on that port is no mail server."), _("Check name and port in PODIUM_SMTP_URL.")
    ),
    "SMTPHeloError": Advice(
        _("The mail server does not accept our name."), _("Ask who runs the mail server.")
    ),
    "SMTPResponseException": Advice(
        _("The mail server could not make the line safe (TLS)."),
        _("Ask who runs the mail server, or use smtps:// with port 465."),
    ),
    "OSError ENOSPC": DISK_FULL,
    "OSError EDQUOT": DISK_FULL,
    "OSError EFBIG": DISK_FULL,
    "PermissionError": NO_WRITING,
    "OSError EROFS": NO_WRITING,
    "FileExistsError": NO_FOLDER,
    "NotADirectoryError": NO_FOLDER,
    "OSError EHOSTUNREACH": NO_NETWORK,
    "OSError ENETUNREACH": NO_NETWORK,
    "OSError": Advice(_("The mail could not be written or sent."), _("Look in the log of the worker.")),
    "ValueError": Advice(
        _("The address is not one that mail can be sent to."),
        _("Ask for the right address, and change it at the person or organisation."),
    ),
    "HardBounce": HELD[SuppressionReason.HARD_BOUNCE],
    "SoftBounce": Advice(_("A mail server took it, and sent it back: not now."), BY_ITSELF),
    **{reason.value: advice for reason, advice in HELD.items()},
}
LINE_DROPPED = ("ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError", "SSLEOFError")
# Before there was one name for it, rows had that of what Python found first.
BAD_ADDRESS = (
    "BadAddress",
    "HeaderParseError",
    "InvalidHeaderDefect",
    "NonASCIILocalPartDefect",
    "NonPrintableDefect",
    "UnicodeEncodeError",
)
REASONS |= dict.fromkeys(LINE_DROPPED, REASONS["SMTPServerDisconnected"])
REASONS |= dict.fromkeys(BAD_ADDRESS, REASONS["ValueError"])
FAULT = Advice(
    _("Podium itself could not make this mail."),
    _("Look in the log of the worker; after an update send it again."),
)


def advice(reason: str) -> Advice:
    """The longest reason that is known: «SMTPDataError 552» is a «SMTPDataError 5»."""
    known = [name for name in REASONS if reason.startswith(name)]
    return REASONS[max(known, key=len)] if known else FAULT


def sentence(reason: str) -> str:
    found = advice(reason)
    return f"{found.what} {found.todo}"
