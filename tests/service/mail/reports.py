"""Reports as mail servers write them: bounces and complaints about a mail of ours."""

from service.mail.models import Mail

DELIVERY_STATUS = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.nl
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="outer"

--outer
Content-Type: text/plain; charset=us-ascii

I am sorry to have to tell you that your message to Marieke could not be delivered.

--outer
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.nl
Arrival-Date: Mon, 11 Jan 2027 07:30:12 +0100

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.nl
Diagnostic-Code: smtp; 550 {status} <{recipient}>: no Marieke Jansen here

--outer
Content-Type: {enclosed}

{original}
--outer--
"""
COMPLAINT = """\
From: feedback@provider.example
To: bounces@podium.example
Subject: FW: Overzicht
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="outer"

--outer
Content-Type: text/plain

This is an abuse report for a message you sent.

--outer
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: {recipient}

--outer
Content-Type: message/rfc822

{original}
--outer--
"""
ORIGINAL = """\
From: Podium <podium@localhost>
To: {recipient}
Subject: Overzicht van week 2 van 2027 voor Sloterwaard College
Message-ID: <{message_id}@localhost>
"""


def bounce_of(
    mail: Mail,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    to: str = "podium@localhost",
    enclosed: str = "text/rfc822-headers",
    original: str | None = None,
) -> bytes:
    headers = ORIGINAL.format(recipient=mail.recipient, message_id=mail.message_id)
    text = DELIVERY_STATUS.format(
        to=to,
        recipient=mail.recipient,
        action=action,
        status=status,
        enclosed=enclosed,
        original=headers if original is None else original,
    )
    return text.encode()


def complaint_of(mail: Mail) -> bytes:
    original = ORIGINAL.format(recipient=mail.recipient, message_id=mail.message_id)
    return COMPLAINT.format(recipient=mail.recipient, original=f"{original}\nDit is de tekst.").encode()
