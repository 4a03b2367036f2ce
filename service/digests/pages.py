"""What a school was told, when it wants to be told, and the one click that ends it."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import NotFound, require
from service.core.i18n import _
from service.digests import actions, policy, queries, wording
from service.digests.models import WEEKLY_AT, DigestStatus, Subscription
from service.digests.schemas import SchoolInput, SubscriptionInput
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number
from service.web.page import Page, PageDep, query_text

router = APIRouter()
SubscriptionForm = Annotated[Form[SubscriptionInput], form_of(SubscriptionInput)]
SchoolForm = Annotated[Form[SchoolInput], form_of(SchoolInput)]


@router.get("/digests")
def list_digests(page: PageDep) -> Response:
    asked = query_text(page.request, "status")
    chosen = DigestStatus(asked) if asked in set(DigestStatus) else None
    found = queries.list_digests(page.session, page.actor, status=chosen, number=page_number(page.request))
    return page.render(
        "digests/list.html",
        block="rows",
        list=linked(page.request, found),
        schools=queries.names_of_schools(page.session, {row.school_id for row in found.rows}),
        undelivered=queries.list_undelivered(page.session, found.rows),
        chosen=chosen,
        words=wording,
    )


@router.get("/digests/subscription")
def show_subscription(page: PageDep, form: SubscriptionForm) -> Response:
    return _subscription(page, form)


@router.post("/digests/subscription")
def change_subscription(page: PageDep, form: SubscriptionForm) -> Response:
    done = form.submit(partial(actions.change_subscription, page.session, page.actor))
    if done is None:
        return _subscription(page, form, status=422)
    page.say(_("The overview comes at the moment you chose."))
    return page.see_other(f"/digests/subscription?school={done.school_id}")


@router.post("/digests/subscription/pause")
def pause_subscription(page: PageDep, form: SchoolForm) -> Response:
    done = form.submit(lambda new: actions.pause_subscription(page.session, page.actor, new.school_id))
    if done is None:
        raise NotFound
    page.say(_("You get no overview until you start it again."))
    return page.see_other(f"/digests/subscription?school={done.school_id}")


@router.post("/digests/subscription/resume")
def resume_subscription(page: PageDep, form: SchoolForm) -> Response:
    done = form.submit(lambda new: actions.resume_subscription(page.session, page.actor, new.school_id))
    if done is None:
        raise NotFound
    page.say(_("The overview comes again."))
    return page.see_other(f"/digests/subscription?school={done.school_id}")


@router.get("/digests/{digest_id}")
def show_digest(page: PageDep, digest_id: UUID) -> Response:
    digest = queries.get_digest(page.session, page.actor, digest_id)
    return page.render(
        "digests/show.html",
        digest=digest,
        school=queries.names_of_schools(page.session, {digest.school_id})[digest.school_id],
        is_undelivered=bool(queries.list_undelivered(page.session, [digest])),
        words=wording,
    )


@router.get("/unsubscribe/{token}")
def ask_unsubscribe(page: PageDep, token: str) -> Response:
    """Only shows a button: programs that look at every link in a mail must not end anything."""
    secret = page.settings.secret_key.get_secret_value()
    return _unsubscribe(page, actions.find_by_token(page.session, secret, token))


@router.post("/unsubscribe/{token}")
def unsubscribe(page: PageDep, token: str) -> Response:
    """One click from the mail program itself: without cookie, sign-in or redirect (RFC 8058)."""
    secret = page.settings.secret_key.get_secret_value()
    return _unsubscribe(page, actions.unsubscribe(page.session, secret, token))


def _unsubscribe(page: Page, subscription: Subscription | None) -> Response:
    """Whoever follows an old link is told what to do, and is not sent to the sign-in."""
    if subscription is None:
        return page.render("digests/unsubscribe.html", subscription=None, status=404)
    schools = queries.names_of_schools(page.session, {subscription.school_id})
    school = schools[subscription.school_id]
    return page.render("digests/unsubscribe.html", subscription=subscription, school=school)


def _subscription(page: Page, form: Form[Any], *, status: int = 200) -> Response:
    schools = queries.list_own_schools(page.session, page.actor)
    require(bool(schools))
    asked = form.value("school_id") or query_text(page.request, "school")
    school = next((school for school in schools if str(school.id) == asked), schools[0])
    require(policy.may_subscribe(page.actor, school.id))
    subscription = queries.find_subscription(page.session, page.actor.account_id, school.id)
    if not form.is_bad:
        weekday, at = (subscription.weekday, subscription.at) if subscription else (1, WEEKLY_AT)
        form.fill({"weekday": weekday, "at": at.strftime("%H:%M")})
    return page.render(
        "digests/subscription.html",
        status=status,
        form=form,
        schools=schools,
        school=school,
        subscription=subscription,
        words=wording,
    )
