"""Reads what mail servers report about a mail that had left: RFC 3464 for bounces, RFC 5965 for complaints.

Which mail it is about follows from the address the report came to, else from the Message-ID of the original
that it encloses: a number that only who has seen the mail knows. Only what a report says about the mail's own
recipient counts. Nothing a server wrote in words is kept: that may name people.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
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
RECIPIENT = ("Final-Recipient", "Original-Recipient")
# How an address is written in a report: «rfc822; marieke+2Bschool@example.nl» (RFC 3461, RFC 3464).
AS_NUMBER = re.compile(r"\+([0-9A-F]{2})")
CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
FAILED = "failed"
# Permanent for this message, but the address is good: a full mailbox, a message that is too large, a policy.
PERMANENT_YET_SOFT = ("5.2.2", "5.2.3", "5.3.1", "5.3.4", "5.7.")


Verdict = tuple[BounceKind | None, str]


@dataclass(frozen=True, slots=True)
class Report:
    """About which mail, and what it says of which address.

    A kind of None: nothing has been decided yet, such as a delay. The address "" stands for a complaint that
    does not tell to whom the mail went.
    """

    message_id: str
    verdicts: Mapping[str, Verdict]
    fingerprint: str

    def verdict_on(self, recipient: str) -> Verdict | None:
        """None when it is about others."""
        return self.verdicts.get(recipient.lower(), self.verdicts.get(""))


def read_report(content: bytes) -> Report | None:
    """None for a message that is no report, or that tells nothing about any mail of ours."""
    message = message_from_bytes(content[:LARGEST_REPORT], policy=default)
    kinds: dict[str, Any] = {part.get_content_type(): part for part in message.walk()}
    if "message/feedback-report" in kinds:
        verdicts = _complaint(kinds["message/feedback-report"])
    elif "message/delivery-status" in kinds:
        verdicts = _deliveries(kinds["message/delivery-status"])
    else:
        return None
    message_id = _message_id(message, kinds)
    if message_id is None:
        return None
    return Report(message_id, verdicts, hashlib.sha256(content).hexdigest())


def _complaint(part: EmailMessage) -> dict[str, Verdict]:
    """Providers may leave out who complains (RFC 6590)."""
    fields = next(_groups(part), None)
    named = fields.get_all("Original-Rcpt-To", []) if fields is not None else []
    return dict.fromkeys((str(one).strip(" <>").lower() for one in named or [""]), (BounceKind.COMPLAINT, ""))


def _deliveries(part: EmailMessage) -> dict[str, Verdict]:
    """What each group of fields says about its address; said twice, what is lost for good tells most."""
    order = (BounceKind.HARD, BounceKind.SOFT, None)
    found: dict[str, Verdict] = {}
    for fields in _groups(part):
        if "Action" not in fields:
            continue  # The first group is about the message.
        verdict = _verdict(fields)
        for address in _addresses(fields):
            found[address] = min(
                verdict, found.get(address, verdict), key=lambda known: order.index(known[0])
            )
    return found


def _groups(part: EmailMessage) -> Iterator[EmailMessage]:
    groups = part.get_payload()
    if isinstance(groups, list):
        yield from (group for group in groups if isinstance(group, EmailMessage))


def _addresses(fields: EmailMessage) -> Iterator[str]:
    """In both spellings, since a plus may be one or begin a number."""
    for name in RECIPIENT:
        for value in fields.get_all(name, []):
            address = str(value).rpartition(";")[2].strip(" <>")
            if address:
                yield address.lower()
                yield AS_NUMBER.sub(lambda number: chr(int(number[1], 16)), address).lower()


def _verdict(fields: EmailMessage) -> Verdict:
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
