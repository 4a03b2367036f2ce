"""A real SMTP server on loopback: it keeps what it is given, and can be as difficult as servers are."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """What arrived, in order, and how the server behaves."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.connections = 0
        self.refuses_sender = ""
        self.refuses_recipient = ""
        """Answer to every recipient, such as «451 4.7.1 Try again later»."""
        self.refuses_content = ""
        self.drops_lines = 0
        """How many times the line goes dead in the middle of a message."""
        self.seconds_each = 0.0
        self._lock = threading.Lock()

    @property
    def ids(self) -> list[str]:
        with self._lock:
            return [str(message["Message-ID"]) for message in self.messages]

    async def handle_EHLO(  # noqa: N802 the names are those of aiosmtpd
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses_sender:
            return self.refuses_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses_recipient:
            return self.refuses_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds_each)
        if self.drops_lines:
            self.drops_lines -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        if self.refuses_content:
            return self.refuses_content
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.raw.append(content)
            self.messages.append(message)
            self.recipients.extend(envelope.rcpt_tos)
            self.senders.append(str(envelope.mail_from))
        return "250 taken"


class Server(Controller):
    """Listens on a port that the system chooses."""

    def __init__(self, inbox: Inbox, **options: Any) -> None:
        super().__init__(inbox, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def smtp_server(**options: Any) -> Iterator[tuple[Inbox, str]]:
    """The inbox, and the address for PODIUM_SMTP_URL; options as of aiosmtpd, such as TLS and login."""
    inbox = Inbox()
    server = Server(inbox, **options)
    server.start()
    # The controller itself connects once to see whether anybody is there.
    inbox.connections = 0
    try:
        yield inbox, server.url
    finally:
        server.stop()
