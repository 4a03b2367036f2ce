"""The outbox to look at: for admins what became of each mail, in the demo also what it says."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import NotFound
from service.mail import policy, queries, wording
from service.mail.models import Mail, MailStatus
from service.mail.reading import Letter, read_letter
from service.web.listing import linked, page_number
from service.web.page import Page, PageDep, query_text

router = APIRouter(prefix="/mails")


@router.get("")
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
    letters = {mail.id: _letter(page, mail) for mail in mails.rows}
    return page.render(
        "mail/list.html",
        block="rows",
        list=linked(page.request, mails),
        letters=letters,
        chosen=chosen,
        words=wording,
    )


@router.get("/{mail_id}")
def show_mail(page: PageDep, mail_id: UUID) -> Response:
    mail = queries.get_mail(page.session, page.actor, page.settings.environment, mail_id)
    may_read = policy.may_read(page.settings.environment)
    return page.render(
        "mail/show.html", mail=mail, letter=_letter(page, mail), may_read=may_read, words=wording
    )


@router.get("/{mail_id}/message.eml")
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
