"""The outbox to look at: for admins what became of each mail, in the demo also what it says."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import NotFound
from service.core.i18n import _
from service.mail import actions, policy, queries, wording
from service.mail.addresses import may_leave
from service.mail.models import Mail, MailStatus, Stream, SuppressionReason
from service.mail.reading import Letter, read_letter
from service.mail.schemas import AgainInput
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number
from service.web.page import Page, PageDep, query_text

router = APIRouter()
AgainForm = Annotated[Form[AgainInput], form_of(AgainInput)]


@router.get("/mails")
def list_mails(page: PageDep) -> Response:
    asked = query_text(page.request, "status")
    chosen = MailStatus(asked) if asked in set(MailStatus) else None
    mails = queries.list_mails(
        page.session,
        page.actor,
        page.settings.environment,
        status=chosen,
        number=page_number(page.request),
    )
    may_mend = policy.may_mend(page.actor)
    letters = {mail.id: _letter(page, mail) for mail in mails.rows}
    return page.render(
        "mail/list.html",
        block="rows",
        list=linked(page.request, mails),
        letters=letters,
        chosen=chosen,
        troubles=queries.list_troubles(page.session, page.actor) if may_mend else [],
        held=queries.count_held(page.session, page.actor) if may_mend else 0,
        words=wording,
    )


@router.post("/mails/again")
def send_all_again(page: PageDep, form: AgainForm) -> Response:
    number = form.submit(lambda new: actions.send_all_again(page.session, page.actor, new.reason))
    if number is None:
        raise NotFound
    page.say(_("These mails go again."))
    return page.see_other("/mails")


@router.get("/mails/held")
def list_held(page: PageDep) -> Response:
    held = queries.list_held(page.session, page.actor, page_number(page.request))
    return page.render("mail/held.html", block="rows", list=linked(page.request, held), words=wording)


@router.post("/mails/held/{suppression_id}/lift")
def lift_suppression(page: PageDep, suppression_id: UUID) -> Response:
    actions.lift_suppression(page.session, page.actor, suppression_id)
    page.say(_("This address gets mail again."))
    return page.see_other("/mails/held")


@router.get("/mails/{mail_id}")
def show_mail(page: PageDep, mail_id: UUID) -> Response:
    mail = queries.get_mail(page.session, page.actor, page.settings.environment, mail_id)
    may_read = policy.may_read(page.settings.environment)
    return page.render(
        "mail/show.html",
        mail=mail,
        letter=_letter(page, mail),
        may_read=may_read,
        may_send_again=policy.may_send_again(page.actor, mail) and bool(mail.context),
        bounces=queries.list_bounces(page.session, mail),
        words=wording,
    )


@router.post("/mails/{mail_id}/again")
def send_again(page: PageDep, mail_id: UUID) -> Response:
    actions.send_again(page.session, page.actor, page.settings.environment, mail_id)
    page.say(_("The mail goes again."))
    return page.see_other(f"/mails/{mail_id}")


@router.get("/unsubscribe/{stream}/{reader}/{proof}")
def ask_leave_stream(page: PageDep, stream: str, reader: str, proof: str) -> Response:
    """Only shows a button: programs that look at every link in a mail must not end anything."""
    return _leaving(page, stream, reader, proof)


@router.post("/unsubscribe/{stream}/{reader}/{proof}")
def leave_stream(page: PageDep, stream: str, reader: str, proof: str) -> Response:
    """One click from the mail program itself: without cookie, sign-in or redirect (RFC 8058)."""
    if _may_leave(page, stream, reader, proof):
        actions.leave_stream(page.session, reader, Stream(stream))
    return _leaving(page, stream, reader, proof)


@router.post("/unsubscribe/{stream}/{reader}/{proof}/back")
def rejoin_stream(page: PageDep, stream: str, reader: str, proof: str) -> Response:
    if _may_leave(page, stream, reader, proof):
        actions.rejoin_stream(page.session, reader, Stream(stream))
    return _leaving(page, stream, reader, proof)


def _may_leave(page: Page, stream: str, reader: str, proof: str) -> bool:
    return may_leave(page.settings.secret_key.get_secret_value(), stream, reader, proof)


def _leaving(page: Page, stream: str, reader: str, proof: str) -> Response:
    if not _may_leave(page, stream, reader, proof):
        return page.render("mail/leave.html", stream=None, status=404)
    row = queries.find_suppression(page.session, reader, Stream(stream))
    return page.render(
        "mail/leave.html",
        stream=Stream(stream),
        address=f"/unsubscribe/{stream}/{reader}/{proof}",
        has_left=row is not None and row.reason is SuppressionReason.UNSUBSCRIBED,
        words=wording,
    )


@router.get("/mails/{mail_id}/message.eml")
def download_mail(page: PageDep, mail_id: UUID) -> Response:
    """The whole message, HTML part included, for a mail program."""
    mail = queries.get_mail(page.session, page.actor, page.settings.environment, mail_id)
    letter = _letter(page, mail)
    if letter is None:
        raise NotFound
    headers = {"content-disposition": f'attachment; filename="{mail.message_id}.eml"'}
    return Response(letter.content, media_type="message/rfc822", headers=headers)


def _letter(page: Page, mail: Mail) -> Letter | None:
    return read_letter(page.settings, mail) if policy.may_read(page.settings.environment) else None
