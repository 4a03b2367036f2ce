"""Reads what mail servers report about a mail that had left: RFC 3464 for bounces, RFC 5965 for complaints.

Which mail it is about follows from the address the report came to, else from the Message-ID of the original
that it encloses. Nothing a server wrote in words is kept: that may name people.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from service.mail.models import BounceKind

LARGEST_REPORT = 1_000_000
OUR_ID = re.compile(r"[0-9a-f]{32}")
BOUNCE_ADDRESS = re.compile(r"\+([0-9a-f]{32})@")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
FAILED = "failed"
# Permanent for this message, but the address is good: a full mailbox, a message that is too large, a policy.
PERMANENT_YET_SOFT = ("5.2.2", "5.2.3", "5.3.1", "5.3.4", "5.7.")


@dataclass(frozen=True, slots=True)
class Report:
    """About which mail, and what; `kind` is None when nothing has been decided yet, such as a delay."""

    message_id: str
    kind: BounceKind | None
    code: str
    fingerprint: str


def read_report(content: bytes) -> Report | None:
    """None for a message that is no report, or that tells nothing about any mail of ours."""
    message = message_from_bytes(content[:LARGEST_REPORT], policy=default)
    kinds: dict[str, Any] = {part.get_content_type(): part for part in message.walk()}
    if "message/feedback-report" in kinds:
        verdict: tuple[BounceKind | None, str] = (BounceKind.COMPLAINT, "")
    elif "message/delivery-status" in kinds:
        verdict = _worst(_recipients(kinds["message/delivery-status"]))
    else:
        return None
    message_id = _message_id(message, kinds)
    if message_id is None:
        return None
    return Report(message_id, *verdict, hashlib.sha256(content).hexdigest())


def _recipients(status: EmailMessage) -> Iterator[EmailMessage]:
    """The groups of fields about one recipient each; the first group is about the message."""
    groups = status.get_payload()
    if isinstance(groups, list):
        yield from (group for group in groups if isinstance(group, EmailMessage) and "Action" in group)


def _worst(recipients: Iterable[EmailMessage]) -> tuple[BounceKind | None, str]:
    """A mail of ours has one recipient; with several, what is lost for good tells most."""
    found = [_verdict(fields) for fields in recipients]
    order = (BounceKind.HARD, BounceKind.SOFT, None)
    return min(found, key=lambda verdict: order.index(verdict[0]), default=(None, ""))


def _verdict(fields: EmailMessage) -> tuple[BounceKind | None, str]:
    match = STATUS.search(str(fields["Status"] or "")) or STATUS.search(str(fields["Diagnostic-Code"] or ""))
    code = match[0] if match else ""
    if str(fields["Action"]).strip().lower() != FAILED:
        return None, code
    is_hard = code.startswith("5") and not code.startswith(PERMANENT_YET_SOFT)
    return (BounceKind.HARD if is_hard else BounceKind.SOFT), code


def _message_id(message: EmailMessage, kinds: dict[str, Any]) -> str | None:
    for name in CAME_TO:
        match = BOUNCE_ADDRESS.search(str(message[name] or ""))
        if match:
            return match[1]
    for original in _originals(kinds):
        match = OUR_ID.search(str(original["Message-ID"] or ""))
        if match:
            return match[0]
    return None


def _originals(kinds: dict[str, Any]) -> Iterator[EmailMessage]:
    """The mail that is meant, whole or only its headers."""
    enclosed = kinds.get("message/rfc822")
    if enclosed is not None and isinstance(enclosed.get_payload(), list):
        yield enclosed.get_payload(0)
    for name in ("text/rfc822-headers", "message/rfc822-headers"):
        part = kinds.get(name)
        if part is not None:
            payload = part.get_payload(0) if part.is_multipart() else part.get_payload(decode=True)
            yield (
                payload if isinstance(payload, EmailMessage) else message_from_bytes(payload, policy=default)
            )
