"""Where messages go: to an SMTP server when one is set, else as files into a folder."""

import errno
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from service.core.settings import Settings
from service.mail.rendering import sender_domain

TIMEOUT_SECONDS = 20
SUBMISSION_PORT = 587
TLS_PORT = 465
PERMANENT = range(500, 600)
TOO_LARGE = 552
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
"""Status code at the start of an answer (RFC 2034): it tells a wrong address from mail that may not pass."""
NO_ADDRESS_OF_A_SERVER = "NoAddressOfAServer"
"""Of what PODIUM_SMTP_URL says."""
NO_LOGIN, NO_LOGIN_IN_THE_CLEAR = "NoLogin", "NoLoginInTheClear"


class Undelivered(Exception):
    """A message that was not taken over; `reason` names the kind and the codes, never what a server wrote."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Undelivered):
    """For good: trying again would be refused again."""


class NotNow(Undelivered):
    """The same message may be taken over later."""


class Transport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Returns when somebody else has taken the message over; raises Refused or NotNow otherwise."""


@contextmanager
def open_transport(settings: Settings) -> Iterator[Transport]:
    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    if not url:
        yield FolderTransport(mail_folder(settings))
        return
    transport = SmtpTransport(url, sender_domain(settings), settings.bounce_address)
    try:
        yield transport
    finally:
        transport.close()


def mail_folder(settings: Settings) -> Path:
    return settings.var_dir / "mail"


def file_of(settings: Settings, message_id: str) -> Path:
    """The same message always has the same name, so that a repeated one replaces itself."""
    return mail_folder(settings) / f"{message_id}.eml"


class FolderTransport:
    """Each message is a file; it appears whole or not at all, also when the machine stops halfway."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        name = id_of(message)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(name, message.as_bytes())
        except OSError as error:
            raise NotNow(_reason_of(error)) from error

    def _write(self, name: str, content: bytes) -> None:
        # Two workers may write the same message at once: each has a file of its own until it is whole.
        unfinished = self.folder / f".{name}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError:
            # On a full disk half a message would take the room that the next attempt needs.
            unfinished.unlink(missing_ok=True)
            raise
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class SmtpTransport:
    """One connection as long as it holds; made at the first message, and again after a failure."""

    def __init__(self, url: str, domain: str, bounce_address: str = "") -> None:
        self.url = urlsplit(url)
        self.domain = domain
        self.bounce_address = bounce_address
        self.connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        try:
            self.connection = self.connection or self._connect()
            self.connection.send_message(message, from_addr=return_address(self.bounce_address, message))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise _undelivered(error) from error

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = _server_of(self.url)
        if self.url.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host,
                port or TLS_PORT,
                self.domain,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            connection = smtplib.SMTP(host, port or SUBMISSION_PORT, self.domain, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        connection.ehlo()
        if self.url.scheme == "smtp" and not self._may_be_plain():
            # Raises when the server has no TLS: better late than readable on the way.
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if self.url.username:
            self._log_in(connection, self.url.username)

    def _log_in(self, connection: smtplib.SMTP, user: str) -> None:
        try:
            connection.login(unquote(user), unquote(self.url.password or ""))
        except smtplib.SMTPNotSupportedError as error:
            # Many servers offer it only once nobody on the way can read along.
            is_safe = isinstance(connection.sock, ssl.SSLSocket)
            raise NotNow(NO_LOGIN if is_safe else NO_LOGIN_IN_THE_CLEAR) from error

    def _may_be_plain(self) -> bool:
        return parse_qs(self.url.query).get("starttls") == ["off"] or _is_this_machine(self.url.hostname)


def id_of(message: EmailMessage) -> str:
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


def return_address(bounce_address: str, message: EmailMessage) -> str | None:
    """Where reports go: an address per mail, so that one without the original tells which it is (VERP)."""
    user, at, domain = bounce_address.rpartition("@")
    return f"{user}+{id_of(message)}@{domain}" if at else None


def _server_of(url: SplitResult) -> tuple[str, int | None]:
    host = url.hostname or "localhost"
    try:
        host.encode("idna")
        port = url.port
    except ValueError as error:
        raise NotNow(NO_ADDRESS_OF_A_SERVER) from error
    if url.scheme not in {"smtp", "smtps"}:
        raise NotNow(NO_ADDRESS_OF_A_SERVER)
    return host, port


def _is_this_machine(host: str | None) -> bool:
    try:
        return ip_address(host or "localhost").is_loopback
    except ValueError:
        return host in {None, "localhost"}


def _undelivered(error: Exception) -> Undelivered:
    """Only a refusal of this message or this address is for good; the rest an operator can still mend."""
    if isinstance(error.__context__, TimeoutError):
        # To smtplib a server that falls silent is one that hung up.
        return NotNow(TimeoutError.__name__)
    kind = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = error.recipients.values()
        permanent = bool(answers) and all(code in PERMANENT for code, _text in answers)
        said = " ".join(_codes(code, text) for code, text in answers)
        return (Refused if permanent else NotNow)(f"{kind} {said}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotNow(f"{kind} {error.verify_code}")
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return NotNow(kind)
    if isinstance(error, smtplib.SMTPResponseException):
        permanent = isinstance(error, smtplib.SMTPDataError) and error.smtp_code in PERMANENT
        permanent |= error.smtp_code == TOO_LARGE
        return (Refused if permanent else NotNow)(f"{kind} {_codes(error.smtp_code, error.smtp_error)}")
    return NotNow(_reason_of(error))


def _codes(code: int, answer: bytes | str) -> str:
    text = answer.decode("ascii", "replace") if isinstance(answer, bytes) else answer
    enhanced = ENHANCED.match(text)
    return f"{code} {enhanced[0]}" if enhanced else str(code)


def _reason_of(error: Exception) -> str:
    """The kind of error, and of what the system refused its name, as «OSError ENOSPC»."""
    kind = type(error).__name__
    if type(error) is OSError and error.errno is not None and error.errno in errno.errorcode:
        return f"{kind} {errno.errorcode[error.errno]}"
    return kind
