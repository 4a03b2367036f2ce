"""Turns a row of the outbox into a message: text first, HTML beside it, in the reader's language.

The same row gives the same bytes each time, so that a message that is sent twice is recognised as one.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any
from urllib.parse import quote, urlencode

import css_inline

from service.core.clock import AMSTERDAM
from service.core.i18n import _, speaking
from service.core.settings import Settings
from service.mail.addresses import leaving_path
from service.mail.models import OUTSIDE_LISTS, Mail, Stream
from service.web import templating
from service.web.security import local_path

FOOTER = "mails/footer.txt"
FOOTER_SIGN = "--"
"""Above what a mail says about itself; one that says it in words of its own has it already."""
ONE_CLICK = "List-Unsubscribe=One-Click"
UNSUBSCRIBE_PATH = "/unsubscribe"
LIST_NAMES = {
    Stream.DIGEST: _("Overviews from Podium"),
    Stream.QUESTION: _("Questions from Podium"),
    Stream.NOTICE: _("Messages from Podium"),
}
LONGEST_SUBJECT = 900
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
_many_blank_lines = re.compile(r"\n{3,}")


class BadAddress(ValueError):
    """No mail can be sent to it, and no server is asked to try."""


class AddressHeader(UnstructuredHeader, BaseHeader):
    """An address in angle brackets must arrive in one piece; the usual folding would encode it as words."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class SubjectHeader(UnstructuredHeader, BaseHeader):
    """The usual folding puts a subject that just does not fit wholly on a second line.

    Some programs show a subject whose first line is empty as none at all; one long line is legal up to 998.
    """

    def fold(self, *, policy: Any) -> str:
        is_one_line = str(self).isascii() and len(self) < LONGEST_SUBJECT
        return f"{self.name}: {self}{policy.linesep}" if is_one_line else super().fold(policy=policy)


class Headers(HeaderRegistry):
    """One class for each name: Python makes it anew for each header, a quarter of the work on a mail."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._classes:
            self._classes[name] = super().__getitem__(name)
        return self._classes[name]


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = Headers()
    headers.map_to_type("subject", SubjectHeader)
    headers.map_to_type("list-unsubscribe", AddressHeader)
    return SMTP.clone(header_factory=headers)


POLICY = _policy()


def sender_domain(settings: Settings) -> str:
    """The domain of the sender: message ids under it are aligned with what DKIM signs."""
    return settings.sender[1].rpartition("@")[2]


def unsubscribe_address(settings: Settings, token: str) -> str:
    return f"{settings.base_url.rstrip('/')}{UNSUBSCRIBE_PATH}/{token}"


def render(mail: Mail, settings: Settings) -> EmailMessage:
    """Raises BadAddress, or another ValueError for a header that would break out of its line."""
    with speaking(mail.language):
        words = _words(mail, settings)
        message = EmailMessage(policy=POLICY)
        _put_headers(message, mail, settings)
        message["Subject"] = " ".join(_part(mail, "subject.txt", words).split())
        message.set_content(_text(mail, words), cte="quoted-printable")
        message.add_alternative(
            _inliner.inline(_part(mail, "body.html", words)), subtype="html", cte="quoted-printable"
        )
    calendar = mail.context.get("calendar")
    if calendar:
        # As a third way to read it, which is how calendar programs know an invitation (RFC 6047).
        message.add_alternative(
            calendar["text"],
            subtype="calendar",
            cte="quoted-printable",
            params={"method": calendar["method"], "name": "podium.ics"},
        )
    # Headers about the content are lost when the content is set.
    message["Content-Language"] = mail.language
    message.set_boundary(f"podium-{mail.message_id}")
    return message


def _part(mail: Mail, name: str, words: Mapping[str, Any]) -> str:
    return templating.environment().get_template(f"{mail.template}/{name}").render(words)


def _text(mail: Mail, words: Mapping[str, Any]) -> str:
    body = _part(mail, "body.txt", words)
    if FOOTER_SIGN not in body.splitlines():
        body = f"{body.strip()}\n\n{templating.environment().get_template(FOOTER).render(words)}"
    lines = (line.rstrip() for line in body.strip().splitlines())
    return _many_blank_lines.sub("\n\n", "\n".join(lines)) + "\n"


def _words(mail: Mail, settings: Settings) -> dict[str, Any]:
    """What a template may use, and its own context over it; JSON has no days, so it can make them again."""
    base_url = settings.base_url.rstrip("/")

    def link(path: str) -> str:
        if local_path(path) != path:
            raise ValueError("a mail links only to Podium itself")
        return base_url + path

    return {
        "language": mail.language,
        "base_url": base_url,
        "link": link,
        "day": date.fromisoformat,
        "moment": lambda text: datetime.fromisoformat(text).astimezone(AMSTERDAM),
        "operator_name": settings.operator_name,
        "operator_email": settings.operator_email,
        "unsubscribe_url": _unsubscribe_address_of(mail, settings),
        **mail.context,
    }


def _unsubscribe_address_of(mail: Mail, settings: Settings) -> str | None:
    """A mail of a subscription ends that one; any other ends its whole stream for its reader."""
    if mail.stream in OUTSIDE_LISTS:
        return None
    if mail.unsubscribe_token is not None:
        return unsubscribe_address(settings, mail.unsubscribe_token)
    secret = settings.secret_key.get_secret_value()
    return unsubscribe_address(settings, leaving_path(secret, mail.stream, mail.recipient))


def _recipient(mail: Mail) -> Address:
    """What Python says of a wrong address has many names and may not be a ValueError; here it is one."""
    try:
        if mail.recipient.isascii():
            return Address(addr_spec=mail.recipient)
    except (ValueError, MessageError, IndexError, AttributeError) as error:
        raise BadAddress from error
    raise BadAddress


def _put_headers(message: EmailMessage, mail: Mail, settings: Settings) -> None:
    message["Message-ID"] = f"<{mail.message_id}@{sender_domain(settings)}>"
    message["Date"] = mail.created_at
    name, address = settings.sender
    message["From"] = Address(name, addr_spec=address)
    message["To"] = _recipient(mail)
    message["Auto-Submitted"] = "auto-generated"
    if mail.stream in OUTSIDE_LISTS:
        return
    list_id = f"{mail.stream}.{sender_domain(settings)}"
    message["List-Id"] = f"{LIST_NAMES[mail.stream]} <{list_id}>"
    leaving = _unsubscribe_address_of(mail, settings)
    if leaving is not None:
        by_mail = urlencode({"subject": "unsubscribe", "body": leaving}, quote_via=quote)
        message["List-Unsubscribe"] = f"<{leaving}>, <mailto:{settings.operator_email}?{by_mail}>"
        message["List-Unsubscribe-Post"] = ONE_CLICK
