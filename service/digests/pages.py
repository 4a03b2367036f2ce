"""What somebody was told, when he wants to be told, what comes next, and the one click that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from service.core.errors import NotFound, require
from service.core.i18n import _
from service.digests import actions, policy, queries, wording
from service.digests.models import WEEKLY_AT, Audience, DigestStatus, Rhythm, Subscription, Topic
from service.digests.queries import Place
from service.digests.schemas import PlaceInput, RhythmInput, SubscriptionInput
from service.mail.reading import read_as_sent
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number
from service.web.page import Page, PageDep, query_text

router = APIRouter()
SubscriptionForm = Annotated[Form[SubscriptionInput], form_of(SubscriptionInput)]
RhythmForm = Annotated[Form[RhythmInput], form_of(RhythmInput)]
PlaceForm = Annotated[Form[PlaceInput], form_of(PlaceInput)]


@router.get("/digests")
def list_digests(page: PageDep) -> Response:
    asked = query_text(page.request, "status")
    chosen = DigestStatus(asked) if asked in set(DigestStatus) else None
    found = queries.list_digests(page.session, page.actor, status=chosen, number=page_number(page.request))
    return page.render(
        "digests/list.html",
        block="rows",
        list=linked(page.request, found),
        names=queries.names_of_places(page.session, found.rows),
        undelivered=queries.list_undelivered(page.session, found.rows),
        may_subscribe=any(policy.places_of(page.actor).values()),
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
    return page.see_other(_address(done))


@router.post("/digests/subscription/pause")
def pause_subscription(page: PageDep, form: PlaceForm) -> Response:
    done = form.submit(partial(actions.pause_subscription, page.session, page.actor))
    if done is None:
        raise NotFound
    page.say(_("You get no overview until you start it again."))
    return page.see_other(_address(done))


@router.post("/digests/subscription/resume")
def resume_subscription(page: PageDep, form: PlaceForm) -> Response:
    done = form.submit(partial(actions.resume_subscription, page.session, page.actor))
    if done is None:
        raise NotFound
    page.say(_("The overview comes again."))
    return page.see_other(_address(done))


@router.get("/digests/preview")
def show_preview(page: PageDep) -> Response:
    """Exactly what the next one would hold if it went now."""
    place = _asked_place(page, query_text(page.request, "of"))
    wanted = PlaceInput(audience=place.audience, place_id=place.id)
    preview = actions.preview_next(page.session, page.settings, page.actor, wanted)
    return page.render(
        "digests/preview.html",
        place=place,
        preview=preview,
        letter=read_as_sent(page.settings, preview.mail) if preview.mail else None,
        words=wording,
    )


@router.post("/digests/extra")
def send_extra(page: PageDep, form: PlaceForm) -> Response:
    done = form.submit(partial(actions.send_extra, page.session, page.settings, page.actor))
    if done is None:
        raise NotFound
    page.say(_("The overview is on its way to your mail."))
    return page.see_other(f"/digests/{done.id}")


@router.get("/digests/{digest_id}")
def show_digest(page: PageDep, digest_id: UUID) -> Response:
    digest = queries.get_digest(page.session, page.actor, digest_id)
    return page.render(
        "digests/show.html",
        digest=digest,
        place_name=queries.names_of_places(page.session, [digest])[digest.place_id],
        is_undelivered=bool(queries.list_undelivered(page.session, [digest])),
        words=wording,
    )


@router.get("/unsubscribe/{token}")
def ask_unsubscribe(page: PageDep, token: str) -> Response:
    """Only shows buttons: programs that look at every link in a mail must not change anything."""
    secret = page.settings.secret_key.get_secret_value()
    return _unsubscribe(page, actions.list_by_token(page.session, secret, token), token)


@router.post("/unsubscribe/{token}")
def unsubscribe(page: PageDep, token: str) -> Response:
    """One click from the mail program itself: without cookie, sign-in or redirect (RFC 8058)."""
    secret = page.settings.secret_key.get_secret_value()
    return _unsubscribe(page, actions.unsubscribe(page.session, secret, token), token)


@router.post("/unsubscribe/{token}/rhythm")
def choose_rhythm(page: PageDep, token: str, form: RhythmForm) -> Response:
    secret = page.settings.secret_key.get_secret_value()
    done = form.submit(lambda new: actions.choose_rhythm(page.session, secret, token, new.rhythm))
    if form.is_bad:
        found = actions.list_by_token(page.session, secret, token)
        return _unsubscribe(page, found, token, form=form, status=422)
    return _unsubscribe(page, done or [], token, has_changed=True)


@router.post("/unsubscribe/{token}/back")
def subscribe_again(page: PageDep, token: str) -> Response:
    secret = page.settings.secret_key.get_secret_value()
    return _unsubscribe(page, actions.start_by_token(page.session, secret, token), token, has_changed=True)


def _unsubscribe(
    page: Page,
    subscriptions: Sequence[Subscription],
    token: str,
    *,
    form: Form[Any] | None = None,
    has_changed: bool = False,
    status: int = 200,
) -> Response:
    """Whoever follows an old link is told what to do, and is not sent to the sign-in."""
    if not subscriptions:
        return page.render("digests/unsubscribe.html", overviews=[], status=404)
    overviews = [_overview(page, subscription) for subscription in subscriptions]
    going = [overview for overview in overviews if overview.subscription.is_active]
    form = form or Form(RhythmInput)
    rhythms = {overview.subscription.rhythm for overview in going}
    if not form.is_bad and len(rhythms) == 1:
        form.fill({"rhythm": rhythms.pop()})
    return page.render(
        "digests/unsubscribe.html",
        status=status,
        overviews=overviews,
        going=going,
        address=f"/unsubscribe/{token}",
        form=form,
        has_changed=has_changed,
        words=wording,
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """One of those that a mail held, for who follows its link."""

    subscription: Subscription
    place_name: str
    address: str
    """Of the page for this one alone."""
    may_start: bool
    comes_at: datetime | None


def _overview(page: Page, subscription: Subscription) -> Overview:
    reader = queries.find_reader(page.session, subscription)
    secret = page.settings.secret_key.get_secret_value()
    return Overview(
        subscription,
        queries.name_of_place(page.session, subscription.audience, subscription.place_id),
        f"/unsubscribe/{actions.unsubscribe_token(secret, subscription.id)}",
        reader is not None,
        actions.arrival_of(page.session, subscription, reader.place) if reader else None,
    )


def _address(subscription: Subscription) -> str:
    return f"/digests/subscription?of={subscription.audience}:{subscription.place_id}"


def _asked_place(page: Page, asked: str) -> Place:
    """The place that is named, else the first one; of others nobody hears anything here."""
    places = queries.list_own_places(page.session, page.actor)
    require(bool(places))
    found = next((place for place in places if asked in {"", place.key}), None)
    if found is None:
        raise NotFound
    return found


def _subscription(page: Page, form: Form[Any], *, status: int = 200) -> Response:
    audience = form.value("audience") or Audience.SCHOOL
    typed = f"{audience}:{form.value('place_id')}" if form.value("place_id") else ""
    place = _asked_place(page, typed or query_text(page.request, "of"))
    subscription = queries.find_subscription(page.session, page.actor.account_id, place.audience, place.id)
    if not form.is_bad:
        form.fill(_values(place, subscription))
    return page.render(
        "digests/subscription.html",
        status=status,
        form=form,
        places=queries.list_own_places(page.session, page.actor),
        place=place,
        has_free_days=place.audience is Audience.SCHOOL,
        subscription=subscription,
        comes_at=actions.arrival_of(page.session, subscription, place) if subscription else None,
        along=actions.list_places_along(page.session, subscription, place) if subscription else [],
        most=actions.MOST_IN_ONE,
        words=wording,
    )


def _values(place: Place, subscription: Subscription | None) -> dict[str, Any]:
    if subscription is None:
        usual = actions.USUAL_RHYTHM.get(place.audience, Rhythm.WEEKLY)
        return {"rhythm": usual, "weekday": 1, "at": f"{WEEKLY_AT:%H:%M}", "topics": list(Topic)}
    return {
        "rhythm": subscription.rhythm,
        "weekday": subscription.weekday,
        "at": f"{subscription.at:%H:%M}",
        "topics": sorted(set(Topic) - set(subscription.muted)),
    }
